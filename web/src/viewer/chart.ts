/** Draws the lane chart on a canvas: knows how each stage of a life looks, and draws only what is in
 * view and can be told apart. */

import { lastUpTo, Stage, type Life, type Lifeline } from "./lifelines";
import { roundStep, type Scale } from "./scale";
import { seconds } from "./words";

export const ROW = 24;
export const AXIS = 22;

export interface Colours {
  readonly ink: string;
  readonly quiet: string;
  readonly rule: string;
  readonly ground: string;
  readonly running: string;
  readonly ready: string;
  readonly waiting: string;
  readonly error: string;
  readonly chosen: string;
  readonly font: string;
}

/** What is in view: `top` is how far the lanes are scrolled, `gutter` the width of their names. */
export interface View {
  readonly width: number;
  readonly height: number;
  readonly top: number;
  readonly gutter: number;
  readonly step: number;
  readonly selected: string | null;
  readonly hovered: number | null;
}

const MOST_ARROWS = 250;

export class Chart {
  constructor(
    private readonly pen: CanvasRenderingContext2D,
    private readonly life: Life,
    private readonly scale: Scale,
    public colours: Colours,
  ) {}

  draw(view: View): void {
    const { pen, colours } = this;
    pen.clearRect(0, 0, view.width, view.height);
    this.drawCursorBand(view);
    this.drawAxis(view);
    pen.save();
    pen.beginPath();
    pen.rect(0, AXIS, view.width, view.height - AXIS);
    pen.clip();
    const [first, last] = this.rows(view);
    for (let row = first; row <= last; row++) this.drawLane(row, view);
    this.drawWakes(view, first, last);
    pen.restore();
    this.drawCursor(view);
    pen.fillStyle = colours.rule;
    pen.fillRect(view.gutter - 1, 0, 1, view.height);
  }

  x(place: number, view: View): number {
    const { from, to } = this.scale;
    return view.gutter + ((place - from) / (to - from)) * (view.width - view.gutter);
  }

  y(row: number, view: View): number {
    return AXIS + row * ROW - view.top;
  }

  rows(view: View): [number, number] {
    const first = Math.max(0, Math.floor(view.top / ROW));
    const last = Math.ceil((view.top + view.height - AXIS) / ROW) - 1;
    return [first, Math.min(this.life.lines.length - 1, last)];
  }

  // Lanes -------------------------------------------------------------------------------------

  private drawLane(row: number, view: View): void {
    const line = this.life.lines[row];
    if (line === undefined) return;
    const { pen, colours } = this;
    const top = this.y(row, view);
    if (line.actor === view.selected || row === view.hovered) {
      pen.globalAlpha = line.actor === view.selected ? 1 : 0.5;
      pen.fillStyle = colours.chosen;
      pen.fillRect(0, top, view.width, ROW);
      pen.globalAlpha = 1;
    }
    this.drawName(line, top, view);
    pen.save();
    pen.beginPath();
    pen.rect(view.gutter, top, view.width - view.gutter, ROW);
    pen.clip();
    this.drawLife(line, top, view);
    pen.restore();
  }

  private drawName(line: Lifeline, top: number, view: View): void {
    const { pen, colours } = this;
    pen.font = `12px ${colours.font}`;
    pen.textBaseline = "middle";
    pen.textAlign = "left";
    pen.fillStyle = line.actor === view.selected ? colours.running : colours.ink;
    pen.fillText(fitted(pen, line.name, view.gutter - 16), 8, top + ROW / 2 + 0.5);
  }

  /** Waiting first and running last: what ran is never hidden, however small it is. */
  private drawLife(line: Lifeline, top: number, view: View): void {
    const spans = this.spans(line, view);
    for (const stage of [Stage.Waiting, Stage.Ready, Stage.Running]) {
      for (const span of spans) if (span.stage === stage) this.drawSpan(stage, span.left, span.right, top);
    }
    for (const at of line.cancels) this.drawSign("⊘", this.x(this.scale.place(at), view), top, this.colours.error, view);
    const end = line.stages.at(-1) === Stage.Done ? line.from.at(-1) : undefined;
    if (end !== undefined) this.drawEnding(line, this.x(this.scale.place(end), view), top, view);
  }

