/** One card: knows its text, how deep it is indented, and what is marked on it. */

import { find, make } from "./dom";

export type Move = "up" | "down" | "left" | "right";

const INDENT = "    ";
const DEEPEST = 6;
const TIMES = ["Not indented", "Indented once", "Indented twice"];

export class Card {
  private readonly lines: readonly string[];
  private readonly note = make("span", { class: "card-note" });
  /** The indent, for those who hear it. */
  private readonly depthWords = make("span", { class: "spoken" });
  private depth = 0;

  constructor(readonly element: HTMLElement) {
    this.lines = (find(element, "code")?.textContent ?? "").replace(/\n$/, "").split("\n");
    element.classList.add("card");
    element.setAttribute("role", "option");
    element.append(this.depthWords, this.note, make("span", { class: "card-grip", "aria-hidden": "true" }));
  }

  get height(): number {
    return this.lines.length;
  }

  get text(): string {
    return this.lines.map((line) => (line === "" ? "" : INDENT.repeat(this.depth) + line)).join("\n");
  }

  get level(): number {
    return this.depth;
  }

  set level(level: number) {
    this.depth = Math.max(0, Math.min(DEEPEST, level));
    this.element.style.setProperty("--level", String(this.depth));
    this.depthWords.textContent = this.depth === 0 ? "" : `, ${this.indent.toLowerCase()}`;
  }

  get indent(): string {
    return TIMES[this.depth] ?? `Indented ${this.depth} times`;
  }

  /** Takes the indent that it has at the head of these lines; false where it is not there. */
  takeFrom(lines: readonly string[]): boolean {
    const [first = ""] = lines;
    const depth = (first.length - first.trimStart().length) / INDENT.length;
    const before = this.depth;
    this.depth = depth;
    const fits = this.text === lines.slice(0, this.height).join("\n");
    this.depth = before;
    if (fits) this.level = depth;
    return fits;
  }

  choose(chosen: boolean): void {
    this.element.tabIndex = chosen ? 0 : -1;
    this.element.setAttribute("aria-selected", String(chosen));
  }

  hold(held: boolean): void {
    this.element.classList.toggle("held", held);
  }

  /** Writes a word on it, in the manner of `kind`. */
  mark(words: string, kind = ""): void {
    this.note.textContent = words;
    this.element.classList.remove("right", "wrong", "line-marked");
    if (kind !== "") this.element.classList.add(kind);
  }
}
