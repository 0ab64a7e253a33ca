/** The reader's edits of a page's cells: knows them by the cells' names, from one visit to the next. */

import type { Cell } from "./cell";
import { page } from "./site";
import { forget, recall, remember } from "./storage";

/** Where a page keeps what its reader has written. */
export interface Edits {
  of(cell: Cell): string | undefined;
  /** The cell was edited, or is as the book has it again. */
  keep(cell: Cell): void;
}

const KEY = `edits:${page}`;

export class StoredEdits implements Edits {
  of(cell: Cell): string | undefined {
    return stored()[cell.name];
  }

  keep(cell: Cell): void {
    const edits = stored();
    if (cell.code.edited) edits[cell.name] = cell.code.text;
    else delete edits[cell.name];
    if (Object.keys(edits).length > 0) remember(KEY, edits);
    else forget(KEY);
  }
}

function stored(): Record<string, string> {
  const found = recall(KEY);
  if (typeof found !== "object" || found === null) return {};
  return Object.fromEntries(Object.entries(found).filter(([, text]) => typeof text === "string"));
}