  /** The parts of a life that are in view; those that share a pixel are one. */
  private spans(line: Lifeline, view: View): Span[] {
    const found: Span[] = [];
    const first = Math.max(0, lastUpTo(line.from, this.scale.eventAt(this.scale.from)));
    for (let at = first; at < line.from.length; ) {
      const left = this.x(this.scale.place(line.from[at] ?? 0), view);
      if (left > view.width) break;
      const next = line.from[at + 1] ?? this.life.length;
      const right = this.x(this.scale.place(next), view);
      const stage = line.stages[at] ?? Stage.Idle;
      if (right - left >= 1) {
        found.push({ stage, left: Math.max(left, view.gutter - 4), right: Math.min(right, view.width + 4) });
        at += 1;
        continue;
      }
      // The last part that begins within this pixel may be long, and is looked at by itself.
      const after = Math.max(at + 1, lastUpTo(line.from, this.scale.eventAt(this.place(left + 1, view))));
      for (const busiest of busy(line, at, after)) found.push({ stage: busiest, left, right: left + 1 });
      at = after;
    }
    return found;
  }

  place(x: number, view: View): number {
    const { from, to } = this.scale;
    return from + ((x - view.gutter) / (view.width - view.gutter)) * (to - from);
  }

  private drawSpan(stage: Stage, left: number, right: number, top: number): void {
    const { pen, colours } = this;
    const middle = top + ROW / 2;
    if (stage === Stage.Running) {
      pen.fillStyle = colours.running;
      rounded(pen, left, middle - 8, Math.max(right - left - 0.5, 2.5), 16, 2.5);
    } else if (stage === Stage.Ready) {
      pen.strokeStyle = colours.ready;
      pen.lineWidth = 1.25;
      if (right - left < 4) {
        pen.fillStyle = colours.ready;
        pen.fillRect(left, middle - 4, Math.max(right - left, 1), 8);
      } else pen.strokeRect(left + 0.6, middle - 4, right - left - 1.6, 8);
    } else {
      pen.fillStyle = colours.waiting;
      pen.fillRect(left, middle - 1, Math.max(right - left, 1), 2);
    }
  }

  private drawEnding(line: Lifeline, x: number, top: number, view: View): void {
    const { colours } = this;
    if (line.ending === "error") this.drawSign("!", x + 7, top, colours.error, view);
    else if (line.ending === "cancelled") this.drawSign("⊘", x + 7, top, colours.quiet, view);
    else this.drawSign("✓", x + 7, top, colours.quiet, view);
  }

