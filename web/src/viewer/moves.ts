/** Knows which step the reader means by "the next turn", "its next switch", "run to this line". */

import type { Actor, FrameId, TraceEvent } from "./format";
import { isTask } from "./lifelines";
import { canPause } from "./state";

// Every function here looks through the events from `step` on; a hundred thousand take a millisecond.

type Test = (event: TraceEvent) => boolean;

/** The first step after `step` whose event passes, or null. */
function next(events: readonly TraceEvent[], step: number, passes: Test): number | null {
  for (let at = step; at < events.length; at++) if (passes(events[at] as TraceEvent)) return at + 1;
  return null;
}

/** The last step before `step` whose event passes, or null. */
function previous(events: readonly TraceEvent[], step: number, passes: Test): number | null {
  for (let at = step - 2; at >= 0; at--) if (passes(events[at] as TraceEvent)) return at + 1;
  return null;
}

const TASK_SWITCHES = new Set(["task", "step", "wait", "wake", "cancel", "done"]);
const FRAME_SWITCHES = new Set(["made", "call", "yield", "resume", "await", "delegate", "return", "unwind", "drop"]);

/** A switch of `actor`; of a program without tasks, every step at which another frame comes to run. */
function isSwitch(actor: Actor | null, frames: FrameNames): Test {
  if (actor !== null && isTask(actor)) {
    return (event) => TASK_SWITCHES.has(event.do) && "id" in event && event.id === actor;
  }
  return (event) =>
    FRAME_SWITCHES.has(event.do) && "f" in event && canPause(frames.kind(event.f as FrameId) ?? "");
}

export const nextSwitch = (events: readonly TraceEvent[], step: number, actor: Actor | null, frames: FrameNames) =>
  next(events, step, isSwitch(actor, frames));
export const previousSwitch = (events: readonly TraceEvent[], step: number, actor: Actor | null, frames: FrameNames) =>
  previous(events, step, isSwitch(actor, frames));

const isTurn: Test = (event) => event.do === "turn";
export const nextTurn = (events: readonly TraceEvent[], step: number) => next(events, step, isTurn);
export const previousTurn = (events: readonly TraceEvent[], step: number) => previous(events, step, isTurn);

/** The next event on this line, from `step` on and then from the start. */
export function runToLine(
  events: readonly TraceEvent[],
  step: number,
  file: string,
  line: number,
  frames: FrameNames,
): number | null {
  const isThere: Test = (event) =>
    "line" in event &&
    event.line === line &&
    ("f" in event && typeof event.f === "string" ? frames.file(event.f) === file : "file" in event && event.file === file);
  return next(events, step, isThere) ?? next(events.slice(0, step - 1), 0, isThere);
}

/** Which file each frame belongs to and what kind it is, of all frames that the trace ever has. */
export class FrameNames {
  private readonly files = new Map<FrameId, string>();
  private readonly kinds = new Map<FrameId, string>();

  constructor(events: readonly TraceEvent[]) {
    for (const event of events) {
      if (event.do !== "call" && event.do !== "made") continue;
      this.files.set(event.f, event.file);
      this.kinds.set(event.f, event.of);
    }
  }

  file(frame: FrameId): string | undefined {
    return this.files.get(frame);
  }

  kind(frame: FrameId): string | undefined {
    return this.kinds.get(frame);
  }
}
