/** Knows what is true after each step: a fold over the events, and nothing that draws. */

import type { TraceEvent } from "./format";
import { applyToFrames, forgetFunction } from "./fold-frames";
import { applyToLoop } from "./fold-loop";
import { applyToTasks } from "./fold-tasks";
import { NOTHING, type Draft, type State } from "./state";

/** The state after `step` events: folded from `from`, an earlier state of the same events. */
export function replay(events: readonly TraceEvent[], step: number, from: State = NOTHING): State {
  const draft = copy(from);
  for (let next = from.step; next < step; next++) {
    const event = events[next];
    if (event === undefined) break;
    apply(draft, event);
  }
  return draft;
}

/** Any step of one trace, quickly: keeps a state of every few hundred events. */
export class History {
  private readonly kept: State[] = [NOTHING];
  private readonly apart: number;

  constructor(readonly events: readonly TraceEvent[]) {
    // Each state kept holds a row for every task: long traces get some 150 states, not thousands.
    this.apart = Math.max(250, Math.ceil(events.length / 150));
  }

  at(step: number): State {
    const wanted = Math.floor(step / this.apart);
    for (let have = this.kept.length; have <= wanted; have++) {
      this.kept.push(replay(this.events, have * this.apart, this.kept[have - 1]));
    }
    return replay(this.events, step, this.kept[wanted]);
  }
}

// Frames, tasks and the like are never changed in place, so a copy may share them.
function copy(state: State): Draft {
  return {
    ...state,
    frames: new Map(state.frames),
    stacks: new Map(state.stacks),
    tasks: new Map(state.tasks),
    things: new Map(state.things),
    handles: new Map(state.handles),
    ready: [...state.ready],
    timers: [...state.timers],
    sockets: [...state.sockets],
    ended: [...state.ended],
  };
}

function apply(draft: Draft, event: TraceEvent): void {
  const before = draft.event;
  draft.step += 1;
  draft.event = event;
  if (before !== null) forgetFunction(draft, before);
  applyToFrames(draft, event) || applyToTasks(draft, event) || applyToLoop(draft, event);
}
