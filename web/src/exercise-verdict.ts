/** The verdict on an attempt: knows the plain words for each, and where they stand. */

import { make } from "./dom";
import { Output } from "./output";
import type { Verdict } from "./protocol";

const HEADS: Readonly<Record<Verdict["kind"], string>> = {
  passed: "Solved.",
  failed: "Not yet.",
  error: "It raised an error.",
  endless: "It did not end.",
  deadlock: "It waits for ever.",
  forbidden: "Not this way.",
};

export class VerdictBox {
  private readonly words = make("div", { class: "exercise-verdict", role: "status" });
  private readonly printed = make("div", { class: "exercise-printed", hidden: true });
  private readonly output: Output;

  constructor(exercise: HTMLElement, private readonly enterLine: (line: number) => void) {
    const whose = exercise.dataset["form"] === "order" ? "The program prints:" : "Your attempt printed:";
    this.printed.append(make("p", { class: "exercise-caption" }, whose));
    this.output = new Output(this.printed);
  }

  get elements(): readonly HTMLElement[] {
    return [this.words, this.printed];
  }

  show(verdict: Verdict): void {
    const head = make("p", {}, make("strong", {}, HEADS[verdict.kind]), ...this.place(verdict.line));
    const message = make("p", { class: "exercise-message" }, ...withCode(verdict.message));
    this.words.dataset["kind"] = verdict.kind;
    this.words.replaceChildren(head, ...(verdict.message === "" ? [] : [message]));
    this.output.begin();
    this.output.write("out", verdict.output);
    this.output.end();
    this.printed.hidden = verdict.output === "";
  }

  clear(): void {
    this.words.replaceChildren();
    delete this.words.dataset["kind"];
    this.printed.hidden = true;
  }

  private place(line: number | null): readonly (Node | string)[] {
    if (line === null) return [];
    const link = make("button", { type: "button", class: "exercise-line", title: "Go to the line" }, `Line ${line}`);
    link.addEventListener("click", () => this.enterLine(line));
    return [" ", link];
  }
}

/** Words between backticks stand as code. */
function withCode(text: string): readonly (Node | string)[] {
  return text.split(/`([^`\n]+)`/).map((part, index) => (index % 2 === 1 ? make("code", { class: "literal" }, part) : part));
}
