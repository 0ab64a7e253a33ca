/** What the page and the worker say to each other. */

/** Where a piece of output came from: print, standard error, the echo of a value, a traceback. */
export type Stream = "out" | "err" | "echo" | "error";

/** How a cell ended, in the words of the lab. */
export type Ending = "ok" | "raised" | "stopped";

/** What a recording tells: every line, or only where frames pause and go on. */
export type Depth = "lines" | "switches";

/** A cell to be run. */
export interface CellTask {
  readonly kind: "cell";
  readonly name: string;
  readonly source: string;
  /** How deep the run is recorded, to be stepped through; null where it is not. */
  readonly recorded: Depth | null;
  /** Whether it is a program of its own, which knows nothing of what ran before. */
  readonly afresh: boolean;
}

/** An attempt at an exercise: to be judged, or to be recorded and stepped through. */
export interface AttemptTask {
  readonly kind: "judge" | "record";
  readonly name: string;
  /** The exercise as its author wrote it: its solution and its check. */
  readonly file: string;
  readonly attempt: string;
}

export type Task = CellTask | AttemptTask;

/** The page asks for one task; `run` comes back with all that this run says. */
export type Request = Task & { readonly run: number };

/** What came of an attempt, in the words of glassloop.exercises. */
export interface Verdict {
  readonly kind: "passed" | "failed" | "error" | "endless" | "deadlock" | "forbidden";
  readonly message: string;
  /** The line of the attempt that it is about, from 1. */
  readonly line: number | null;
  /** What the attempt printed. */
  readonly output: string;
}

export type WorkerMessage =
  /** Python has started and takes tasks. */
  | { readonly kind: "ready" }
  /** Python's files could not be had. */
  | { readonly kind: "unavailable"; readonly reason: string }
  /** A piece of output, in the order in which it was written. */
  | { readonly kind: "text"; readonly run: number; readonly stream: Stream; readonly text: string }
  /** The run was recorded: the lines of the trace's file. */
  | { readonly kind: "trace"; readonly run: number; readonly text: string }
  /** The attempt was judged. */
  | { readonly kind: "verdict"; readonly run: number; readonly verdict: Verdict }
  /** The task has ended, and the next may be asked for. */
  | { readonly kind: "ended"; readonly run: number; readonly ending: Ending }
  /** The task used up the memory: this worker is not to be used again. */
  | { readonly kind: "exhausted"; readonly run: number }
  /** Python itself failed: this worker is not to be used again. */
  | { readonly kind: "broken"; readonly run: number; readonly reason: string };

/** The page to the service worker, once Python runs: its files may have been fetched before the
 * service worker was there to keep them. */
export const KEEP_PYTHON = "keep python";
