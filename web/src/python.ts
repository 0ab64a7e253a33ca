/** The page's side of Python: knows whether a worker lives, and what became of each run. */

import type { Ending, Request, Stream, Task, Verdict, WorkerMessage } from "./protocol";

/**
 * What became of a run. Beside the lab's own endings: `halted` by the reader's Stop; `exhausted`,
 * the memory was used up; `broken`, Python itself failed; `unavailable`, it could not be loaded.
 * After any of these four the next run starts Python afresh.
 */
export type Outcome = Ending | "halted" | "exhausted" | "broken" | "unavailable";

export interface RunListener {
  /** Python has started, if it had not before, and is at the task. */
  running(): void;
  write?(stream: Stream, text: string): void;
  /** The run was recorded, and this is its trace. */
  traced(text: string): void;
  judged?(verdict: Verdict): void;
}

interface CurrentRun {
  readonly request: Request;
  readonly listener: RunListener;
  readonly end: (outcome: Outcome) => void;
}

export class Python {
  private worker: Worker | null = null;
  private ready = false;
  private current: CurrentRun | null = null;
  private runs = 0;

  /** `ended` is called whenever a worker is given up, and its namespace with it. */
  constructor(
    private readonly script: URL,
    private readonly ended: () => void,
  ) {}

  get started(): boolean {
    return this.ready;
  }

  /** Does one task and tells what became of it. One at a time: the caller waits for the last. */
  run(task: Task, listener: RunListener): Promise<Outcome> {
    const worker = (this.worker ??= this.startWorker());
    return new Promise((end) => {
      const request = { run: ++this.runs, ...task };
      this.current = { request, listener, end };
      if (this.ready) listener.running();
      worker.postMessage(request);
    });
  }

  /** Ends the worker whatever it is doing. */
  stop(): void {
    this.giveUp("halted");
  }

  private startWorker(): Worker {
    const worker = new Worker(this.script, { type: "module", name: "python" });
    worker.addEventListener("message", (event: MessageEvent<WorkerMessage>) => {
      // What a worker said before it was ended may still arrive after its end.
      if (worker === this.worker) this.hear(event.data);
    });
    worker.addEventListener("error", (event) => {
      event.preventDefault();
      if (worker === this.worker) this.giveUp(this.ready ? "broken" : "unavailable");
    });
    return worker;
  }

  private hear(message: WorkerMessage): void {
    const current = this.current;
    switch (message.kind) {
      case "ready":
        this.ready = true;
        current?.listener.running();
        break;
      case "text":
        if (message.run === current?.request.run) current.listener.write?.(message.stream, message.text);
        break;
      case "trace":
        if (message.run === current?.request.run) current.listener.traced(message.text);
        break;
      case "verdict":
        if (message.run === current?.request.run) current.listener.judged?.(message.verdict);
        break;
      case "ended":
        this.finish(message.ending);
        break;
      case "broken":
      case "unavailable":
        console.info(`glassloop: ${message.reason}`);
        this.giveUp(message.kind);
        break;
      case "exhausted":
        this.giveUp("exhausted");
        break;
    }
  }

  private giveUp(outcome: Outcome): void {
    this.worker?.terminate();
    this.worker = null;
    this.ready = false;
    this.ended();
    this.finish(outcome);
  }

  private finish(outcome: Outcome): void {
    const current = this.current;
    this.current = null;
    current?.end(outcome);
  }
}
