/** The file that holds a reader's progress: knows how to write it, read it, and merge it with what is here. */

import {
  answerFrom, everything, isRecord, keepAnswer, keepRead, known, readingFrom, workFrom, works,
  type Answer, type Everything, type Reading, type Work,
} from "./progress";

const FORMAT = "glassloop progress";
const VERSION = 1;

/** Why a file cannot be taken, in words for the reader. */
export class ProgressFileError extends Error {}

export function progressFile(): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, ...everything() }, null, 1)}\n`;
}

/** Adds what the file holds to what is known here, and takes nothing away. */
export function takeProgress(text: string): Everything {
  const file = parse(text);
  const here = everything();
  for (const [page, reading] of Object.entries(file.read)) keepRead(page, mergeReading(here.read[page], reading));
  for (const [name, answer] of Object.entries(file.answers)) if (!Object.hasOwn(here.answers, name)) keepAnswer(name, answer);
  for (const [name, work] of Object.entries(file.exercises)) works.keep(name, mergeWork(here.exercises[name], work));
  return file;
}

/** The whole file is looked at before any of it is kept. */
function parse(text: string): Everything {
  const file = parseJson(text);
  if (!isRecord(file) || file["format"] !== FORMAT) {
    throw new ProgressFileError("It is not a file that this book has saved.");
  }
  if (file["version"] !== VERSION) {
    const version = String(file["version"]);
    throw new ProgressFileError(`It has version ${version}, and this book reads version ${VERSION}. Reload the page: a newer book may read it.`);
  }
  return {
    read: entries<Reading>(file, "read", readingFrom),
    answers: entries<Answer>(file, "answers", answerFrom),
    exercises: entries<Work>(file, "exercises", workFrom),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ProgressFileError("It is not JSON, or it is cut off.");
  }
}

function entries<T>(file: Record<string, unknown>, key: string, from: (value: unknown) => T | undefined): Record<string, T> {
  const values = file[key];
  const read = isRecord(values) ? known(values, from) : {};
  const bad = isRecord(values) ? Object.keys(values).find((name) => !Object.hasOwn(read, name)) : "";
  if (bad === undefined) return read;
  throw new ProgressFileError(bad === "" ? `Its “${key}” is missing or damaged.` : `Under “${key}” the entry “${bad}” is damaged.`);
}

function mergeReading(here: Reading | undefined, there: Reading): Reading {
  if (here === undefined) return there;
  return { sections: [...new Set([...here.sections, ...there.sections])], of: here.of };
}

/** The editor keeps its text; an attempt that stands elsewhere is one of the earlier ones. */
function mergeWork(here: Work | undefined, there: Work): Work {
  if (here === undefined) return there;
  const draft = here.draft ?? there.draft;
  const attempts = [...there.earlier, there.draft, ...here.earlier];
  return {
    draft,
    earlier: [...new Set(attempts)].filter((text): text is string => text !== null && text !== draft),
    tried: here.tried || there.tried,
    solved: here.solved || there.solved,
    hints: Math.max(here.hints, there.hints),
  };
}
