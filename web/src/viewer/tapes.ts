/** The tape: knows how an iterator's position stands among the items that it passes. */

import { make } from "../dom";
import type { State, Thing } from "./state";

export function tapeRows(state: State): Node[] {
  const tapes = [...state.things.values()].filter((thing) => thing.type === "iterator" && thing.state.names?.length);
  if (tapes.length === 0) return [];
  return [make("p", { class: "gv-subtitle", "data-key": "tapes" }, "Iterators"), ...tapes.map(tapeRow)];
}

function tapeRow(thing: Thing): HTMLElement {
  const { names = [], items = [], size = 0, at = 0 } = thing.state;
  const words = at < size ? `has handed out ${at} of ${size}` : "is exhausted";
  const cells = items.map((item, index) =>
    make("span", { "data-place": index < at ? "past" : index === at ? "next" : "ahead", title: item }, item),
  );
  if (size > items.length) cells.push(make("span", { "data-place": "ahead" }, `… ${size} items`));
  cells.push(make("span", { "data-place": at < size ? "end" : "next" }, "end"));
  return make(
    "div",
    { class: "gv-tape", "data-key": thing.id },
    make("span", { class: "gv-thing-name" }, names.join(" = ")),
    make("span", { class: "gv-tape-items", "aria-hidden": "true" }, ...cells),
    make("span", { class: "gv-unseen" }, words),
  );
}
