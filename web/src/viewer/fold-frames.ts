/** Knows what the events of frames change: which frames run, which are paused, which are gone. */

import type { Actor, FrameId, TraceEvent } from "./format";
import { isTask } from "./lifelines";
import { canPause, type Draft, type Frame, type FrameStage } from "./state";

/** So many frames that have ended stay on the shelf, as a memory. */
const MEMORY = 6;

/** A plain function's frame is shown in the step that ends it and is gone in the next. */
export function forgetFunction(draft: Draft, before: TraceEvent): void {
  if (before.do !== "return" && before.do !== "unwind") return;
  const frame = draft.frames.get(before.f);
  if (frame?.stage === "closed" && !canPause(frame.of)) draft.frames.delete(before.f);
}

export function applyToFrames(draft: Draft, event: TraceEvent): boolean {
  switch (event.do) {
    case "call":
      begin(draft, event, "running");
      enter(draft, event.f, event.who);
      return true;
    case "made":
      // A library's frame is met when it waits already, in some task's chain.
      begin(draft, event, event.begun ?? event.library ?? false ? "suspended" : "created");
      return true;
    case "line":
      enter(draft, event.f, event.who);
      change(draft, event.f, { ...reached(draft, event), stage: "running" });
      return true;
    case "resume":
      enter(draft, event.f, event.who);
      change(draft, event.f, { ...reached(draft, event), stage: "running", value: event.value ?? null });
      if (event.by) change(draft, event.f, { by: event.by });
      return true;
    case "yield":
      leave(draft, event.f);
      change(draft, event.f, { ...reached(draft, event), stage: "suspended", value: event.value });
      return true;
    case "await":
    case "delegate":
      delegate(draft, event.f, event.to ?? lastParked(draft, event.f));
      leave(draft, event.f);
      change(draft, event.f, { ...reached(draft, event), stage: "suspended", value: null });
      return true;
    case "raise":
      change(draft, event.f, { ...reached(draft, event), error: event.error });
      return true;
    case "catch":
      change(draft, event.f, { ...reached(draft, event), error: null });
      return true;
    case "return":
      end(draft, event.f, { ...reached(draft, event), value: event.value, error: null });
      return true;
    case "unwind":
      end(draft, event.f, { ...reached(draft, event), value: null, error: event.error });
      return true;
    case "drop":
      end(draft, event.f, { value: null });
      return true;
    default:
      return false;
  }
}

type At = Extract<TraceEvent, { do: "line" | "yield" | "resume" | "await" | "delegate" | "raise" | "catch" | "return" | "unwind" }>;

function begin(draft: Draft, event: Extract<TraceEvent, { do: "call" | "made" }>, stage: FrameStage): void {
  const { f, name, file, line, of, set = {}, library = false, who } = event;
  const known = draft.frames.get(f);
  draft.frames.set(f, {
    id: f,
    name,
    file,
    line,
    of,
    library,
    stage,
    locals: { ...known?.locals, ...set },
    changed: Object.keys(set),
    to: null,
    from: known?.from ?? null,
    by: ("by" in event ? event.by : null) ?? null,
    runner: null,
    task: known?.task ?? (stage === "running" && isTask(who) ? who : null),
    value: null,
    error: null,
    step: draft.step,
  });
}

/** Where an event finds its frame, and with which variables. */
function reached(draft: Draft, event: At): Partial<Frame> {
  const frame = draft.frames.get(event.f);
  const { line = frame?.line ?? 0, set, del } = event;
  if (set === undefined && del === undefined) return { line, changed: [] };
  const locals: Record<string, string> = { ...frame?.locals, ...set };
  for (const name of del ?? []) delete locals[name];
  return { line, locals, changed: Object.keys(set ?? {}) };
}

/** The frame that paused right before `outer` did, and because of which `outer` pauses too. */
function lastParked(draft: Draft, outer: FrameId): FrameId | null {
  for (const frame of draft.frames.values()) {
    if (frame.by === outer && frame.stage === "suspended" && frame.step === draft.step - 1) return frame.id;
  }
  return null;
}

function delegate(draft: Draft, outer: FrameId, inner: FrameId | null): void {
  if (inner === null) return;
  const [asks, answers] = [draft.frames.get(outer), draft.frames.get(inner)];
  if (asks !== undefined) draft.frames.set(outer, { ...asks, to: inner });
  if (answers !== undefined) draft.frames.set(inner, { ...answers, from: outer });
}

export function change(draft: Draft, id: FrameId, news: Partial<Frame>): void {
  const frame = draft.frames.get(id);
  if (frame !== undefined) draft.frames.set(id, { ...frame, step: draft.step, ...news });
}

export function end(draft: Draft, id: FrameId, news: Partial<Frame>): void {
  leave(draft, id);
  const frame = draft.frames.get(id);
  if (frame === undefined) return;
  const waiter = frame.from === null ? undefined : draft.frames.get(frame.from);
  if (waiter?.to === id) draft.frames.set(waiter.id, { ...waiter, to: null });
  change(draft, id, { ...news, stage: "closed", to: null, from: null });
  if (!canPause(frame.of)) return;
  draft.ended.push(id);
  if (draft.ended.length > MEMORY) draft.frames.delete(draft.ended.shift() ?? "");
}

const threadOf = (who: Actor): string => (who.startsWith("thread ") ? who : "");

function enter(draft: Draft, id: FrameId, who: Actor): void {
  const thread = threadOf(who);
  const stack = draft.stacks.get(thread) ?? [];
  if (!stack.includes(id)) draft.stacks.set(thread, [...stack, id]);
  const frame = draft.frames.get(id);
  if (frame === undefined || frame.runner === who) return;
  const task = frame.task ?? (isTask(who) && canPause(frame.of) ? who : null);
  draft.frames.set(id, { ...frame, runner: who, task });
}

export function leave(draft: Draft, id: FrameId): void {
  for (const [thread, stack] of draft.stacks) {
    if (stack.includes(id)) draft.stacks.set(thread, stack.filter((other) => other !== id));
  }
}
