/** Knows what the events of tasks change: who runs, who is ready, who waits for what. */

import type { TaskId, TraceEvent } from "./format";
import { change, leave } from "./fold-frames";
import type { Draft, Task } from "./state";

export function applyToTasks(draft: Draft, event: TraceEvent): boolean {
  switch (event.do) {
    case "task":
      addTask(draft, event);
      return true;
    case "step":
      changeTask(draft, event.id, { stage: "running", on: null, cancelling: false });
      return true;
    case "wait":
      wait(draft, event);
      return true;
    case "wake":
      changeTask(draft, event.id, { stage: "ready" });
      return true;
    case "cancel":
      markCancelling(draft, event.id);
      return true;
    case "done":
      changeTask(draft, event.id, { stage: "done", how: event.how, value: event.value ?? null, on: null, chain: [] });
      return true;
    case "object":
      draft.things.set(event.o, {
        id: event.o,
        type: event.type,
        label: event.label,
        state: event.state ?? {},
        step: draft.step,
      });
      return true;
    default:
      return false;
  }
}

function addTask(draft: Draft, event: Extract<TraceEvent, { do: "task" }>): void {
  const { id, name, f } = event;
  const frame = draft.frames.get(f ?? "");
  if (frame !== undefined) draft.frames.set(frame.id, { ...frame, task: id });
  draft.tasks.set(id, {
    id,
    name,
    stage: "ready",
    on: null,
    line: frame?.line ?? null,
    file: frame?.file ?? null,
    chain: frame === undefined ? [] : [frame.id],
    cancelling: false,
    how: null,
    value: null,
    step: draft.step,
  });
}

function changeTask(draft: Draft, id: TaskId, news: Partial<Task>): void {
  const task = draft.tasks.get(id);
  if (task !== undefined) draft.tasks.set(id, { ...task, step: draft.step, ...news });
}

function markCancelling(draft: Draft, id: TaskId): void {
  const task = draft.tasks.get(id);
  if (task !== undefined) draft.tasks.set(id, { ...task, cancelling: true });
}

function wait(draft: Draft, event: Extract<TraceEvent, { do: "wait" }>): void {
  const chain = event.chain ?? draft.tasks.get(event.id)?.chain ?? [];
  // At depth "switches" no await events stand before this one.
  for (const id of chain) {
    leave(draft, id);
    if (draft.frames.get(id)?.stage === "running") change(draft, id, { stage: "suspended", changed: [] });
  }
  changeTask(draft, event.id, {
    stage: event.on === null ? "ready" : "waiting",
    on: event.on,
    line: event.line ?? null,
    file: event.file ?? null,
    chain,
  });
}
