/** The chapter: knows the order of its cells, which of them Python has run, and which are due. */

import { Cell, linkTo, type CellOwner } from "./cell";
import { findAll, need } from "./dom";
import { Python, type Outcome } from "./python";
import { asset, page } from "./site";
import { forget, recall, remember } from "./storage";
import { Toolbar } from "./toolbar";

const EDITS = `edits:${page}`;

const STARTING = "Starting Python … (13 MB the first time, then from this browser’s cache)";

/** What a cell says when its run is over. */
const ENDED: Readonly<Record<Outcome, string>> = {
  ok: "Done",
  raised: "Ended with an error",
  stopped: "Ended at a limit",
  halted: "Stopped. The next Run starts Python afresh.",
  exhausted: "Python ran out of memory. The next Run starts it afresh.",
  broken: "Python failed and was ended. The next Run starts it afresh.",
  unavailable: "Python could not be loaded. The first time it needs the network; then the browser keeps it.",
};

export class Chapter implements CellOwner {
  readonly cells: readonly Cell[];
  private readonly python: Python;
  private readonly toolbar: Toolbar;
  /** Ends when all that was asked for so far has ended. */
  private queue: Promise<void> = Promise.resolve();
  private asked = 0;
  /** Grows with each Stop: what was asked for before it is not run after it. */
  private stops = 0;

  constructor(article: HTMLElement, private readonly started: () => void) {
    this.cells = findAll(article, ".cell[data-cell]").map((element, at) => new Cell(element, at + 1, this));
    this.python = new Python(asset("worker.js"), () => this.loseNamespace());
    this.toolbar = this.addToolbar(article);
    this.restoreEdits();
  }

  /** Runs a cell, and before it those above it that are due; recorded, if it is to be stepped. */
  run(cell: Cell, recorded = false): void {
    for (const callback of cell.onRun) callback();
    cell.become("waiting", "Waiting");
    this.enqueue(async () => {
      const end = await this.runInOrder([...this.dueAbove(cell), cell], cell, recorded);
      if (end instanceof Cell && end !== cell) cell.say("Not run, because a cell above failed: ", linkTo(end));
    });
  }

  /** Runs every cell from the top, in a Python that has run none of them. */
  runAll(): void {
    this.enqueue(async () => {
      if (this.cells.some((cell) => cell.inNamespace)) this.python.stop();
      this.toolbar.say("Running all cells");
      const end = await this.runInOrder(this.runnable, null);
      if (end === "done") this.toolbar.say("All cells have run");
      else if (end instanceof Cell) this.toolbar.say("Ended at a cell that failed: ", linkTo(end));
    });
  }

  /** Ends Python, and with it all that was asked for. */
  stop(): void {
    this.stops += 1;
    this.python.stop();
    this.toolbar.say("");
    for (const cell of this.cells) if (cell.state === "waiting") cell.become("idle");
  }

  edited(cell: Cell): void {
    const edits = storedEdits();
    if (cell.code.edited) edits[cell.name] = cell.code.text;
    else delete edits[cell.name];
    if (Object.keys(edits).length > 0) remember(EDITS, edits);
    else forget(EDITS);
  }

  private get runnable(): readonly Cell[] {
    return this.cells.filter((cell) => cell.runnable);
  }

  private dueAbove(target: Cell): readonly Cell[] {
    const above = this.cells.slice(0, this.cells.indexOf(target));
    return above.filter((cell) => cell.runnable && !cell.upToDate);
  }

  /** Does the work after all that was asked for before it, unless a Stop comes first. */
  private enqueue(work: () => Promise<void>): void {
    const stops = this.stops;
    this.asked += 1;
    this.toolbar.refresh();
    this.queue = this.queue
      .then(() => (stops === this.stops ? work() : undefined))
      .catch((error: unknown) => console.error(error))
      .finally(() => {
        this.asked -= 1;
        this.toolbar.refresh();
      });
  }

  /** Runs the cells one after the other, as far as none fails; gives the one that did. */
  private async runInOrder(
    cells: readonly Cell[],
    asked: Cell | null,
    recorded = false,
  ): Promise<Cell | "done" | "halted"> {
    for (const cell of cells) {
      cell.announces(cell === asked);
      cell.become("waiting", "Waiting");
    }
    for (const cell of cells) {
      const outcome = await this.runOne(cell, recorded && cell === asked);
      if (outcome === "halted") return "halted";
      if (outcome === "ok" || (outcome === "raised" && cell.expectsError)) continue;
      for (const other of cells) if (other.state === "waiting") other.become("idle");
      return cell;
    }
    return "done";
  }

  private async runOne(cell: Cell, recorded: boolean): Promise<Outcome> {
    const source = cell.code.text;
    const { output } = cell;
    const cold = !this.python.started;
    if (cold) cell.become("running", STARTING);
    output.begin();
    const outcome = await this.python.run(cell.name, `${source}\n`, {
      running: () => {
        cell.become("running", "Running");
        if (cold) this.started();
      },
      write: (stream, text) => output.write(stream, text),
      ...(recorded ? { traced: (text: string) => void cell.showTrace(text) } : {}),
    });
    if (outcome === "unavailable") output.abandon();
    else output.end();
    this.settle(cell, source, outcome);
    return outcome;
  }

  private settle(cell: Cell, source: string, outcome: Outcome): void {
    const expected = outcome === "raised" && cell.expectsError;
    cell.become("idle", ENDED[expected ? "ok" : outcome]);
    if (outcome === "unavailable") return;
    // What went wrong is not held back behind a question.
    if (outcome !== "ok" && !expected) for (const callback of cell.onRun) callback();
    cell.inNamespace = outcome === "ok" || expected;
    if (cell.lastRun !== source) this.markStaleBelow(cell);
    cell.lastRun = source;
  }

  /** What the cells below printed came from other code than what stands above them now. */
  private markStaleBelow(changed: Cell): void {
    for (const cell of this.cells.slice(this.cells.indexOf(changed) + 1)) {
      if (cell.output.live) cell.output.markStale();
      cell.inNamespace = false;
    }
  }

  private loseNamespace(): void {
    for (const cell of this.cells) cell.inNamespace = false;
  }

  private restoreEdits(): void {
    const edits = storedEdits();
    for (const cell of this.runnable) {
      const text = edits[cell.name];
      if (text !== undefined && text !== cell.code.original) cell.restoreEdit(text);
    }
  }

  private addToolbar(article: HTMLElement): Toolbar {
    const toolbar = new Toolbar("Chapter: actions", [
      {
        name: "run",
        label: "Run all cells",
        title: "Run every cell from the top",
        shown: () => true,
        enabled: () => this.asked === 0,
        act: () => this.runAll(),
      },
      {
        name: "stop",
        label: "Stop",
        title: "End Python, whatever it is doing",
        shown: () => this.asked > 0,
        act: () => this.stop(),
      },
    ]);
    toolbar.element.classList.add("chapter-toolbar");
    if (this.runnable.length > 1) need(article, "h1").after(toolbar.element);
    return toolbar;
  }
}

function storedEdits(): Record<string, string> {
  const stored = recall(EDITS);
  if (typeof stored !== "object" || stored === null) return {};
  return Object.fromEntries(Object.entries(stored).filter(([, text]) => typeof text === "string"));
}
