/** The reader's own programs: knows the last few of them, from one visit to the next. */

import { recall, remember } from "./storage";

const KEY = "playground";
const KEPT = 12;

/** A program that the reader has written, or made of another. */
export interface Draft {
  readonly id: number;
  readonly text: string;
  /** What it was made of: its title, what tracebacks call it, and its text. */
  readonly title: string;
  readonly name: string;
  readonly original: string;
  /** When it was last edited, in milliseconds as the browser counts them. */
  readonly edited: number;
}

interface Stored {
  /** The choice that was shown last. */
  readonly shown: string;
  readonly drafts: readonly Draft[];
}

/** All that are kept, the last edited first. */
export function drafts(): readonly Draft[] {
  return stored().drafts;
}

/** Keeps the draft, in place of an earlier state of it. */
export function keepDraft(draft: Draft): void {
  const others = drafts().filter(({ id }) => id !== draft.id);
  remember(KEY, { ...stored(), drafts: [draft, ...others].slice(0, KEPT) });
}

export function dropDraft(id: number): void {
  remember(KEY, { ...stored(), drafts: drafts().filter((draft) => draft.id !== id) });
}

export function shownLast(): string {
  return stored().shown;
}

export function keepShown(choice: string): void {
  remember(KEY, { ...stored(), shown: choice });
}

// What is stored may have been written by another version of the page, or by hand.
function stored(): Stored {
  const found = recall(KEY) as Partial<Stored> | null | undefined;
  const list = Array.isArray(found?.drafts) ? (found.drafts as readonly unknown[]) : [];
  return { shown: typeof found?.shown === "string" ? found.shown : "", drafts: list.filter(isDraft) };
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== "object" || value === null) return false;
  const draft = value as Record<string, unknown>;
  return (
    ["text", "title", "name", "original"].every((name) => typeof draft[name] === "string") &&
    ["id", "edited"].every((name) => typeof draft[name] === "number")
  );
}
