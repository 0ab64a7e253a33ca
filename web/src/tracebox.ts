/** The place below a cell where a recorded run is stepped: knows how to open and close the viewer. */

import { find, make } from "./dom";
import { Figure } from "./figure";
import { save } from "./files";
import { enter, view, type Mounted } from "./viewing";

export class TraceBox {
  private readonly element = make("div", { class: "cell-trace" });
  /** The run that the book recorded, where it shows one. */
  readonly figure: Figure | null;
  private mounted: Mounted | null = null;

  constructor(private readonly cell: HTMLElement) {
    const figure = find(cell, ".cell-figure");
    this.figure = figure === null ? null : new Figure(figure);
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) this.leave();
    });
  }

  /** Shows a trace, and puts the keyboard into it. */
  async show(text: string): Promise<void> {
    const stage = make("div", {});
    this.close();
    this.element.replaceChildren(this.tools(text), stage);
    this.cell.append(this.element);
    this.mounted = await view(stage, text).finally(() => this.figure?.hide("run", stage.hasChildNodes()));
    enter(stage);
  }

  close(): void {
    this.mounted?.destroy();
    this.mounted = null;
    this.element.remove();
    this.figure?.hide("run", false);
  }

  /** Closes it, and puts the keyboard back to the button that opened it. */
  private leave(): void {
    this.close();
    find(this.cell, ".cell-button-step")?.focus();
  }

  private tools(text: string): HTMLElement {
    const name = `${this.cell.dataset["cell"] ?? this.cell.dataset["exercise"] ?? "trace"}.jsonl`;
    return make(
      "div",
      { class: "cell-trace-tools" },
      button("Close the trace", "Close it (Escape)", () => this.leave()),
      button("Save the trace", `Save it as ${name}, which the playground opens`, () => save(name, text)),
    );
  }
}

function button(label: string, title: string, act: () => void): HTMLElement {
  const made = make("button", { type: "button", class: "cell-button", title }, label);
  made.addEventListener("click", act);
  return made;
}
