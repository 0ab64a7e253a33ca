/** The two lists above the editor: knows which programs can be chosen, and how deep Step looks. */

import { make } from "./dom";
import type { Draft } from "./playground-drafts";
import type { Choice } from "./playground-examples";
import type { Depth } from "./protocol";

/** The choice of what came by a link or as a file. */
export const ARRIVED = "arrived";

const DEPTHS: Readonly<Record<Depth, string>> = { lines: "every line", switches: "every switch" };

export class Picker {
  readonly element: HTMLElement;
  private readonly programs = make("select", { id: "playground-program" });
  private readonly depths = make("select", { id: "playground-depth" });
  private readonly yours = make("optgroup", { label: "Yours" });

  /** `chosen` hears the value of a choice: the name of an example, the number of a draft, or `ARRIVED`. */
  constructor(examples: readonly Choice[], chosen: (value: string) => void) {
    const options = examples.map(({ name, title }) => option(name, title));
    this.programs.append(make("optgroup", { label: "Examples" }, ...options));
    this.programs.addEventListener("change", () => chosen(this.programs.value));
    for (const [depth, words] of Object.entries(DEPTHS)) this.depths.append(option(depth, words));
    this.element = make(
      "div",
      { class: "playground-lists" },
      make("p", {}, make("label", { for: this.programs.id }, "Program"), this.programs),
      make("p", {}, make("label", { for: this.depths.id }, "Step shows"), this.depths),
    );
  }

  get depth(): Depth {
    return this.depths.value as Depth;
  }

  /** Shows `value` as chosen, among the examples, what has arrived, and the reader's own. */
  show(value: string, arrived: Choice | null, drafts: readonly Draft[]): void {
    const own = drafts.map(({ id, title, edited }) => option(String(id), `${title}, edited ${when(edited)}`));
    if (arrived !== null) own.unshift(option(ARRIVED, arrived.title));
    this.yours.replaceChildren(...own);
    if (own.length > 0) this.programs.append(this.yours);
    else this.yours.remove();
    this.programs.value = value;
  }
}

function option(value: string, words: string): HTMLOptionElement {
  return make("option", { value }, words);
}

function when(time: number): string {
  return new Date(time).toLocaleString("en-GB", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
}
