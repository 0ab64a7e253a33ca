/** What the reader has done: knows which sections were read, questions answered and exercises solved. */

import { recall, recallAll, remember } from "./storage";

/** The sections of a page that were read, of so many. */
export interface Reading {
  readonly sections: readonly string[];
  readonly of: number;
}

/** The answer to a question, under its words: a question that was rewritten is asked again. */
export interface Answer {
  readonly question: string;
  readonly chosen: readonly string[];
}

/** The reader's work at an exercise. */
export interface Work {
  /** What stands in the editor, where it is not what the book gave. */
  readonly draft: string | null;
  /** Attempts that were taken out of the editor, the last one at the end. */
  readonly earlier: readonly string[];
  /** Whether an attempt was checked. */
  readonly tried: boolean;
  readonly solved: boolean;
  /** How many hints were taken. */
  readonly hints: number;
}

export const NO_WORK: Work = { draft: null, earlier: [], tried: false, solved: false, hints: 0 };

/** Where exercises keep the reader's work. */
export interface Works {
  of(name: string): Work;
  keep(name: string, work: Work): void;
}

const READ = "read:";
const ANSWER = "answer:";
const EXERCISE = "exercise:";

export const works: Works = {
  of: (name) => workFrom(recall(EXERCISE + name)) ?? NO_WORK,
  keep: (name, work) => remember(EXERCISE + name, work),
};

export function keepRead(page: string, reading: Reading): void {
  remember(READ + page, reading);
}

export function readingOf(page: string): Reading {
  return readingFrom(recall(READ + page)) ?? { sections: [], of: 0 };
}

/** A question's name is its page and its anchor. */
export function keepAnswer(name: string, answer: Answer): void {
  remember(ANSWER + name, answer);
}

export function answerTo(name: string): Answer | undefined {
  return answerFrom(recall(ANSWER + name));
}

/** How many of a page's questions were answered. */
export function answeredOn(page: string): number {
  return Object.keys(known(recallAll(`${ANSWER}${page}#`), answerFrom)).length;
}

/** All that this browser knows of the reader, each by its name. */
export interface Everything {
  readonly read: Readonly<Record<string, Reading>>;
  readonly answers: Readonly<Record<string, Answer>>;
  readonly exercises: Readonly<Record<string, Work>>;
}

export function everything(): Everything {
  return {
    read: known(recallAll(READ), readingFrom),
    answers: known(recallAll(ANSWER), answerFrom),
    exercises: known(recallAll(EXERCISE), workFrom),
  };
}

// What is remembered may come from an older page, or from a file ------------------------------------

/** Those of the values that are what they should be. */
export function known<T>(values: object, from: (value: unknown) => T | undefined): Record<string, T> {
  const read = Object.entries(values).map(([name, value]) => [name, from(value)] as const);
  return Object.fromEntries(read.filter((entry): entry is [string, T] => entry[1] !== undefined));
}

export function readingFrom(value: unknown): Reading | undefined {
  if (!isRecord(value) || !isTexts(value["sections"]) || !isCount(value["of"])) return undefined;
  return { sections: value["sections"], of: value["of"] };
}

export function answerFrom(value: unknown): Answer | undefined {
  if (!isRecord(value) || typeof value["question"] !== "string" || !isTexts(value["chosen"])) return undefined;
  return { question: value["question"], chosen: value["chosen"] };
}

export function workFrom(value: unknown): Work | undefined {
  if (!isRecord(value)) return undefined;
  const { draft, earlier, tried, solved, hints } = value;
  if (!isTexts(earlier) || typeof tried !== "boolean" || typeof solved !== "boolean" || !isCount(hints)) return undefined;
  return { draft: typeof draft === "string" ? draft : null, earlier, tried, solved, hints };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
