/** Knows what the events of tasks change: who runs, who is ready, who waits for what. */

import type { TaskId, TraceEvent } from "./format";
import { change, end, leave } from "./fold-frames";
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
      for (const id of draft.tasks.get(event.id)?.chain ?? []) {
        // Nothing else tells at depth "switches" that the task's own frame is gone.
        if (draft.frames.get(id)?.stage !== "closed") end(draft, id, { value: null });
      }
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
  // At depth "switches" no await events stand before this one, and nothing tells of frames that end.
  const { lines } = event;
  if (lines !== undefined) {
    const before = draft.tasks.get(event.id)?.chain ?? [];
    for (const id of before) if (!chain.includes(id)) end(draft, id, { value: null });
    chain.forEach((id, at) => change(draft, id, { stage: "suspended", line: lines[at] ?? 0, changed: [] }));
  }
  for (const id of chain) {
    leave(draft, id);
    const frame = draft.frames.get(id);
    // Of a library's frame nothing is told between its making and its waiting.
    if (frame?.stage === "running" || (frame?.library && frame.stage === "created")) change(draft, id, { stage: "suspended", changed: [] });
  }
  changeTask(draft, event.id, {
    stage: event.on === null ? "ready" : "waiting",
    on: event.on,
    line: event.line ?? null,
    file: event.file ?? null,
    chain,
  });
}
