/** The chapter: knows the order of its cells, which of them Python has run, and which are due. */

import { Cell, linkTo, type CellOwner } from "./cell";
import { findAll, need } from "./dom";
import { StoredEdits, type Edits } from "./edits";
import { ENDED, STARTING } from "./outcomes";
import type { AttemptTask, Depth } from "./protocol";
import { Python, type Outcome, type RunListener } from "./python";
import { asset } from "./site";
import { Toolbar } from "./toolbar";

/** What a page may want otherwise than a chapter does. */
export interface Ways {
  readonly edits?: Edits;
  /** How deep Step records. */
  readonly depth?: () => Depth;
  /** Whether each run is a program of its own, which knows nothing of what ran before. */
  readonly afresh?: boolean;
}

export interface AttemptListener extends RunListener {
  /** Python has to be started first. */
  starting(words: string): void;
}

export class Chapter implements CellOwner {
  readonly cells: readonly Cell[];
  private readonly python: Python;
  private readonly toolbar: Toolbar;
  private readonly edits: Edits;
  /** Ends when all that was asked for so far has ended. */
  private queue: Promise<void> = Promise.resolve();
  private asked = 0;
  /** Attempts that have not ended. */
  private readonly waiting = new Set<(outcome: Outcome) => void>();
  /** Grows with each Stop: what was asked for before it is not run after it. */
  private stops = 0;

  constructor(
    article: HTMLElement,
    private readonly started: () => void,
    private readonly ways: Ways = {},
  ) {
    this.edits = ways.edits ?? new StoredEdits();
    this.cells = findAll(article, ".cell[data-cell]").map((element, at) => new Cell(element, at + 1, this));
    this.python = new Python(asset("worker.js"), () => this.loseNamespace());
    this.toolbar = this.addToolbar(article);
    this.restoreEdits();
  }

  /** Runs a cell, and before it those above it that are due. */
  run(cell: Cell): void {
    this.runFor(cell, false);
  }

  /** Runs a cell recorded. Where the book did so, and nothing is other than it was then, that will do. */
  step(cell: Cell): void {
    const upToHere = this.cells.slice(0, this.cells.indexOf(cell) + 1);
    if (cell.hasFigure && !upToHere.some((each) => each.code.edited)) cell.enterFigure();
    else this.runFor(cell, true);
  }

  private runFor(cell: Cell, recorded: boolean): void {
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

  /** Takes an attempt at an exercise, after all that was asked for before it. */
  attempt(task: AttemptTask, listener: AttemptListener): Promise<Outcome> {
    return new Promise((end) => {
      this.waiting.add(end);
      this.enqueue(async () => {
        end(await this.runAttempt(task, listener));
        this.waiting.delete(end);
      });
    });
  }

  private runAttempt(task: AttemptTask, listener: AttemptListener): Promise<Outcome> {
    const cold = !this.python.started;
    if (cold) listener.starting(STARTING);
    const running = () => {
      listener.running();
      if (cold) this.started();
    };
    return this.python.run(task, { ...listener, running });
  }

  /** Ends Python, and with it all that was asked for. */
  stop(): void {
    this.stops += 1;
    this.python.stop();
    this.toolbar.say("");
    for (const cell of this.cells) if (cell.state === "waiting") cell.become("idle");
    for (const end of this.waiting) end("halted");
    this.waiting.clear();
  }

  edited(cell: Cell): void {
    this.edits.keep(cell);
  }

  private get depth(): Depth {
    return this.ways.depth?.() ?? "lines";
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
    const listener: RunListener = {
      running: () => {
        cell.become("running", "Running");
        if (cold) this.started();
      },
      write: (stream, text) => output.write(stream, text),
      traced: (text) => void cell.showTrace(text),
    };
    const manner = { recorded: recorded ? this.depth : null, afresh: this.ways.afresh ?? false };
    const task = { kind: "cell", name: cell.name, source: `${source}\n`, ...manner } as const;
    const outcome = await this.python.run(task, listener);
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
    for (const cell of this.runnable) {
      const text = this.edits.of(cell);
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