  private drawSign(sign: string, x: number, top: number, colour: string, view: View): void {
    if (x < view.gutter - 8 || x > view.width + 8) return;
    const { pen, colours } = this;
    pen.font = `600 12px ${colours.font}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineWidth = 3;
    pen.strokeStyle = colours.ground;
    pen.strokeText(sign, x, top + ROW / 2 + 0.5);
    pen.fillStyle = colour;
    pen.fillText(sign, x, top + ROW / 2 + 0.5);
  }

  // Who woke whom -----------------------------------------------------------------------------

  /** The wake-ups in view, or where they are too many, those of the selected actor. */
  wakesInView(view: View): { readonly event: number; readonly by: number; readonly lane: number }[] {
    const { wakes, laneOf } = this.life;
    const events = this.wakeEvents();
    const first = lastUpTo(events, this.scale.eventAt(this.scale.from) - 1) + 1;
    const last = lastUpTo(events, this.scale.eventAt(this.scale.to));
    const chosen = view.selected === null ? undefined : laneOf.get(view.selected);
    if (last - first <= MOST_ARROWS) return wakes.slice(first, last + 1).filter((wake) => wake.by !== wake.lane);
    const near = lastUpTo(events, view.step - 1);
    const few = wakes.slice(Math.max(0, near - 60), near + 60);
    return few.filter((wake) => wake.event === view.step - 1 || (chosen !== undefined && (wake.lane === chosen || wake.by === chosen)));
  }

  private events: number[] | null = null;

  private wakeEvents(): number[] {
    return (this.events ??= this.life.wakes.map((wake) => wake.event));
  }

  private drawWakes(view: View, first: number, last: number): void {
    const { pen, colours } = this;
    for (const wake of this.wakesInView(view)) {
      if (Math.max(wake.by, wake.lane) < first || Math.min(wake.by, wake.lane) > last) continue;
      const now = wake.event === view.step - 1;
      const x = Math.round(this.x(this.scale.place(wake.event), view)) + 0.5;
      if (x < view.gutter) continue;
      const down = wake.lane > wake.by;
      const start = this.y(wake.by, view) + ROW / 2 + (down ? 8 : -8);
      const end = this.y(wake.lane, view) + ROW / 2 + (down ? -5 : 5);
      pen.strokeStyle = pen.fillStyle = now ? colours.ink : colours.quiet;
      pen.globalAlpha = now ? 1 : 0.75;
      pen.lineWidth = now ? 2 : 1;
      pen.beginPath();
      pen.moveTo(x, start);
      pen.lineTo(x, end - (down ? 4 : -4));
      pen.stroke();
      arrowHead(pen, x, end, down ? 1 : -1, now ? 4.5 : 3.5);
      pen.globalAlpha = 1;
    }
  }

  // Time --------------------------------------------------------------------------------------

  private drawAxis(view: View): void {
    const { pen, colours } = this;
    pen.font = `11px ${colours.font}`;
    pen.textBaseline = "middle";
    pen.textAlign = "left";
    const marks = this.scale.measure === "turns" ? this.turnMarks(view) : this.clockMarks(view);
    for (const { x, label } of marks) {
      if (x < view.gutter - 1) continue;
      pen.fillStyle = colours.rule;
      pen.fillRect(Math.round(x), AXIS - 5, 1, view.height);
      if (label === "") continue;
      pen.fillStyle = colours.quiet;
      pen.fillText(label, Math.round(x) + 3, AXIS / 2);
    }
  }

  private turnMarks(view: View): Mark[] {
    const { turns } = this.life;
    const first = lastUpTo(turns, this.scale.from - 1) + 1;
    const last = lastUpTo(turns, this.scale.to);
    const room = (view.width - view.gutter) / 46;
    const every = Math.max(1, roundStep(last - first + 1, room));
    const marks: Mark[] = [];
    let free = 0;
    for (let at = first - (first % every); at <= last; at += every) {
      const event = turns[at];
      if (event === undefined) continue;
      const x = this.x(event, view);
      const label = x < free ? "" : marks.length === 0 ? `turn ${this.scale.turnAt(event)}` : String(this.scale.turnAt(event));
      if (label !== "") free = x + this.pen.measureText(label).width + 8;
      marks.push({ x, label });
    }
    return marks;
  }

  private clockMarks(view: View): Mark[] {
    const { from, to } = this.scale;
    const apart = roundStep(to - from, (view.width - view.gutter) / 70);
    const marks: Mark[] = [];
    for (let time = Math.ceil(from / apart) * apart; time <= to; time += apart) {
      marks.push({ x: this.x(time, view), label: `${seconds(time)} s` });
    }
    return marks;
  }

  private drawCursorBand(view: View): void {
    const [left, right] = this.cursor(view);
    if (right < view.gutter) return;
    const { pen, colours } = this;
    pen.fillStyle = colours.chosen;
    pen.fillRect(left, AXIS, Math.max(right - left, 1), view.height);
  }

  private drawCursor(view: View): void {
    const [left, right] = this.cursor(view);
    const x = right - left > 3 ? (left + right) / 2 : left;
    if (x < view.gutter - 1) return;
    const { pen, colours } = this;
    pen.fillStyle = colours.ink;
    if (right - left <= 3) pen.fillRect(Math.round(x) - 0.5, AXIS - 4, 1.5, view.height);
    arrowHead(pen, x, AXIS, 1, 5);
  }

  private cursor(view: View): [number, number] {
    const { scale } = this;
    const at = Math.max(0, view.step - 1);
    const left = this.x(scale.place(at), view);
    return [left, scale.measure === "turns" ? this.x(scale.place(at) + 1, view) : left];
  }
}

interface Span {
  readonly stage: Stage;
  readonly left: number;
  readonly right: number;
}

interface Mark {
  readonly x: number;
  readonly label: string;
}

/** The stages among the parts from `first` to `end` of a life, most telling last. */
function busy(line: Lifeline, first: number, end: number): Stage[] {
  const most = Math.min(end, first + 64);
  const seen = new Set(line.stages.slice(first, most));
  return [Stage.Waiting, Stage.Ready, Stage.Running].filter((stage) => seen.has(stage));
}

function rounded(pen: CanvasRenderingContext2D, x: number, y: number, width: number, height: number, radius: number): void {
  if (width < 6) {
    pen.fillRect(x, y, width, height);
    return;
  }
  pen.beginPath();
  pen.roundRect(x, y, width, height, radius);
  pen.fill();
}

function arrowHead(pen: CanvasRenderingContext2D, x: number, y: number, direction: 1 | -1, size: number): void {
  pen.beginPath();
  pen.moveTo(x, y);
  pen.lineTo(x - size, y - direction * size * 1.5);
  pen.lineTo(x + size, y - direction * size * 1.5);
  pen.fill();
}

/** As much of the text as fits. */
function fitted(pen: CanvasRenderingContext2D, text: string, width: number): string {
  if (pen.measureText(text).width <= width) return text;
  let end = text.length - 1;
  while (end > 1 && pen.measureText(`${text.slice(0, end)}…`).width > width) end -= 1;
  return `${text.slice(0, end)}…`;
}
