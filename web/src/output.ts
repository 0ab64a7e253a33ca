/** A cell's output block: knows what it shows, and draws a flood of text once a frame. */

import { find, make } from "./dom";
import type { Stream } from "./protocol";
import { letKeysScroll } from "./scroll";

interface Piece {
  readonly stream: Stream;
  text: string;
}

export class Output {
  private readonly block: HTMLElement;
  private readonly text: HTMLElement;
  private recorded: readonly Node[];
  private readonly note = make("p", { class: "cell-output-note", hidden: true });
  private pending: Piece[] = [];
  private frame = 0;
  private fresh = false;
  private readonly veil = make("p", { class: "cell-output-veil", hidden: true });
  /** How many questions hold the output back. */
  private held = 0;
  private isLive = false;

  constructor(cell: HTMLElement) {
    this.block = find(cell, ".cell-output") ?? cell.appendChild(make("div", { class: "cell-output" }));
    this.text = find(this.block, "pre") ?? this.block.appendChild(make("pre"));
    this.recorded = [...this.text.childNodes].map((node) => node.cloneNode(true));
    this.block.prepend(this.note, this.veil);
    this.refresh();
    letKeysScroll(this.block, "Output");
  }

  /** Whether it shows what a run in this page printed. */
  get live(): boolean {
    return this.isLive;
  }

  /** A run starts. What is shown stays until the run prints or ends, so that the page holds still. */
  begin(): void {
    this.fresh = true;
  }

  write(stream: Stream, text: string): void {
    const last = this.pending.at(-1);
    if (last?.stream === stream) last.text += text;
    else this.pending.push({ stream, text });
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  /** The run has ended: draws what is still to be drawn, at once. */
  end(): void {
    cancelAnimationFrame(this.frame);
    this.draw();
  }

  /** The run never began: what is shown stays. */
  abandon(): void {
    this.fresh = false;
  }

  /** Shows again what the book recorded. */
  restore(): void {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    this.pending = [];
    this.fresh = false;
    this.isLive = false;
    this.text.replaceChildren(...this.recorded.map((node) => node.cloneNode(true)));
    this.explain("");
  }

  /** Shows nothing, until a run prints or what was recorded is restored. */
  clear(): void {
    this.text.replaceChildren();
    this.refresh();
  }

  /** Takes another output in place of what the book recorded. */
  load(recorded: readonly Node[]): void {
    this.recorded = recorded;
    this.restore();
  }

  markStale(): void {
    this.explain("From before the change above");
  }

  /** Hides the output behind a line of text, until each who hid it has called `reveal`. */
  conceal(why: string): void {
    this.held += 1;
    this.veil.textContent = why;
    this.refresh();
  }

  get concealed(): boolean {
    return this.held > 0;
  }

  reveal(): void {
    this.held -= 1;
    this.refresh();
  }

  private draw(): void {
    this.frame = 0;
    if (this.fresh) {
      this.fresh = false;
      this.isLive = true;
      this.text.replaceChildren();
      this.explain("");
    }
    for (const { stream, text } of this.pending) {
      const last = this.text.lastElementChild;
      const span = last?.className === stream ? last : this.text.appendChild(make("span", { class: stream }));
      span.append(text);
    }
    this.pending = [];
    this.refresh();
  }

  private explain(note: string): void {
    this.note.textContent = note;
    this.note.hidden = note === "";
    this.block.classList.toggle("stale", note !== "");
    this.refresh();
  }

  private refresh(): void {
    const empty = this.text.textContent === "";
    const held = this.concealed;
    this.veil.hidden = !held;
    this.text.hidden = empty || held;
    this.block.hidden = empty && !held;
  }
}
