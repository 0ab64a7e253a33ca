/** The lane chart's pane: knows which part of all lanes is in view, and what the reader points at. */

import { make } from "../dom";
import type { Trace } from "./format";
import { AXIS, Chart, ROW, type Colours, type View } from "./chart";
import { lastUpTo, Stage, type Life } from "./lifelines";
import { Scale, type Measure } from "./scale";
import type { State } from "./state";

/** So many lanes are shown at once; the others are scrolled to. */
const MOST_ROWS = 12;

export interface LaneListener {
  go(step: number): void;
  select(actor: string): void;
}

interface Target {
  readonly lane: number | null;
  /** The step that a click goes to. */
  readonly step: number | null;
  readonly say: string;
}

export class Lanes {
  readonly element = make("div", { class: "gv-pane gv-lanes", role: "group", "aria-label": "Lanes" });
  private readonly canvas = make("canvas", { role: "img" });
  private readonly scroll = make("div", { class: "gv-lanes-scroll", tabindex: "0", role: "group", "aria-label": "Lane chart" });
  private readonly tip = make("div", { class: "gv-tip", hidden: true });
  private readonly scale: Scale;
  private readonly chart: Chart;
  private readonly watcher: ResizeObserver;
  private size = { width: 0, height: 0 };
  private step = 0;
  private selected: string | null = null;
  private hovered: number | null = null;
  private lastActor: string | null = null;
  private top = 0;

  constructor(
    private readonly trace: Trace,
    private readonly life: Life,
    private readonly listener: LaneListener,
  ) {
    this.scale = new Scale(trace);
    const pen = this.canvas.getContext("2d");
    if (pen === null) throw new Error("glassloop: this browser draws no canvas");
    this.chart = new Chart(pen, life, this.scale, coloursOf(this.element));
    const sheet = make("div", { class: "gv-lanes-sheet" });
    sheet.style.height = `${AXIS + life.lines.length * ROW}px`;
    this.scroll.style.height = `${AXIS + Math.min(MOST_ROWS, life.lines.length) * ROW + 2}px`;
    sheet.append(this.canvas);
    this.scroll.append(sheet);
    this.element.append(this.header(), this.scroll, this.tip);
    this.watcher = new ResizeObserver(() => this.resize());
    this.watcher.observe(this.scroll);
    this.listen();
  }

  draw(state: State, selected: string | null): void {
    this.step = state.step;
    this.selected = selected;
    this.scale.reveal(Math.max(0, state.step - 1));
    const who = state.event?.who ?? null;
    if (who !== this.lastActor) this.revealLane(who);
    this.lastActor = who;
    this.canvas.setAttribute("aria-label", this.alternative(state));
    this.redraw();
  }

  /** The page has become light or dark. */
  recolour(): void {
    this.chart.colours = coloursOf(this.element);
    this.redraw();
  }

  destroy(): void {
    this.watcher.disconnect();
  }

  private header(): HTMLElement {
    const measures = make("div", { class: "gv-group", role: "group", "aria-label": "Time by" });
    const buttons = (["turns", "clock"] as const).map((measure) =>
      button(measure === "turns" ? "by turn" : "by clock", () => this.use(measure, buttons), measure === "turns"),
    );
    measures.append(...buttons);
    const zoom = make("div", { class: "gv-group", role: "group", "aria-label": "Zoom" });
    zoom.append(
      button("−", () => this.zoom(2), null, "Zoom out"),
      button("+", () => this.zoom(0.5), null, "Zoom in"),
      button("show all", () => this.fit(), null),
    );
    measures.hidden = !this.scale.hasClock;
    return make("div", { class: "gv-lanes-head" }, make("p", { class: "gv-title" }, "Lanes"), legend(), measures, zoom);
  }

  private use(measure: Measure, buttons: readonly HTMLElement[]): void {
    this.scale.use(measure);
    buttons.forEach((each, at) => each.setAttribute("aria-pressed", String((at === 0) === (measure === "turns"))));
    this.redraw();
  }

