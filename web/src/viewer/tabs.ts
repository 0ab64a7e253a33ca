/** The tabs of a narrow viewer: knows which of the panes below the code is shown. Wide ones show all. */

import { make } from "../dom";

export class Tabs {
  readonly element = make("div", { class: "gv-tabs", role: "tablist", "aria-label": "What to show" });
  private readonly tabs: HTMLButtonElement[];

  constructor(
    private readonly panes: readonly HTMLElement[],
    private readonly changed: () => void,
  ) {
    this.tabs = panes.map((pane, at) => this.tab(pane, at));
    this.element.append(...this.tabs);
    this.element.hidden = panes.length < 2;
    this.element.addEventListener("keydown", (event) => this.onKey(event));
    this.choose(0);
  }

  private tab(pane: HTMLElement, at: number): HTMLButtonElement {
    const tab = make("button", { type: "button", role: "tab" }, NAMES[pane.classList[1] ?? ""] ?? "");
    tab.addEventListener("click", () => this.choose(at));
    return tab;
  }

  private choose(chosen: number): void {
    this.panes.forEach((pane, at) => pane.classList.toggle("gv-chosen", at === chosen));
    this.tabs.forEach((tab, at) => {
      tab.setAttribute("aria-selected", String(at === chosen));
      tab.tabIndex = at === chosen ? 0 : -1;
    });
    this.changed();
  }

  /** On the tabs themselves the arrows choose a tab, as everywhere. */
  private onKey(event: KeyboardEvent): void {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const at = this.tabs.findIndex((tab) => tab.tabIndex === 0);
    const next = (at + by + this.tabs.length) % this.tabs.length;
    this.choose(next);
    this.tabs[next]?.focus();
  }
}

const NAMES: Readonly<Record<string, string>> = {
  "gv-shelf": "Frames",
  "gv-lanes": "Lanes",
  "gv-turns": "Turn",
  "gv-printed": "Output",
};
