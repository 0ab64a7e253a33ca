/** The worker: knows how to start Python and how to hand it one task at a time. */

import type { PyodideInterface, loadPyodide as LoadPyodide } from "pyodide";
import type { AttemptTask, CellTask, Depth, Ending, Request, Stream, WorkerMessage } from "./protocol";

interface Result {
  readonly status: Ending;
  readonly error: string;
  /** The lines of a trace's file; empty where the run was not recorded. */
  readonly trace: string;
  destroy(): void;
}

interface Session {
  readonly run: { callKwargs(source: string, name: string, options: { recorded: boolean; depth: Depth }): Result };
  destroy(): void;
}

/** An object of Python's; held until `destroy`. */
interface Held {
  destroy(): void;
}

/** glassloop.exercises, as far as the worker uses it. */
interface Exercises {
  load(file: string, name: string): Held;
  judge(exercise: Held, attempt: string): Held & { as_json(): string };
  record_attempt(exercise: Held, attempt: string): Held & { readonly events: Held & { length: number }; text(): string };
}

type NewSession = (write: (stream: Stream, text: string) => void) => Session;

const PYODIDE = new URL("../pyodide/", import.meta.url);
const WHEEL = new URL("glassloop.whl", import.meta.url);

/** Python may hold this many bytes. A cell that asks for more gets a MemoryError, not a dead tab. */
const MEMORY_LIMIT = 1024 ** 3;
const WASM_PAGE = 65_536;

let current = 0;
let newSession: NewSession;
let session: Session | null = null;

function say(message: WorkerMessage): void {
  postMessage(message);
}

function write(stream: Stream, text: string): void {
  say({ kind: "text", run: current, stream, text });
}

/** WebAssembly memory grows to 4 GB unless refused; Python turns the refusal into a MemoryError. */
function limitMemory(): void {
  const grow = WebAssembly.Memory.prototype.grow;
  WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, pages: number): number {
    if (this.buffer.byteLength + pages * WASM_PAGE > MEMORY_LIMIT) throw new RangeError("memory limit");
    return grow.call(this, pages);
  };
}

async function bytes(url: URL): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname}: ${response.status}`);
  return response.arrayBuffer();
}

async function startPython(): Promise<PyodideInterface> {
  limitMemory();
  const wheel = bytes(WHEEL);
  // Awaited below, after Pyodide: until then a failure here must not count as unhandled.
  wheel.catch(() => undefined);
  const module: { loadPyodide: typeof LoadPyodide } = await import(new URL("pyodide.mjs", PYODIDE).href);
  const python = await module.loadPyodide({ indexURL: PYODIDE.href, env: { PYTHONHASHSEED: "0" } });
  python.unpackArchive(await wheel, "wheel");
  newSession = python.pyimport("glassloop.lab").Session;
  return python;
}

function runCell(task: CellTask): void {
  if (task.afresh) session?.destroy();
  if (task.afresh || session === null) session = newSession(write);
  const recorded = task.recorded !== null;
  const options = { recorded, depth: task.recorded ?? "lines" };
  const result = session.run.callKwargs(task.source, task.name, options);
  const { status, error, trace } = result;
  result.destroy();
  if (recorded) say({ kind: "trace", run: current, text: trace });
  say(error === "MemoryError" ? { kind: "exhausted", run: current } : { kind: "ended", run: current, ending: status });
}

/** Attempts have a namespace of their own: the session's knows nothing of them. */
function tryAttempt(exercises: Exercises, { kind, file, name, attempt }: AttemptTask): void {
  const exercise = exercises.load(file, name);
  if (kind === "judge" || !record(exercises, exercise, attempt)) judge(exercises, exercise, attempt);
  exercise.destroy();
  say({ kind: "ended", run: current, ending: "ok" });
}

function judge(exercises: Exercises, exercise: Held, attempt: string): void {
  const verdict = exercises.judge(exercise, attempt);
  say({ kind: "verdict", run: current, verdict: JSON.parse(verdict.as_json()) });
  verdict.destroy();
}

/** False where there is nothing to be stepped through, as in what is no Python. */
function record(exercises: Exercises, exercise: Held, attempt: string): boolean {
  const trace = exercises.record_attempt(exercise, attempt);
  const { events } = trace;
  const some = events.length > 0;
  if (some) say({ kind: "trace", run: current, text: trace.text() });
  events.destroy();
  trace.destroy();
  return some;
}

function take(python: PyodideInterface, request: Request): void {
  current = request.run;
  try {
    if (request.kind === "cell") runCell(request);
    else tryAttempt(python.pyimport("glassloop.exercises"), request);
  } catch (error) {
    // Neither the lab nor the exercises let an exception out, so what arrives here is the end of
    // this Python.
    const reason = String(error);
    say(reason.includes("MemoryError") ? { kind: "exhausted", run: current } : { kind: "broken", run: current, reason });
  }
}

const python = startPython();
python.then(
  () => say({ kind: "ready" }),
  (error: unknown) => say({ kind: "unavailable", reason: String(error) }),
);

addEventListener("message", (event: MessageEvent<Request>) => {
  python.then(
    (started) => take(started, event.data),
    () => undefined,
  );
});
