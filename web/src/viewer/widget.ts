/** Knows how a notebook shows a trace: as a widget of anywidget, in Jupyter and in VS Code. */

import { make } from "../dom";
import { mount, type Mounted } from "./viewer";

interface Model {
  get(name: string): unknown;
  on(event: string, callback: () => void): void;
  off(event: string, callback: () => void): void;
}

/** What anywidget asks of a module: the widget's `packed` is the text of a trace, packed by gzip. */
export const widget = {
  render({ model, el }: { model: Model; el: HTMLElement }): () => void {
    let mounted: Mounted | null = null;
    let wanted = 0;
    const show = async () => {
      const mine = ++wanted;
      const text = await unpack(model.get("packed"));
      if (mine !== wanted) return; // another trace has come meanwhile, or the cell is gone
      mounted?.destroy();
      mounted = mount(el, text);
    };
    const start = () => void show().catch((error: unknown) => el.append(complaint(error)));
    model.on("change:packed", start);
    start();
    return () => {
      wanted = -1;
      model.off("change:packed", start);
      mounted?.destroy();
    };
  },
};

async function unpack(packed: unknown): Promise<string> {
  const stream = new Blob([packed as BlobPart]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

function complaint(error: unknown): HTMLElement {
  return make("p", { role: "alert" }, `The trace could not be unpacked (${String(error)}). Run the cell again.`);
}
