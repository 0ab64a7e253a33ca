/** The remarks on a run: knows how to say what the lints have found, and where it leads. */

import { make } from "../dom";
import type { ChapterOf, Lint, Trace } from "./format";
import { prose } from "./paint";

/** The address of a chapter; undefined where there is no page for it. */
export type Address = (chapter: ChapterOf) => string | undefined;

/** So many are read at a glance, and stand open where there is room. */
const FEW = 3;
const ROOM = "(min-width: 40rem)";

/** More marks than these would be one bar. */
const MARKS = 200;

/** The steps that the remarks speak of, to be marked on the scrub bar. */
export function stepsOf({ lints }: Trace): number[] {
  return lints.flatMap(({ step }) => step ?? []).slice(0, MARKS);
}

/** A list of what is to be said of a trace as a whole, or nothing. */
export function remarks({ cut, lints }: Trace, address: Address): HTMLElement[] {
  const rows = lints.map((lint) => remark(lint, address));
  if (cut !== null) rows.unshift(make("li", {}, ...prose(cut)));
  if (rows.length === 0) return [];
  const title = rows.length === 1 ? "One remark" : `${rows.length} remarks`;
  const open = rows.length === 1 || (rows.length <= FEW && matchMedia(ROOM).matches);
  return [make("details", { class: "gv-remarks", open }, make("summary", {}, title), make("ul", {}, ...rows))];
}

function remark({ step, say, chapter, task }: Lint, address: Address): HTMLElement {
  const row = make("li", {}, ...prose(say));
  if (step !== undefined) {
    const goal = { "data-go": String(step), ...(task === undefined ? {} : { "data-task": task }) };
    row.append(" ", make("button", { type: "button", class: "gv-link", ...goal }, `Step ${step}`));
  }
  if (chapter !== undefined) row.append(" ", ...explained(chapter, address(chapter)));
  return row;
}

function explained({ number, title }: ChapterOf, address: string | undefined): (Node | string)[] {
  const words = `Chapter ${number}: ${title}`;
  return address === undefined ? [`(chapter ${number}: ${title})`] : [make("a", { class: "gv-link", href: address }, words)];
}
