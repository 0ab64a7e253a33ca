/** Knows every actor's life as a whole: when it ran, was ready, waited; and who woke whom. */

import type { Actor, Trace, TraceEvent } from "./format";

export const enum Stage {
  Idle,
  Running,
  Ready,
  Waiting,
  Done,
}

export type Ending = "result" | "error" | "cancelled";

/** One actor's life. Stage `stages[i]` begins with the event at `from[i]` and lasts until the next. */
export interface Lifeline {
  readonly actor: Actor;
  readonly name: string;
  readonly from: number[];
  readonly stages: Stage[];
  /** Events that asked it to cancel. */
  readonly cancels: number[];
  ending: Ending | null;
}

export interface Wake {
  /** The event that woke, the lane of who did it, and the lane of who was woken. */
  readonly event: number;
  readonly by: number;
  readonly lane: number;
}

export interface Life {
  readonly lines: readonly Lifeline[];
  readonly laneOf: ReadonlyMap<Actor, number>;
  readonly wakes: readonly Wake[];
  /** The events with which turns begin, and those that printed. */
  readonly turns: readonly number[];
  readonly prints: readonly number[];
  readonly hasTasks: boolean;
  readonly hasLoop: boolean;
  readonly length: number;
}

interface Growing {
  readonly lines: Lifeline[];
  readonly laneOf: Map<Actor, number>;
  readonly wakes: Wake[];
  readonly turns: number[];
  readonly prints: number[];
}

/** Callbacks that are no task's step run on the loop's own lane. */
const laneName = (who: Actor): Actor => (who === "C" ? "loop" : who);

const OF_A_LOOP = new Set(["turn", "queue", "timer", "select"]);

export function livesOf(trace: Trace): Life {
  const { events } = trace;
  const life: Growing = { lines: [], laneOf: new Map(), wakes: [], turns: [], prints: [] };
  const hasLoop = events.some((event) => OF_A_LOOP.has(event.do));
  lane(life, "main");
  if (hasLoop) lane(life, "loop");
  let running: Actor | null = null;
  events.forEach((event, at) => {
    const who = laneName(event.who);
    if (who !== running) {
      if (running !== null && !isTask(running)) enter(life, running, at, Stage.Idle);
      if (!isTask(who)) enter(life, who, at, Stage.Running);
      running = who;
    }
    note(life, event, at);
  });
  const { lines, laneOf, wakes, turns, prints } = life;
  const hasTasks = lines.some((line) => isTask(line.actor));
  return { lines, laneOf, wakes, turns, prints, hasTasks, hasLoop, length: events.length };
}

export const isTask = (actor: Actor): boolean => /^T\d/.test(actor);

function note(life: Growing, event: TraceEvent, at: number): void {
  switch (event.do) {
    case "task":
      enter(life, event.id, at, Stage.Ready, event.name);
      break;
    case "step":
      enter(life, event.id, at, Stage.Running);
      break;
    case "wait":
      enter(life, event.id, at, event.on === null ? Stage.Ready : Stage.Waiting);
      break;
    case "wake":
      enter(life, event.id, at, Stage.Ready);
      life.wakes.push({ event: at, by: lane(life, laneName(event.who)), lane: lane(life, event.id) });
      break;
    case "cancel":
      lineOf(life, event.id).cancels.push(at);
      break;
    case "done":
      enter(life, event.id, at, Stage.Done);
      lineOf(life, event.id).ending = event.how;
      break;
    case "select":
      enter(life, "loop", at, Stage.Waiting);
      break;
    case "awake":
      enter(life, "loop", at, Stage.Running);
      break;
    case "turn":
      life.turns.push(at);
      break;
    case "print":
      life.prints.push(at);
      break;
    default:
  }
}

function lane(life: Growing, actor: Actor, name = actor): number {
  const known = life.laneOf.get(actor);
  if (known !== undefined) return known;
  life.laneOf.set(actor, life.lines.length);
  life.lines.push({ actor, name, from: [], stages: [], cancels: [], ending: null });
  return life.lines.length - 1;
}

function lineOf(life: Growing, actor: Actor, name = actor): Lifeline {
  // The lane was made by the line above, so it is there.
  return life.lines[lane(life, actor, name)] as Lifeline;
}

function enter(life: Growing, actor: Actor, at: number, stage: Stage, name = actor): void {
  const line = lineOf(life, actor, name);
  if (line.stages.at(-1) === stage || line.stages.at(-1) === Stage.Done) return;
  if (line.from.at(-1) === at) line.stages[line.stages.length - 1] = stage;
  else {
    line.from.push(at);
    line.stages.push(stage);
  }
}

/** The place of the last number that is at most `wanted` in a rising list; -1 before the first. */
export function lastUpTo(list: readonly number[], wanted: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? Infinity) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
