/** An exercise of the page: knows the reader's attempt, what came of it, and what they may see by now. */

import type { AttemptListener } from "./chapter";
import { find, findAll, make, need } from "./dom";
import { Comparison } from "./exercise-comparison";
import { sheetOf, type Sheet } from "./exercise-sheets";
import { VerdictBox } from "./exercise-verdict";
import { ENDED } from "./outcomes";
import type { Work, Works } from "./progress";
import type { AttemptTask, Verdict } from "./protocol";
import type { Outcome } from "./python";
import { Toolbar, type Action } from "./toolbar";
import { TraceBox } from "./tracebox";

/** What an exercise asks of its chapter. */
export interface ExerciseOwner {
  attempt(task: AttemptTask, listener: AttemptListener): Promise<Outcome>;
  stop(): void;
}

/** In milliseconds: Python counts the steps of a program, and cannot look into a single step without end. */
const TIME_LIMIT = 20_000;
const ENDLESS: Verdict = {
  kind: "endless",
  message: `It was stopped after ${TIME_LIMIT / 1000} seconds. Look for a call that goes through something without an end.`,
  line: null,
  output: "",
};
const CHECK_FIRST = "Check an attempt first: the solution is there to compare it with.";
const KEPT = "As at the beginning. What you had is under “Earlier attempt”.";
const SWAPPED = "An earlier attempt is back. What stood here is kept, too.";

export class Exercise {
  private readonly name: string;
  private readonly file: string;
  private readonly hints: readonly HTMLDetailsElement[];
  private readonly sheet: Sheet;
  private readonly verdict: VerdictBox;
  private readonly comparison: Comparison | null;
  private readonly trace: TraceBox;
  private readonly toolbar: Toolbar;
  private readonly solved = make("span", { class: "exercise-solved", hidden: true }, "solved");
  private busy = false;
  private clock = 0;

  constructor(
    private readonly element: HTMLElement,
    private readonly owner: ExerciseOwner,
    private readonly works: Works,
  ) {
    this.name = element.dataset["exercise"] ?? "";
    this.file = textOf(element, ".exercise-file");
    this.hints = findAll(element, ".exercise-hint") as HTMLDetailsElement[];
    this.sheet = sheetOf(element, () => this.noteEdit());
    const title = need(element, ".exercise-title").textContent ?? "";
    this.toolbar = new Toolbar(`${title}: actions`, this.actions());
    this.verdict = new VerdictBox(element, (line) => void this.sheet.enterLine(line));
    this.comparison = Comparison.of(element);
    this.trace = new TraceBox(element);
    this.arrange();
    this.restore();
  }

  private get work(): Work {
    return this.works.of(this.name);
  }

  private change(changes: Partial<Work>): void {
    this.works.keep(this.name, { ...this.work, ...changes });
  }

  private arrange(): void {
    const below = [this.toolbar.element, ...this.verdict.elements, ...this.hints];
    this.sheet.element.after(...below, ...(this.comparison === null ? [] : [this.comparison.element]));
    need(this.element, ".exercise-kind").append(this.solved);
    this.element.classList.add("live");
    this.element.dataset["state"] = "idle";
    // Caught on its way down: neither the editor nor a card takes this key for itself.
    this.element.addEventListener("keydown", (event) => this.onKey(event), { capture: true });
  }

  private restore(): void {
    const { draft } = this.work;
    if (draft !== null) void this.sheet.write(draft);
    this.refresh();
  }

  /** Shows what is known: whether it is solved, which hints were taken, what can be done. */
  private refresh(): void {
    const { solved, hints } = this.work;
    this.solved.hidden = !solved;
    this.hints.forEach((hint, index) => (hint.hidden = index >= hints));
    this.toolbar.refresh();
  }

  private noteEdit(): void {
    this.change({ draft: this.sheet.touched ? this.sheet.text : null });
    this.refresh();
  }

  // What the reader asks for --------------------------------------------------------------------

  private check(): Promise<void> {
    return this.try("judge", "Checking");
  }

  private step(): Promise<void> {
    return this.try("record", "Recording");
  }

  private async try(kind: AttemptTask["kind"], doing: string): Promise<void> {
    const { text, touched } = this.sheet;
    const found: { verdict?: Verdict } = {};
    if (kind === "judge") this.clear();
    const outcome = await this.ask(kind, text, doing, {
      judged: (verdict) => (found.verdict = verdict),
      traced: (trace) => void this.showTrace(trace),
    });
    const verdict = outcome === "late" ? ENDLESS : found.verdict;
    if (verdict !== undefined) this.show(verdict, text, touched);
  }

