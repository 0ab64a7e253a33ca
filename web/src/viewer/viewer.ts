/** The trace viewer: knows the step that is shown, and makes all its drawings show that one. */

import { make } from "../dom";
import { CodePane } from "./code";
import { Controls, type Move } from "./controls";
import type { Trace } from "./format";
import { Lanes } from "./lanes";
import { isTask, livesOf } from "./lifelines";
import { FrameNames, nextSwitch, nextTurn, previousSwitch, previousTurn, runToLine } from "./moves";
import { paint, prose } from "./paint";
import { Printed } from "./printed";
import { traceOf, TraceError } from "./read";
import { remarks, stepsOf, type Address } from "./remarks";
import { History, replay } from "./replay";
import { Shelf } from "./shelf";
import type { State } from "./state";
import { Tabs } from "./tabs";
import { followTheme, type Theme } from "./theme";
import { TurnTable } from "./turns";
import styles from "./viewer.css";
import { actorName, seconds, taskName } from "./words";

export interface Options {
  /** The step to begin with; the first is 1. */
  readonly step?: number;
  /** Without it the viewer follows the page. */
  readonly theme?: Theme;
  /** Where the book explains a remark; without it the chapter is named and not linked. */
  readonly chapter?: Address;
  /** Called after each step that was drawn. */
  readonly onStep?: (step: number) => void;
}

export interface Mounted {
  /** Shows the step; the first is 1. */
  goto(step: number): void;
  readonly step: number;
  /** How many steps there are. */
  readonly steps: number;
  destroy(): void;
}

/** Shows `trace` in `element`. What is no trace is said there in words. */
export function mount(element: HTMLElement, trace: Trace | string, options: Options = {}): Mounted {
  adoptStyles(element);
  try {
    return new Viewer(element, traceOf(trace), options);
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    const note = make("div", { class: "gv gv-failed", role: "alert" }, error.message);
    element.append(note);
    return { goto: () => undefined, step: 0, steps: 0, destroy: () => note.remove() };
  }
}

let sheet: CSSStyleSheet | null = null;

function adoptStyles(element: HTMLElement): void {
  const root = element.getRootNode();
  const home = root instanceof ShadowRoot ? root : document;
  if (sheet === null) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
  }
  if (!home.adoptedStyleSheets.includes(sheet)) home.adoptedStyleSheets = [...home.adoptedStyleSheets, sheet];
}

class Viewer implements Mounted {
  step = 0;
  private readonly root = make("div", { class: "gv", tabindex: "-1", role: "group", "aria-label": "Step through the run" });
  private readonly sentence = make("p", { class: "gv-sentence", "aria-live": "polite" });
  private readonly where = make("p", { class: "gv-where" });
  private readonly history: History;
  private readonly frames: FrameNames;
  private readonly controls: Controls;
  private readonly code: CodePane;
  private readonly shelf: Shelf;
  private readonly lanes: Lanes | null;
  private readonly turns: TurnTable | null;
  private readonly printed: Printed | null;
  private readonly unfollow: () => void;
  private selected: string | null = null;
  private actor: string | null = null;
  private wanted = 1;
  private frame = 0;
  private playing = 0;

  constructor(
    parent: HTMLElement,
    private readonly trace: Trace,
    private readonly options: Options,
  ) {
    const life = livesOf(trace);
    this.history = new History(trace.events);
    this.frames = new FrameNames(trace.events);
    this.controls = new Controls(this.steps, { switches: true, turns: life.turns.length > 0 }, this, stepsOf(trace));
    this.code = new CodePane(trace.sources, this);
    this.shelf = new Shelf(life.hasTasks);
    this.lanes = life.hasTasks ? new Lanes(trace, life, this) : null;
    this.turns = life.hasLoop && life.turns.length > 0 ? new TurnTable() : null;
    this.printed = life.prints.length > 0 ? new Printed(trace.events, life.prints) : null;
    this.build();
    parent.append(this.root);
    this.unfollow = followTheme((theme) => this.colour(options.theme ?? theme));
    this.listen();
    this.draw(Math.max(1, Math.min(this.steps, options.step ?? 1)));
  }

  get steps(): number {
    return this.trace.events.length;
  }

  goto(step: number): void {
    this.pause();
    this.go(step);
  }

  destroy(): void {
    this.pause();
    cancelAnimationFrame(this.frame);
    this.unfollow();
    this.lanes?.destroy();
    this.root.remove();
  }

  // What the drawings and the controls ask for ------------------------------------------------

