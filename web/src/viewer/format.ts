/** Knows what a trace is made of: the words of the file format, version 1. */

export const FORMAT = "glassloop-trace";
export const VERSION = 1;

/** "F1", "F2" … for frames, "T1" … tasks, "O1" … objects, "H1" … entries of the loop's queues. */
export type FrameId = string;
export type TaskId = string;
export type ObjectId = string;
export type HandleId = string;

/** "main", "loop", "C" (a callback that is no task's step), a task's id, or "thread NAME". */
export type Actor = string;

/** Names of variables and what `repr` said of their values. */
export type Values = Readonly<Record<string, string>>;

export type FrameKind = "module" | "function" | "generator" | "coroutine" | "async generator" | (string & {});

export interface Header {
  readonly format: string;
  readonly version: number;
  readonly title?: string;
  readonly python?: string;
  readonly depth?: "lines" | "switches";
  readonly sources?: Readonly<Record<string, string>>;
}

/** A chapter of the book; its page is the path below the book's root, without the ending. */
export interface ChapterOf {
  readonly number: number;
  readonly page: string;
  readonly title: string;
}

export interface Lint {
  readonly rule: string;
  /** The first step is 1. */
  readonly step?: number;
  readonly task?: TaskId;
  readonly file?: string;
  readonly line?: number;
  readonly say: string;
  readonly chapter?: ChapterOf;
}

export interface Footer {
  readonly end: true;
  readonly cut?: string | null;
  readonly lints?: readonly Lint[];
}

/** What an object of asyncio says of itself; which of these it has depends on its type. */
export interface ObjectState {
  readonly state?: "pending" | "finished" | "cancelled";
  readonly value?: string | number;
  readonly due?: number;
  readonly locked?: boolean;
  readonly holder?: TaskId | null;
  readonly lock?: ObjectId;
  readonly set?: boolean;
  readonly items?: readonly string[];
  readonly size?: number;
  readonly maxsize?: number;
  readonly parties?: number;
  /** Of an iterator: how many of its items it has handed out, and the variables that name it. */
  readonly at?: number;
  readonly names?: readonly string[];
  readonly waiters?: readonly string[];
  readonly getters?: readonly string[];
  readonly putters?: readonly string[];
}

interface FrameBegins {
  readonly f: FrameId;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly of: FrameKind;
  readonly set?: Values;
  readonly library?: boolean;
  /** False for a library's coroutine that was met before it ran. */
  readonly begun?: boolean;
}

/** A frame has come to a line, or is still there; its variables may have changed since its last event. */
interface FrameAt {
  readonly f: FrameId;
  readonly line?: number;
  readonly set?: Values;
  readonly del?: readonly string[];
}

/** What every kind of event adds to the fields that all have. */
export type Happening =
  | ({ readonly do: "call"; readonly by?: FrameId | null } & FrameBegins)
  | ({ readonly do: "made" } & FrameBegins)
  | ({ readonly do: "line" } & FrameAt)
  | ({ readonly do: "yield"; readonly value: string } & FrameAt)
  | ({ readonly do: "resume"; readonly how: string; readonly value?: string; readonly by?: FrameId | null } & FrameAt)
  | ({ readonly do: "delegate"; readonly to?: FrameId } & FrameAt)
  | ({ readonly do: "await"; readonly on?: ObjectId; readonly to?: FrameId } & FrameAt)
  | ({ readonly do: "return"; readonly value: string } & FrameAt)
  | ({ readonly do: "raise" | "catch" | "unwind"; readonly error: string } & FrameAt)
  | { readonly do: "drop"; readonly f: FrameId }
  | { readonly do: "task"; readonly id: TaskId; readonly name: string; readonly f?: FrameId | null; readonly by?: Actor; readonly library?: boolean; readonly running?: boolean }
  | { readonly do: "step" | "unheld" | "vanish"; readonly id: TaskId }
  | { readonly do: "unawaited"; readonly name: string }
  | { readonly do: "unretrieved"; readonly id: TaskId | null; readonly error: string }
  | {
      readonly do: "wait";
      readonly id: TaskId;
      readonly on: ObjectId | null;
      readonly file?: string;
      readonly line?: number;
      readonly chain?: readonly FrameId[];
      /** Of each frame of the chain, at depth "switches". */
      readonly lines?: readonly number[];
    }
  | { readonly do: "wake"; readonly id: TaskId; readonly by?: ObjectId; readonly how?: "result" | "error" | "cancelled" }
  | { readonly do: "cancel"; readonly id: TaskId; readonly by?: Actor }
  | { readonly do: "done"; readonly id: TaskId; readonly how: "result" | "error" | "cancelled"; readonly value?: string }
  | { readonly do: "object"; readonly o: ObjectId; readonly type: string; readonly label: string; readonly state?: ObjectState }
  | { readonly do: "queue"; readonly h: HandleId; readonly what: string; readonly id?: TaskId; readonly thread?: unknown }
  | { readonly do: "timer"; readonly h: HandleId; readonly what: string; readonly when: number; readonly id?: TaskId; readonly o?: ObjectId }
  | { readonly do: "untimer" | "fire" | "run"; readonly h: HandleId }
  | {
      readonly do: "turn";
      readonly n: number;
      readonly ready: readonly HandleId[];
      readonly timers?: readonly HandleId[];
      readonly sockets?: readonly string[];
      readonly ready_more?: number;
    }
  | { readonly do: "select"; readonly timeout: number | null }
  | { readonly do: "awake"; readonly sockets?: readonly string[]; readonly waited?: number }
  | { readonly do: "print"; readonly stream: "out" | "err"; readonly text: string }
  | { readonly do: "stop" }
  | { readonly do: "thread"; readonly name?: string };

/** When and by whom. The file leaves out what is as in the event before; a `Trace` has it all. */
interface Moment {
  readonly t: number;
  readonly turn: number;
  readonly who: Actor;
  readonly say: string;
}

export type TraceEvent = Happening & Moment;
export type Kind = Happening["do"];
export type EventOf<K extends Kind> = Extract<Happening, { readonly do: K }> & Moment;

export interface Trace {
  readonly title: string;
  readonly python: string;
  readonly depth: "lines" | "switches";
  readonly sources: Readonly<Record<string, string>>;
  readonly events: readonly TraceEvent[];
  readonly cut: string | null;
  readonly lints: readonly Lint[];
}