  private async ask(
    kind: AttemptTask["kind"], attempt: string, doing: string, hears: Pick<AttemptListener, "judged" | "traced">,
  ): Promise<Outcome | "late"> {
    let late = false;
    this.become(true, "Waiting");
    const running = () => {
      this.toolbar.say(doing);
      this.clock = setTimeout(() => {
        late = true;
        this.owner.stop();
      }, TIME_LIMIT);
    };
    const task = { kind, name: this.name, file: this.file, attempt };
    const starting = (words: string) => this.toolbar.say(words);
    const outcome = await this.owner.attempt(task, { starting, running, ...hears });
    clearTimeout(this.clock);
    this.become(false, outcome === "ok" || late ? "" : ENDED[outcome]);
    return late ? "late" : outcome;
  }

  private become(busy: boolean, words: string): void {
    this.busy = busy;
    this.element.dataset["state"] = busy ? "running" : "idle";
    this.toolbar.say(words);
    this.toolbar.refresh();
  }

  private show(verdict: Verdict, attempt: string, touched: boolean): void {
    const { tried, solved } = this.work;
    this.change({ tried: tried || touched || !this.sheet.writes, solved: solved || verdict.kind === "passed" });
    this.verdict.show(verdict);
    this.sheet.grade(verdict);
    this.comparison?.take(attempt);
    this.refresh();
  }

  private async showTrace(trace: string): Promise<void> {
    await this.trace.show(trace).catch(() => {
      this.trace.close();
      this.toolbar.say("The trace viewer could not be loaded.");
    });
  }

  private hint(): void {
    const next = this.hints[this.work.hints];
    if (next === undefined) return;
    this.change({ hints: this.work.hints + 1 });
    this.refresh();
    next.open = true;
    next.querySelector("summary")?.focus();
  }

  private compare(): void {
    if (this.work.tried) this.comparison?.toggle(this.sheet.text);
    else this.toolbar.say(CHECK_FIRST);
  }

  /** The attempt goes to the earlier ones, and the book's text is back. */
  private async startOver(): Promise<void> {
    const { text } = this.sheet;
    this.change({ earlier: [...this.work.earlier.filter((each) => each !== text), text] });
    await this.sheet.restart();
    this.settle(KEPT);
  }

  /** The last of the earlier attempts comes back, and what stands here becomes the first of them. */
  private async bringBack(): Promise<void> {
    const { text, touched } = this.sheet;
    const earlier = [...this.work.earlier];
    const back = earlier.pop();
    if (back === undefined) return;
    if (touched && text !== back) earlier.unshift(text);
    this.change({ earlier });
    await this.sheet.write(back);
    this.settle(SWAPPED);
  }

  private clear(): void {
    this.verdict.clear();
    void this.sheet.mark(null);
  }

  private settle(words: string): void {
    this.clear();
    this.noteEdit();
    this.toolbar.say(words);
  }

  /** One entry a button, in the order in which they stand. */
  private actions(): readonly Action[] {
    const idle = () => !this.busy;
    return [
      {
        name: "run",
        label: "Check",
        title: "Check your attempt (Shift+Enter)",
        keys: "Shift+Enter",
        shown: () => true,
        enabled: idle,
        act: () => void this.check(),
      },
      {
        name: "step",
        label: "Step",
        title: "Run it recorded, and step through what happened",
        // A program whose order is asked for would tell it.
        shown: () => idle() && (this.sheet.writes || this.work.tried),
        act: () => void this.step(),
      },
      {
        name: "stop",
        label: "Stop",
        title: "End Python, whatever it is doing",
        shown: () => this.busy,
        act: () => this.owner.stop(),
      },
      {
        name: "hint",
        label: "Hint",
        title: "Show the next hint",
        shown: () => this.hints.length > 0,
        enabled: () => this.work.hints < this.hints.length,
        act: () => this.hint(),
      },
      {
        name: "solution",
        label: "Solution",
        title: "Compare your attempt with a solution, once you have checked one",
        shown: () => find(this.element, ".exercise-solution") !== null,
        act: () => this.compare(),
      },
      {
        name: "restart",
        label: "Start over",
        title: "Put back what the book gave; your attempt is kept",
        shown: () => this.sheet.touched && idle(),
        act: () => void this.startOver(),
      },
      {
        name: "earlier",
        label: "Earlier attempt",
        title: "Bring an earlier attempt back; what stands here now is kept, too",
        shown: () => this.work.earlier.length > 0 && idle(),
        act: () => void this.bringBack(),
      },
    ];
  }

  private onKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" || !event.shiftKey || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    if (!this.busy) void this.check();
  }
}

function textOf(element: HTMLElement, selector: string): string {
  const template = find(element, selector) as HTMLTemplateElement | null;
  return template?.content.textContent ?? "";
}
