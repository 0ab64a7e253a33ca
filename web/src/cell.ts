/** A cell of the page: knows its code, its output, and whether it is waiting, running or neither. */

import { Code } from "./code";
import { find, make, need } from "./dom";
import { Output } from "./output";
import { Toolbar, type Action } from "./toolbar";
import { TraceBox } from "./tracebox";

export type CellState = "idle" | "waiting" | "running";

/** What a cell can take in place of its own code. */
export interface Program {
  /** What tracebacks call it. */
  readonly name: string;
  readonly code: readonly Node[];
  /** What it is known to print. */
  readonly output: readonly Node[];
}

/** What a cell asks of its chapter. */
export interface CellOwner {
  run(cell: Cell): void;
  step(cell: Cell): void;
  stop(): void;
  edited(cell: Cell): void;
}

export class Cell {
  name: string;
  /** False for a cell that needs a real operating system. */
  readonly runnable: boolean;
  /** The book expects this cell to raise, and goes on after it. */
  readonly expectsError: boolean;
  readonly code: Code;
  readonly output: Output;
  /** The code that last ran in this page; before the first run, the code whose output is printed. */
  lastRun: string;
  /** Whether `lastRun` is part of the running Python's namespace. */
  inNamespace = false;
  /** Called when the reader runs this very cell, and not one below it. */
  readonly onRun: (() => void)[] = [];
  private readonly toolbar: Toolbar | null;
  private readonly trace: TraceBox;
  private current: CellState = "idle";

  constructor(
    readonly element: HTMLElement,
    number: number,
    private readonly owner: CellOwner,
  ) {
    this.name = element.dataset["cell"] ?? element.id;
    this.runnable = !("needs" in element.dataset);
    this.expectsError = "raises" in element.dataset;
    const label = element.dataset["label"] ?? `Code cell ${number}`;
    const listener = {
      changed: () => this.noteEdit(),
      noEditor: () => this.say("The editor could not be loaded. It needs the network the first time."),
    };
    this.code = new Code(need(element, ".cell-source"), label, listener);
    this.output = new Output(element);
    this.lastRun = this.code.original;
    this.trace = new TraceBox(element);
    this.toolbar = this.runnable ? this.addToolbar(label) : null;
  }

  get state(): CellState {
    return this.current;
  }

  /** Nothing above it counting, would running it again do anything new? */
  get upToDate(): boolean {
    return this.inNamespace && this.lastRun === this.code.text;
  }

  /** The cell's first line, by which a reader can tell it from others. */
  get firstLine(): string {
    return this.code.text.split("\n").find((line) => line.trim() !== "") ?? "";
  }

  say(...message: readonly (Node | string)[]): void {
    this.toolbar?.say(...message);
  }

  /** Whether a screen reader reads out what the cell says: twenty cells run, one was asked for. */
  announces(aloud: boolean): void {
    this.toolbar?.status.setAttribute("aria-live", aloud ? "polite" : "off");
  }

  become(state: CellState, ...message: readonly (Node | string)[]): void {
    this.current = state;
    this.element.dataset["state"] = state;
    this.say(...message);
    this.toolbar?.refresh();
  }

  /** Takes another program in place of its own, and the reader's edit of it where there is one. */
  async load(program: Program, edit?: string): Promise<void> {
    this.name = this.element.dataset["cell"] = program.name;
    const loaded = this.code.load(program.code);
    this.output.load(program.output);
    this.trace.close();
    this.lastRun = this.code.original;
    this.inNamespace = false;
    this.say();
    if (edit !== undefined) {
      this.restoreEdit(edit);
      this.output.clear();
    }
    this.showEdited();
    await loaded;
  }

  restoreEdit(text: string): void {
    void this.code.restoreEdit(text);
    this.showEdited();
  }

  /** Hides what the cell did, its output and its figure, behind a line of text. */
  holdBack(why: string): void {
    this.output.conceal(why);
    this.trace.figure?.hide("answer", true);
  }

  reveal(): void {
    this.output.reveal();
    this.trace.figure?.hide("answer", this.output.concealed);
  }

  /** Opens the trace of a recorded run below the output, in place of one that is there. */
  async showTrace(text: string): Promise<void> {
    await this.trace.show(text).catch(() => {
      this.trace.close();
      this.say("The trace viewer could not be loaded.");
    });
  }

  /** Whether the book has recorded the cell's run, and shows it. */
  get hasFigure(): boolean {
    return this.trace.figure !== null;
  }

  /** Puts the keyboard into the run that the book recorded. */
  enterFigure(): void {
    void this.trace.figure?.focus();
  }

  private addToolbar(label: string): Toolbar {
    const toolbar = new Toolbar(`${label}: actions`, this.actions());
    need(this.element, ".cell-source").after(toolbar.element);
    find(this.element, ".cell-output")?.before(toolbar.element);
    this.code.allowEdits();
    // Caught on its way down: neither the editor nor a button takes this key for itself.
    this.element.addEventListener("keydown", (event) => this.onKey(event), { capture: true });
    return toolbar;
  }

  /** One entry a button, in the order in which they stand. */
  private actions(): readonly Action[] {
    return [
      {
        name: "run",
        label: "Run",
        title: "Run this cell (Shift+Enter)",
        keys: "Shift+Enter",
        shown: () => true,
        enabled: () => this.state === "idle",
        act: () => this.owner.run(this),
      },
      {
        name: "step",
        label: "Step",
        title: "Run this cell recorded, and step through what happened",
        shown: () => this.state === "idle",
        act: () => this.owner.step(this),
      },
      {
        name: "stop",
        label: "Stop",
        title: "End Python, whatever it is doing",
        shown: () => this.state !== "idle",
        act: () => this.owner.stop(),
      },
      {
        name: "reset",
        label: "Reset",
        title: "Put the original code and output back",
        shown: () => this.code.edited && this.state === "idle",
        act: () => this.reset(),
      },
    ];
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !event.shiftKey || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.state === "idle") this.owner.run(this);
  }

  private reset(): void {
    void this.code.reset();
    this.output.restore();
    this.say("The original code and output are back.");
    this.noteEdit();
  }

  private noteEdit(): void {
    this.showEdited();
    this.owner.edited(this);
  }

  private showEdited(): void {
    this.element.classList.toggle("edited", this.code.edited);
    this.toolbar?.setMark(this.code.edited ? "edited" : "");
    this.toolbar?.refresh();
  }
}

/** A link to a cell, named by its first line. */
export function linkTo(cell: Cell): HTMLAnchorElement {
  return make("a", { href: `#${cell.element.id}` }, make("code", {}, cell.firstLine));
}
