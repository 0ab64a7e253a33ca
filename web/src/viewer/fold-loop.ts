/** Knows what the loop's own events change: its ready queue, its timers, its sockets, its turn. */

import type { HandleId, TraceEvent } from "./format";
import type { Draft, Handle, Turn } from "./state";

export function applyToLoop(draft: Draft, event: TraceEvent): void {
  switch (event.do) {
    case "queue":
      draft.handles.set(event.h, handleOf(draft, event, "queued", null));
      draft.ready.push(event.h);
      break;
    case "timer":
      draft.handles.set(event.h, handleOf(draft, event, "armed", event.when));
      arm(draft, event.h, event.when);
      break;
    case "untimer":
      drop(draft.ready, event.h);
      drop(draft.timers, event.h);
      changeHandle(draft, event.h, "cancelled");
      if (!listed(draft.turn, event.h)) draft.handles.delete(event.h);
      break;
    case "fire":
      drop(draft.timers, event.h);
      draft.ready.push(event.h);
      changeHandle(draft, event.h, "queued");
      break;
    case "run":
      drop(draft.ready, event.h);
      changeHandle(draft, event.h, "ran");
      draft.running = event.h;
      break;
    case "turn":
      turn(draft, event);
      break;
    case "select":
      draft.selecting = { timeout: event.timeout };
      draft.running = null;
      break;
    case "awake":
      draft.selecting = null;
      break;
    case "stop":
      draft.running = null;
      break;
    case "print":
      draft.printed += 1;
      break;
    default:
  }
}

function handleOf(
  draft: Draft,
  event: Extract<TraceEvent, { do: "queue" | "timer" }>,
  stage: Handle["stage"],
  when: number | null,
): Handle {
  const ends = event.do === "timer" ? (event.o ?? null) : null;
  return { id: event.h, what: event.what, task: event.id ?? null, when, ends, stage, step: draft.step };
}

function changeHandle(draft: Draft, id: HandleId, stage: Handle["stage"]): void {
  const handle = draft.handles.get(id);
  if (handle !== undefined) draft.handles.set(id, { ...handle, stage, step: draft.step });
}

/** Timers stand in the order in which they are due; those due together in the order of arming. */
function arm(draft: Draft, id: HandleId, when: number): void {
  const due = (other: HandleId) => draft.handles.get(other)?.when ?? Infinity;
  let place = draft.timers.length;
  while (place > 0 && due(draft.timers[place - 1] ?? "") > when) place -= 1;
  draft.timers.splice(place, 0, id);
}

function drop(list: HandleId[], id: HandleId): void {
  const place = list.indexOf(id);
  if (place >= 0) list.splice(place, 1);
}

function turn(draft: Draft, event: Extract<TraceEvent, { do: "turn" }>): void {
  for (const id of [...(draft.turn?.ready ?? []), ...(draft.turn?.timers ?? [])]) forgetHandle(draft, id);
  if (draft.running !== null) forgetHandle(draft, draft.running);
  // The loop's own list is the truth; it is left out only where it was too long to write down.
  if (event.ready_more === undefined) draft.ready = [...event.ready];
  draft.sockets = [...(event.sockets ?? draft.sockets)];
  draft.running = null;
  draft.selecting = null;
  draft.turn = {
    n: event.n,
    step: draft.step,
    ready: event.ready,
    more: event.ready_more ?? 0,
    timers: event.timers ?? [...draft.timers],
    sockets: draft.sockets,
  };
}

/** Whether the turn's table still shows it. */
function listed(turn: Turn | null, id: HandleId): boolean {
  return turn !== null && (turn.ready.includes(id) || turn.timers.includes(id));
}

function forgetHandle(draft: Draft, id: HandleId): void {
  const stage = draft.handles.get(id)?.stage;
  if (stage === "ran" || stage === "cancelled") draft.handles.delete(id);
}
