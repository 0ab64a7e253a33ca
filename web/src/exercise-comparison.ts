/** The reader's attempt and a solution, side by side. */

import { editorModule } from "./code";
import { find, make } from "./dom";
import { letKeysScroll } from "./scroll";

export class Comparison {
  readonly element = make("div", { class: "exercise-comparison", hidden: true });
  private readonly mine = make("div", { class: "cell-source" });

  private constructor(solution: DocumentFragment) {
    const theirs = make("div", { class: "cell-source" });
    theirs.append(solution);
    for (const [title, code] of [["Yours", this.mine], ["A solution", theirs]] as const) {
      this.element.append(make("div", {}, make("p", { class: "exercise-caption" }, title), code));
      letKeysScroll(code, title);
    }
  }

  /** Null for an exercise without one: predicting an order has a single answer. */
  static of(exercise: HTMLElement): Comparison | null {
    const solution = find(exercise, ".exercise-solution");
    if (!(solution instanceof HTMLTemplateElement)) return null;
    return new Comparison(solution.content.cloneNode(true) as DocumentFragment);
  }

  toggle(attempt: string): void {
    this.element.hidden = !this.element.hidden;
    this.take(attempt);
  }

  /** Shows this attempt beside the solution, where that is to be seen. */
  take(attempt: string): void {
    if (!this.element.hidden) void this.print(attempt);
  }

  private async print(attempt: string): Promise<void> {
    this.mine.replaceChildren(make("div", { class: "highlight" }, make("pre", {}, attempt)));
    const { openEditor } = await editorModule();
    this.mine.replaceChildren();
    openEditor({ parent: this.mine, text: attempt, label: "Yours" });
  }
}