  /** Shows the step with the next frame of the screen: of many asked for at once, the last. */
  go(step: number): void {
    this.wanted = Math.max(1, Math.min(this.steps, Math.round(step) || 1));
    if (this.frame === 0) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.draw(this.wanted);
      });
    }
  }

  select(actor: string): void {
    if (isTask(actor)) this.selected = actor;
    this.go(this.wanted);
  }

  private unfollowTask(): void {
    this.selected = null;
    this.go(this.wanted);
    this.root.focus({ preventScroll: true });
  }

  runTo(file: string, line: number): void {
    const step = runToLine(this.trace.events, this.wanted, file, line, this.frames);
    if (step === null) this.where.textContent = `Line ${line} is never reached.`;
    else this.goto(step);
  }

  move(move: Move): void {
    if (move === "help") return this.controls.toggleHelp();
    if (move === "play") return this.playing === 0 ? this.play() : this.pause();
    this.pause();
    this.go(this.target(move) ?? this.wanted);
  }

  private target(move: Move): number | null {
    const { events } = this.trace;
    const { wanted, frames } = this;
    switch (move) {
      case "first":
        return 1;
      case "back":
        return wanted - 1;
      case "forward":
        return wanted + 1;
      case "last":
        return this.steps;
      case "next switch":
        return nextSwitch(events, wanted, this.followed, frames);
      case "previous switch":
        return previousSwitch(events, wanted, this.followed, frames);
      case "next turn":
        return nextTurn(events, wanted);
      case "previous turn":
        return previousTurn(events, wanted);
      default:
        return null;
    }
  }

  /** The task whose switches are meant: the selected one, or the one that ran last. */
  private get followed(): string | null {
    return this.selected ?? this.actor;
  }

  // Playing -----------------------------------------------------------------------------------

  private play(): void {
    if (this.wanted >= this.steps) this.wanted = 1;
    let [last, due] = [performance.now(), 1];
    const beat = (now: number) => {
      due += ((now - last) / 1000) * this.controls.speed;
      last = now;
      const whole = Math.floor(due);
      due -= whole;
      if (whole > 0) this.go(this.wanted + whole);
      if (this.wanted >= this.steps) return this.pause();
      this.playing = requestAnimationFrame(beat);
    };
    this.playing = requestAnimationFrame(beat);
    // Nobody can listen as fast as it plays.
    this.sentence.setAttribute("aria-live", "off");
    this.controls.draw(this.wanted, true);
  }

  private pause(): void {
    if (this.playing === 0) return;
    cancelAnimationFrame(this.playing);
    this.playing = 0;
    this.sentence.setAttribute("aria-live", "polite");
    this.controls.draw(this.wanted, false);
  }

  // The page ----------------------------------------------------------------------------------

  private build(): void {
    const { code, shelf, lanes, turns, printed } = this;
    const head = make("div", { class: "gv-head" }, this.where, this.sentence, this.controls.element, this.controls.help);
    const panes = [shelf.element, lanes?.element, turns?.element, printed?.element].filter((pane) => pane !== undefined);
    const tabs = new Tabs(panes, () => this.redraw());
    const body = make("div", { class: "gv-body" }, ...(code.empty ? [] : [code.element]), tabs.element, ...panes);
    this.root.dataset["panes"] = panes.map((pane) => pane.classList[1]).join(" ");
    this.root.append(make("div", { class: "gv-inside" }, head, ...remarks(this.trace, this.options.chapter ?? (() => undefined)), body));
  }

  private listen(): void {
    this.root.addEventListener("keydown", this.controls.onKey);
    this.root.addEventListener("click", (event) => {
      if ((event.target as Element).closest(".gv-part-follows") !== null) return this.unfollowTask();
      const target = (event.target as Element).closest<HTMLElement>("[data-go]");
      if (target === null) return;
      const { go, task } = target.dataset;
      if (task !== undefined) this.selected = task;
      this.goto(Number(go));
    });
  }

  private colour(theme: Theme): void {
    this.root.dataset["theme"] = theme;
    this.lanes?.recolour();
  }

  private redraw(): void {
    if (this.step > 0) this.draw(this.step);
  }

  private draw(step: number): void {
    const state = this.history.at(step);
    this.step = this.wanted = step;
    const { event } = state;
    if (event !== null && isTask(event.who)) this.actor = event.who;
    this.drawHead(state);
    this.controls.draw(step, this.playing !== 0);
    this.code.draw(state);
    this.turns?.draw(state);
    this.printed?.draw(state);
    this.shelf.draw(state, this.selected);
    // These two measure what the others have drawn.
    this.lanes?.draw(state, this.selected);
    this.code.reveal();
    this.options.onStep?.(step);
  }

  private drawHead(state: State): void {
    const { event } = state;
    paint(this.sentence, event === null ? ["This trace is empty."] : prose(event.say));
    if (event === null) return;
    const part = (kind: string, ...words: (Node | string)[]) => make("span", { class: `gv-part gv-part-${kind}` }, ...words);
    const parts = [part("step", "step ", make("b", {}, String(state.step)), ` of ${this.steps}`)];
    if (this.lanes !== null) parts.push(part("who", actorName(state, event.who)));
    if (this.turns !== null) parts.push(part("turn", event.turn === 0 ? "before the first turn" : `turn ${event.turn}`));
    if (this.turns !== null || event.t > 0) parts.push(part("clock", `t = ${seconds(event.t)} s`));
    if (this.selected !== null) parts.push(this.follows(state, this.selected));
    paint(this.where, parts);
  }

  private follows(state: State, task: string): HTMLElement {
    const name = taskName(state.tasks.get(task)) ?? task;
    return make(
      "button",
      { type: "button", class: "gv-part gv-part-follows", title: `Follow ${name} no longer` },
      `following ${name} `,
      make("span", { "aria-hidden": "true" }, "×"),
    );
  }
}

// For tests: the states behind the drawings. For notebooks: the widget.
export { History, replay, traceOf };
export { widget as default } from "./widget";
