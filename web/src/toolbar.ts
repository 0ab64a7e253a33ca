/** A row of buttons: knows which of its actions can be taken now. */

import { make } from "./dom";

export interface Action {
  readonly name: string;
  readonly label: string;
  /** What the button does, in a few words more than its label. */
  readonly title: string;
  readonly keys?: string;
  /** Whether the button is shown now. */
  shown(): boolean;
  /** Whether it can be pressed now; a button that cannot be keeps its place. */
  enabled?(): boolean;
  act(): void;
}

export class Toolbar {
  readonly element: HTMLElement;
  readonly status = make("span", { class: "cell-status", role: "status" });
  private readonly mark = make("span", { class: "cell-mark", hidden: true });
  private readonly buttons: ReadonlyMap<Action, HTMLButtonElement>;

  constructor(label: string, actions: readonly Action[]) {
    this.buttons = new Map(actions.map((action) => [action, makeButton(action)]));
    this.element = make(
      "div",
      { class: "cell-toolbar", role: "group", "aria-label": label },
      ...this.buttons.values(),
      this.mark,
      this.status,
    );
    this.refresh();
  }

  /** Shows what can be done now. Focus does not fall from a button that goes. */
  refresh(): void {
    const focused = document.activeElement;
    for (const [action, button] of this.buttons) {
      button.hidden = !action.shown();
      button.setAttribute("aria-disabled", String(!(action.enabled?.() ?? true)));
    }
    if (focused instanceof HTMLButtonElement && focused.hidden && this.element.contains(focused)) {
      [...this.buttons.values()].find((button) => !button.hidden)?.focus();
    }
  }

  say(...message: readonly (Node | string)[]): void {
    this.status.replaceChildren(...message);
  }

  /** A word that stays beside the buttons; nothing takes it away. */
  setMark(text: string): void {
    this.mark.textContent = text;
    this.mark.hidden = text === "";
  }
}

function makeButton(action: Action): HTMLButtonElement {
  const button = make(
    "button",
    { type: "button", class: `cell-button cell-button-${action.name}`, title: action.title },
    action.label,
  );
  if (action.keys !== undefined) button.setAttribute("aria-keyshortcuts", action.keys);
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") !== "true") action.act();
  });
  return button;
}
