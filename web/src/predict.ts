/** A prediction: knows its question, holds back the next cell's output, and judges the answer. */

import type { Cell } from "./cell";
import { find, findAll, make, need } from "./dom";
import { answerTo, keepAnswer } from "./progress";
import { page } from "./site";

const VEIL = "Answer the question above to see the output, or run the cell.";
const VEIL_RECORDED = "Answer the question above to see the output.";

interface Option {
  readonly input: HTMLInputElement;
  readonly row: HTMLElement;
  readonly feedback: HTMLElement | null;
  readonly correct: boolean;
}

export class Prediction {
  private readonly options: readonly Option[];
  private readonly question: string;
  private readonly name: string;
  private readonly check = button("Check", "prediction-check");
  private readonly show = button("Show me", "prediction-show");
  private readonly actions = make("div", { class: "predict-actions" }, this.check, this.show);
  private readonly verdict = make("p", { class: "predict-verdict", role: "status" });
  private answered = false;

  constructor(
    private readonly box: HTMLElement,
    private readonly cell: Cell | null,
  ) {
    this.options = findAll(box, ".predict-option").map(readOption);
    this.question = need(box, "legend").textContent?.trim() ?? "";
    this.name = `${page}#${box.id}`;
    box.classList.add("live");
    box.append(this.actions, this.verdict);
    box.addEventListener("change", () => this.refresh());
    this.check.addEventListener("click", () => this.submit());
    this.show.addEventListener("click", () => this.giveUp(this.whereToLook()));
    this.refresh();
    this.holdBack();
    this.restore();
  }

  private get chosen(): readonly Option[] {
    return this.options.filter((option) => option.input.checked);
  }

  private holdBack(): void {
    if (this.cell === null) return;
    this.cell.holdBack(this.cell.runnable ? VEIL : VEIL_RECORDED);
    this.cell.onRun.push(() => {
      if (!this.answered) this.giveUp("The cell was run.");
    });
  }

  private submit(): void {
    if (this.check.getAttribute("aria-disabled") === "true") {
      this.verdict.textContent = "Choose an answer first.";
      return;
    }
    this.reveal(this.judgement());
    keepAnswer(this.name, { question: this.question, chosen: this.chosen.map(({ input }) => input.value) });
  }

  private judgement(): string {
    const right = this.options.every(({ input, correct }) => input.checked === correct);
    return right ? "Right." : `Not quite. ${this.whereToLook()}`;
  }

  private whereToLook(): string {
    const several = this.options.filter(({ correct }) => correct).length > 1;
    return several ? "The right answers are marked." : "The right answer is marked.";
  }

  /** What was chosen and not checked is no answer. */
  private giveUp(verdict: string): void {
    for (const { input } of this.options) input.checked = false;
    this.reveal(verdict);
  }

  /** Shows the output, which answers are right, and what there is to say about the chosen ones. */
  private reveal(verdict: string): void {
    this.answered = true;
    this.verdict.textContent = verdict;
    this.box.classList.add("answered");
    for (const option of this.options) markOption(option);
    this.cell?.reveal();
    const focused = this.actions.contains(document.activeElement);
    this.actions.hidden = true;
    if (focused) focusOn(this.verdict);
  }

  private restore(): void {
    const answer = answerTo(this.name);
    if (answer?.question !== this.question) return;
    for (const { input } of this.options) input.checked = answer.chosen.includes(input.value);
    this.reveal(this.judgement());
  }

  private refresh(): void {
    this.check.setAttribute("aria-disabled", String(this.chosen.length === 0));
  }
}

/** Makes every prediction of the page live; each goes with the first cell after it. */
export function makePredictions(article: HTMLElement, cells: readonly Cell[]): void {
  for (const box of findAll(article, ".predict")) {
    const follows = (cell: Cell) =>
      (box.compareDocumentPosition(cell.element) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
    new Prediction(box, cells.find(follows) ?? null);
  }
}

function readOption(row: HTMLElement): Option {
  const input = need(row, "input") as HTMLInputElement;
  // The browser's own memory of a form would show a choice that was never checked.
  input.checked = false;
  input.autocomplete = "off";
  return { input, row, feedback: find(row, ".predict-feedback"), correct: input.dataset["correct"] === "true" };
}

function markOption({ input, row, feedback, correct }: Option): void {
  input.disabled = true;
  row.classList.toggle("correct", correct);
  row.classList.toggle("chosen", input.checked);
  const words = [input.checked ? "your answer" : "", correct ? "right" : input.checked ? "not right" : ""];
  const mark = words.filter((word) => word !== "").join(", ");
  if (mark !== "") need(row, "label").append(" ", make("span", { class: "predict-mark" }, mark));
  if (input.checked) feedback?.classList.add("shown");
}

function focusOn(element: HTMLElement): void {
  element.tabIndex = -1;
  element.focus();
}

function button(label: string, name: string): HTMLButtonElement {
  return make("button", { type: "button", class: `cell-button ${name}` }, label);
}