  private zoom(factor: number): void {
    this.scale.zoom(factor, this.scale.place(Math.max(0, this.step - 1)));
    this.scale.reveal(Math.max(0, this.step - 1));
    this.redraw();
  }

  private fit(): void {
    this.scale.fit();
    this.redraw();
  }

  // The size of the canvas --------------------------------------------------------------------

  private resize(): void {
    const width = this.scroll.clientWidth;
    const height = this.scroll.clientHeight;
    if (width === 0 || (width === this.size.width && height === this.size.height)) return;
    this.size = { width, height };
    const dense = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * dense);
    this.canvas.height = Math.round(height * dense);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.canvas.getContext("2d")?.setTransform(dense, 0, 0, dense, 0, 0);
    this.revealLane(this.lastActor);
    this.redraw();
  }

  private view(): View {
    const { width, height } = this.size;
    const gutter = Math.round(Math.min(140, Math.max(64, width * 0.16)));
    const { step, selected, hovered } = this;
    return { width, height, top: this.top, gutter, step, selected, hovered };
  }

  private redraw(): void {
    if (this.size.width > 0) this.chart.draw(this.view());
  }

  private revealLane(actor: string | null): void {
    const row = this.life.laneOf.get(actor ?? "");
    if (row === undefined || this.life.lines.length <= MOST_ROWS || this.size.height === 0) return;
    const top = row * ROW;
    const room = this.size.height - AXIS - ROW;
    if (top >= this.top && top <= this.top + room) return;
    this.scroll.scrollTop = top - room / 2;
    this.top = this.scroll.scrollTop;
  }

  // What the reader points at -----------------------------------------------------------------

  private listen(): void {
    const { canvas } = this;
    let grip: { x: number; moved: boolean } | null = null;
    canvas.addEventListener("pointerdown", (event) => {
      grip = { x: event.clientX, moved: false };
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (grip === null) return this.hover(event);
      const by = event.clientX - grip.x;
      if (!grip.moved && Math.abs(by) < 4) return;
      const view = this.view();
      this.scale.pan((-by / (view.width - view.gutter)) * (this.scale.to - this.scale.from));
      grip = { x: event.clientX, moved: true };
      this.redraw();
    });
    canvas.addEventListener("pointerup", (event) => {
      if (grip !== null && !grip.moved) this.click(event);
      grip = null;
    });
    canvas.addEventListener("pointercancel", () => (grip = null));
    canvas.addEventListener("pointerleave", () => this.leave());
    this.scroll.addEventListener("scroll", () => {
      // Asked for here and not while drawing, where it would make the browser lay out the page.
      if (this.top === this.scroll.scrollTop) return;
      this.top = this.scroll.scrollTop;
      this.redraw();
    });
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
  }

  private wheel(event: WheelEvent): void {
    const view = this.view();
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      this.scale.zoom(Math.exp(event.deltaY * 0.004), this.chart.place(event.offsetX, view));
    } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
      event.preventDefault();
      const by = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
      this.scale.pan((by / (view.width - view.gutter)) * (this.scale.to - this.scale.from));
    } else return;
    this.redraw();
  }

  private hover(event: PointerEvent): void {
    const target = this.target(event.offsetX, event.offsetY);
    this.hovered = target.lane;
    this.canvas.style.cursor = target.step === null ? "default" : "pointer";
    this.tip.hidden = target.say === "" || event.pointerType === "touch";
    this.tip.textContent = target.say;
    const room = this.element.clientWidth - this.tip.offsetWidth - 8;
    this.tip.style.left = `${Math.max(0, Math.min(event.offsetX + 14, room))}px`;
    this.tip.style.top = `${event.offsetY + this.scroll.offsetTop + 18}px`;
    this.redraw();
  }

  private leave(): void {
    this.hovered = null;
    this.tip.hidden = true;
    this.redraw();
  }

  private click(event: PointerEvent): void {
    const { lane, step } = this.target(event.offsetX, event.offsetY);
    const actor = lane === null ? undefined : this.life.lines[lane]?.actor;
    if (actor !== undefined) this.listener.select(actor);
    if (step !== null) this.listener.go(step);
  }

  private target(x: number, y: number): Target {
    const view = this.view();
    if (y < AXIS) return { lane: null, step: this.scale.eventAt(this.chart.place(x, view)) + 1, say: "" };
    const row = Math.floor((y - AXIS + view.top) / ROW);
    const line = this.life.lines[row];
    if (line === undefined) return { lane: null, step: null, say: "" };
    if (x < view.gutter) return { lane: row, step: this.lastSwitch(row), say: line.name };
    const wake = this.wakeAt(x, row, view);
    if (wake !== null) return { lane: null, step: wake + 1, say: this.saying(wake) };
    const at = lastUpTo(line.from, this.scale.eventAt(this.chart.place(x, view)));
    const from = line.from[at];
    const stage = line.stages[at];
    if (from === undefined || stage === undefined || stage === Stage.Idle) return { lane: row, step: null, say: line.name };
    return { lane: row, step: from + 1, say: `${line.name}, ${STAGES[stage] ?? ""}. ${this.saying(from)}` };
  }

  private saying(at: number): string {
    return `Step ${at + 1}: ${this.trace.events[at]?.say.replaceAll("`", "") ?? ""}`;
  }

  private lastSwitch(row: number): number | null {
    const from = this.life.lines[row]?.from ?? [];
    const at = from[Math.max(0, lastUpTo(from, this.step - 1))];
    return at === undefined ? null : at + 1;
  }

  /** The wake-up whose arrow passes here. */
  private wakeAt(x: number, row: number, view: View): number | null {
    for (const wake of this.chart.wakesInView(view)) {
      const [above, below] = wake.by < wake.lane ? [wake.by, wake.lane] : [wake.lane, wake.by];
      if (row < above || row > below) continue;
      // In the lanes at its ends the bars come first, but for the arrow itself.
      const reach = row === above || row === below ? 2 : 5;
      if (Math.abs(this.chart.x(this.scale.place(wake.event), view) - x) <= reach) return wake.event;
    }
    return null;
  }

  private alternative(state: State): string {
    const tasks = [...state.tasks.values()];
    const count = (stage: string) => tasks.filter((task) => task.stage === stage).length;
    return (
      `Lane chart of ${this.life.lines.length} actors. At step ${state.step}: ${count("running")} tasks running, ` +
      `${count("ready")} ready, ${count("waiting")} waiting, ${count("done")} done.`
    );
  }
}

