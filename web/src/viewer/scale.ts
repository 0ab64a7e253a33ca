/** Knows where on the lane chart's line of time each event stands, by step or by the clock. */

import type { Trace } from "./format";
import { lastUpTo } from "./lifelines";

export type Measure = "turns" | "clock";

/** Times of a trace, and the part of them that is in view. */
export class Scale {
  measure: Measure = "turns";
  /** What is in view, in steps or in seconds. */
  from = 0;
  to = 1;
  private readonly times: Float64Array;

  constructor(private readonly trace: Trace) {
    this.times = Float64Array.from(trace.events, (event) => event.t);
    this.fit();
  }

  get length(): number {
    return this.times.length;
  }

  /** The number of the turn in which the event happened. */
  turnAt(at: number): number {
    return this.trace.events[at]?.turn ?? 0;
  }

  /** Whether the clock ever moved. */
  get hasClock(): boolean {
    return this.end > (this.times[0] ?? 0);
  }

  /** Where the event with number `at` begins; an event lasts until the next. */
  place(at: number): number {
    if (this.measure === "turns") return at;
    return this.times[Math.min(at, this.length - 1)] ?? 0;
  }

  /** The event that stands at `place`. */
  eventAt(place: number): number {
    if (this.measure === "turns") return Math.max(0, Math.min(this.length - 1, Math.floor(place)));
    return Math.max(0, lastUpTo(this.times as unknown as readonly number[], place));
  }

  fit(): void {
    this.from = this.begin;
    this.to = this.begin + this.whole;
  }

  use(measure: Measure): void {
    const middle = this.eventAt((this.from + this.to) / 2);
    const share = (this.to - this.from) / this.whole;
    this.measure = measure;
    this.fit();
    if (share < 0.999) this.zoom(share, this.place(middle));
  }

  /** Makes what is in view `factor` times as long; `fixed` stays where it is. */
  zoom(factor: number, fixed: number): void {
    const least = this.measure === "turns" ? Math.min(8, this.length) : this.whole / 1e6;
    const length = Math.max(least, Math.min(this.whole, (this.to - this.from) * factor));
    const share = (fixed - this.from) / (this.to - this.from);
    this.move(fixed - share * length, length);
  }

  pan(by: number): void {
    this.move(this.from + by, this.to - this.from);
  }

  /** Brings the event into view if it is not, with some room around it. */
  reveal(at: number): void {
    const place = this.place(at);
    const length = this.to - this.from;
    if (length >= this.whole) return;
    const room = length * 0.1;
    if (place < this.from + room || place > this.to - room) this.move(place - length / 2, length);
  }

  private get begin(): number {
    return this.measure === "turns" ? 0 : (this.times[0] ?? 0) - this.clockLength * 0.02;
  }

  private get end(): number {
    return this.times[this.length - 1] ?? 0;
  }

  private get clockLength(): number {
    return this.end - (this.times[0] ?? 0);
  }

  /** By the clock there is some room at both ends, since much happens in no time. */
  private get whole(): number {
    return this.measure === "turns" ? Math.max(1, this.length) : this.clockLength * 1.06 || 1;
  }

  private move(from: number, length: number): void {
    this.from = Math.max(this.begin, Math.min(this.begin + this.whole - length, from));
    this.to = this.from + length;
  }
}

/** A round distance between marks, of which about `count` fit into `length`. */
export function roundStep(length: number, count: number): number {
  const rough = length / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
}
