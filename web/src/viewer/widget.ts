/** Knows how a notebook shows a trace: as a widget of anywidget, in Jupyter and in VS Code. */

import { mount, type Mounted } from "./viewer";

interface Model {
  get(name: string): unknown;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
}

/** What anywidget asks of a module: the widget's `trace` is the text of a trace. */
export const widget = {
  render({ model, el }: { model: Model; el: HTMLElement }): () => void {
    let mounted: Mounted | null = null;
    const show = () => {
      mounted?.destroy();
      mounted = mount(el, String(model.get("trace")));
    };
    model.on("change:trace", show);
    show();
    return () => {
      model.off("change:trace", show);
      mounted?.destroy();
    };
  },
};
