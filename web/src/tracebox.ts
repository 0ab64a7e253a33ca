/** The place below a cell where a recorded run is stepped: knows how to open and close the viewer. */

import { make } from "./dom";
import { asset } from "./site";

interface Mounted {
  destroy(): void;
}

interface Viewer {
  mount(element: HTMLElement, trace: string, options: object): Mounted;
}

export class TraceBox {
  private readonly element = make("div", { class: "cell-trace" });
  private mounted: Mounted | null = null;

  constructor(private readonly cell: HTMLElement) {}

  /** Shows a trace, and puts the keyboard into it. */
  async show(text: string): Promise<void> {
    // By its address, so that it is fetched when it is first needed and not with the page.
    const viewer: Viewer = await import(asset("viewer.js").href);
    this.close();
    const stage = make("div", {});
    this.element.replaceChildren(this.closeButton(), stage);
    this.cell.append(this.element);
    this.mounted = viewer.mount(stage, text, {});
    stage.querySelector<HTMLElement>("button, [tabindex]")?.focus({ preventScroll: true });
    this.element.scrollIntoView({ block: "nearest" });
  }

  private close(): void {
    this.mounted?.destroy();
    this.mounted = null;
    this.element.remove();
  }

  private closeButton(): HTMLElement {
    const button = make("button", { type: "button", class: "cell-trace-close" }, "Close the trace");
    button.addEventListener("click", () => {
      this.close();
      this.cell.querySelector<HTMLElement>(".cell-button-step")?.focus();
    });
    return button;
  }
}
