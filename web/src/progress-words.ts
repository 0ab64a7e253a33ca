/** How far the reader is, in words: the same in the contents and at the foot of a chapter. */

import { make } from "./dom";
import { answeredOn, readingOf, works } from "./progress";

/** What a chapter has to be read, predicted and solved. */
export interface Chapter {
  readonly page: string;
  readonly predictions: number;
  readonly exercises: readonly string[];
}

export interface Count {
  readonly done: number;
  readonly of: number;
}

export interface Standing {
  readonly read: Count;
  readonly predicted: Count;
  readonly solved: Count;
}

export function standingIn({ page, predictions, exercises }: Chapter): Standing {
  const { sections, of } = readingOf(page);
  return {
    read: { done: Math.min(sections.length, of), of },
    predicted: { done: Math.min(answeredOn(page), predictions), of: predictions },
    solved: { done: exercises.filter((name) => works.of(name).solved).length, of: exercises.length },
  };
}

export function begun({ read, predicted, solved }: Standing): boolean {
  return read.done + predicted.done + solved.done > 0;
}

/** "read", or how many sections of it; then predictions and exercises, where there are any. */
export function wordsFor({ read, predicted, solved }: Standing): HTMLElement[] {
  return [
    ...(read.of > 0 ? [mark(read, isAll(read) ? "read" : `${read.done} of ${read.of} sections read`)] : []),
    ...(predicted.of > 0 ? [mark(predicted, `${predicted.done} of ${predicted.of} predicted`)] : []),
    ...(solved.of > 0 ? [mark(solved, `${solved.done} of ${solved.of} solved`)] : []),
  ];
}

export function isAll({ done, of }: Count): boolean {
  return of > 0 && done === of;
}

function mark(count: Count, words: string): HTMLElement {
  return make("span", { class: isAll(count) ? "progress-mark all" : "progress-mark" }, words);
}
