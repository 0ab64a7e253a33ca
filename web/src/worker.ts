/** The worker: knows how to start Python and how to hand it one cell at a time. */

import type { loadPyodide as LoadPyodide } from "pyodide";
import type { Depth, Ending, RunRequest, Stream, WorkerMessage } from "./protocol";

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

type NewSession = (write: (stream: Stream, text: string) => void) => Session;

const PYODIDE = new URL("../pyodide/", import.meta.url);
const WHEEL = new URL("glassloop.whl", import.meta.url);

/** Python may hold this many bytes. A cell that asks for more gets a MemoryError, not a dead tab. */
const MEMORY_LIMIT = 1024 ** 3;
const WASM_PAGE = 65_536;

let current = 0;
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

async function startPython(): Promise<NewSession> {
  limitMemory();
  const wheel = bytes(WHEEL);
  // Awaited below, after Pyodide: until then a failure here must not count as unhandled.
  wheel.catch(() => undefined);
  const module: { loadPyodide: typeof LoadPyodide } = await import(new URL("pyodide.mjs", PYODIDE).href);
  const python = await module.loadPyodide({ indexURL: PYODIDE.href, env: { PYTHONHASHSEED: "0" } });
  python.unpackArchive(await wheel, "wheel");
  return python.pyimport("glassloop.lab").Session;
}

function runCell(newSession: NewSession, request: RunRequest): void {
  current = request.run;
  try {
    if (request.afresh) session?.destroy();
    if (request.afresh || session === null) session = newSession(write);
    const recorded = request.recorded !== null;
    const options = { recorded, depth: request.recorded ?? "lines" };
    const result = session.run.callKwargs(request.source, request.name, options);
    const { status, error, trace } = result;
    result.destroy();
    if (recorded) say({ kind: "trace", run: current, text: trace });
    say(error === "MemoryError" ? { kind: "exhausted", run: current } : { kind: "ended", run: current, ending: status });
  } catch (error) {
    // The lab lets no exception out, so what arrives here is the end of this Python.
    const reason = String(error);
    say(reason.includes("MemoryError") ? { kind: "exhausted", run: current } : { kind: "broken", run: current, reason });
  }
}

const python = startPython();
python.then(
  () => say({ kind: "ready" }),
  (error: unknown) => say({ kind: "unavailable", reason: String(error) }),
);

addEventListener("message", (event: MessageEvent<RunRequest>) => {
  python.then(
    (newSession) => runCell(newSession, event.data),
    () => undefined,
  );
});
