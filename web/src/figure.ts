/** The figures of the page: traces that were recorded with the book, drawn when the reader comes near. */

import { make } from "./dom";
import { enter, view } from "./viewing";

/** How far below the window a figure is drawn already. */
const AHEAD = "600px";

export class Figure {
  private readonly stage = make("div", { class: "cell-figure-stage" });
  private readonly reasons = new Set<string>();
  private drawn: Promise<void> | null = null;

  constructor(private readonly element: HTMLElement) {
    element.prepend(this.stage);
    const near = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        near.disconnect();
        void this.draw();
      },
      { rootMargin: AHEAD },
    );
    near.observe(element);
  }

  /** Puts the keyboard into the figure. */
  async focus(): Promise<void> {
    await this.draw();
    enter(this.stage);
  }

  /** Takes it out of sight, until there is no `reason` left: a question, or the reader's own run. */
  hide(reason: "answer" | "run", hidden: boolean): void {
    if (hidden) this.reasons.add(reason);
    else this.reasons.delete(reason);
    this.element.hidden = this.reasons.size > 0;
  }

  private draw(): Promise<void> {
    this.drawn ??= this.mount().catch(() => {
      this.drawn = null;
      this.stage.replaceChildren(make("p", {}, "The figure could not be loaded. Step records the run again."));
    });
    return this.drawn;
  }

  private async mount(): Promise<void> {
    const address = this.element.dataset["trace"] ?? "";
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`glassloop: no trace at ${address}`);
    await view(this.stage, await answer.text());
  }
}