const STAGES: Readonly<Partial<Record<Stage, string>>> = {
  [Stage.Running]: "running",
  [Stage.Ready]: "ready",
  [Stage.Waiting]: "waiting",
  [Stage.Done]: "done",
};

function legend(): HTMLElement {
  const entry = (kind: string) => make("span", { class: `gv-key gv-key-${kind}` }, make("i", { "aria-hidden": "true" }), kind);
  return make("div", { class: "gv-legend" }, entry("running"), entry("ready"), entry("waiting"), make("span", { class: "gv-key" }, "↓ wakes"));
}

function button(text: string, act: () => void, pressed: boolean | null, label = text): HTMLElement {
  const made = make("button", { type: "button", class: "gv-small", title: label, "aria-label": label }, text);
  if (pressed !== null) made.setAttribute("aria-pressed", String(pressed));
  made.addEventListener("click", act);
  return made;
}

/** The style sheet's colours: a canvas does not read them by itself. */
function coloursOf(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(`--gv-${name}`).trim() || "#888";
  return {
    ink: read("ink"),
    quiet: read("quiet"),
    rule: read("rule"),
    ground: read("ground"),
    running: read("running"),
    ready: read("ready"),
    waiting: read("waiting"),
    error: read("error"),
    chosen: read("chosen"),
    font: style.getPropertyValue("--gv-ui").trim() || "sans-serif",
  };
}
