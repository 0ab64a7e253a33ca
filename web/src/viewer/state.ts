/** Knows what can be true at a step: the shape of a state, and no way to it. */

import type { Actor, FrameId, FrameKind, HandleId, ObjectId, ObjectState, TaskId, TraceEvent, Values } from "./format";

export type FrameStage = "created" | "running" | "suspended" | "closed";

export interface Frame {
  readonly id: FrameId;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly of: FrameKind;
  readonly library: boolean;
  readonly stage: FrameStage;
  readonly locals: Values;
  /** Variables that the frame's last event changed. */
  readonly changed: readonly string[];
  /** The frame it waits for (`yield from`, `await`), and the one that waits for it. */
  readonly to: FrameId | null;
  readonly from: FrameId | null;
  readonly task: TaskId | null;
  /** The frame that let it run last. */
  readonly by: FrameId | null;
  /** Who ran it last: under a frame of the main program the loop runs, and the tasks under that. */
  readonly runner: Actor | null;
  /** What it last handed out, or ended with. */
  readonly value: string | null;
  readonly error: string | null;
  /** The step of its last event. */
  readonly step: number;
}

export type TaskStage = "ready" | "running" | "waiting" | "done";

export interface Task {
  readonly id: TaskId;
  readonly name: string;
  readonly stage: TaskStage;
  readonly on: ObjectId | null;
  readonly line: number | null;
  readonly file: string | null;
  /** Its frames, outermost first, as of its last suspension. */
  readonly chain: readonly FrameId[];
  /** Somebody asked it to cancel, and it has not run since. */
  readonly cancelling: boolean;
  readonly how: "result" | "error" | "cancelled" | null;
  readonly value: string | null;
  /** The step at which it came to this stage. */
  readonly step: number;
}

export interface Thing {
  readonly id: ObjectId;
  readonly type: string;
  readonly label: string;
  readonly state: ObjectState;
  readonly step: number;
}

export interface Handle {
  readonly id: HandleId;
  readonly what: string;
  readonly task: TaskId | null;
  readonly when: number | null;
  /** The future that a timer ends. */
  readonly ends: ObjectId | null;
  readonly stage: "queued" | "armed" | "ran" | "cancelled";
  readonly step: number;
}

/** What the loop had before it when its turn began. */
export interface Turn {
  readonly n: number;
  readonly step: number;
  readonly ready: readonly HandleId[];
  readonly more: number;
  readonly timers: readonly HandleId[];
  readonly sockets: readonly string[];
}

/** What is true after the first `step` events. */
export interface State {
  readonly step: number;
  readonly event: TraceEvent | null;
  readonly frames: ReadonlyMap<FrameId, Frame>;
  /** Who runs in each thread ("" is the main one): callers first. */
  readonly stacks: ReadonlyMap<string, readonly FrameId[]>;
  readonly tasks: ReadonlyMap<TaskId, Task>;
  readonly things: ReadonlyMap<ObjectId, Thing>;
  readonly handles: ReadonlyMap<HandleId, Handle>;
  readonly ready: readonly HandleId[];
  readonly timers: readonly HandleId[];
  readonly sockets: readonly string[];
  readonly turn: Turn | null;
  /** What the loop runs now, and what it asks the selector: null for "as long as it takes". */
  readonly running: HandleId | null;
  readonly selecting: { readonly timeout: number | null } | null;
  /** How many events were prints. */
  readonly printed: number;
  /** Frames that have ended, latest last; the oldest are forgotten. */
  readonly ended: readonly FrameId[];
}

/** A state while it is made: only the fold itself holds one. */
export type Draft = {
  -readonly [Key in keyof State]: State[Key] extends ReadonlyMap<infer Id, infer Value>
    ? Map<Id, Value>
    : State[Key] extends readonly (infer Item)[]
      ? Item[]
      : State[Key];
};

export const NOTHING: State = {
  step: 0,
  event: null,
  frames: new Map(),
  stacks: new Map(),
  tasks: new Map(),
  things: new Map(),
  handles: new Map(),
  ready: [],
  timers: [],
  sockets: [],
  turn: null,
  running: null,
  selecting: null,
  printed: 0,
  ended: [],
};

/** A frame that can be on the shelf; that of a function or a module only ever runs. */
export const canPause = (kind: FrameKind): boolean => /generator|coroutine/.test(kind);
