/** The trace viewer as the page sees it: fetched when it is first needed, and not with the page. */

import { asset, root } from "./site";

export interface Mounted {
  destroy(): void;
}

interface Viewer {
  mount(element: HTMLElement, trace: string, options: object): Mounted;
  traceOf(text: string): unknown;
}

/** Shows a trace on a stage, in place of what stood there. */
export async function view(stage: HTMLElement, trace: string): Promise<Mounted> {
  const viewer = await load();
  stage.replaceChildren();
  return viewer.mount(stage, trace, { chapter });
}

/** The address of a chapter, where the book has it already: it is linked in the table of contents. */
function chapter({ page }: { readonly page: string }): string | undefined {
  const address = new URL(`${page}.html`, root).href;
  return [...document.links].some((link) => link.href === address) ? address : undefined;
}

/** What keeps the text from being a trace, in words; null for a trace. */
export async function faultOf(text: string): Promise<string | null> {
  const viewer = await load().catch(() => null);
  if (viewer === null) return "The trace viewer could not be loaded.";
  try {
    viewer.traceOf(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function load(): Promise<Viewer> {
  return (await import(asset("viewer.js").href)) as Viewer;
}

/** Puts the keyboard into a viewer that is shown on this stage. */
export function enter(stage: HTMLElement): void {
  stage.querySelector<HTMLElement>("button, [tabindex]")?.focus({ preventScroll: true });
  stage.scrollIntoView({ block: "nearest" });
}
