/** The contents: marks what was read, predicted and solved, and lets the reader carry it to a file and back. */

import { find, findAll, make } from "./dom";
import { askForFile, save } from "./files";
import { progressFile, ProgressFileError, takeProgress } from "./progress-file";
import { separated } from "./progress-foot";
import { begun, isAll, standingIn, wordsFor, type Chapter, type Count, type Standing } from "./progress-words";
import { onMemory } from "./storage";

const FILE = "glassloop-progress.json";
const NOTHING_YET = "What you read, predict and solve is marked here.";
const KEPT = "It is kept in this browser and sent nowhere.";

/** Marks the chapters, and fills the panel above them. */
export function markContents(panel: HTMLElement): void {
  const marks = findAll(document, "[data-progress]");
  const total = make("p", { class: "progress-total" });
  const notice = make("p", { class: "progress-notice", role: "status" });
  panel.replaceChildren(total, tools(notice), notice);
  panel.hidden = false;
  const refresh = () => {
    const standings = marks.map((mark) => refreshMark(mark));
    total.replaceChildren(...(standings.some(begun) ? sum(standings) : [NOTHING_YET, " ", KEPT]));
  };
  refresh();
  onMemory(refresh);
}

function refreshMark(mark: HTMLElement): Standing {
  const standing = standingIn(chapterOf(mark));
  mark.hidden = !begun(standing);
  mark.replaceChildren(...separated(wordsFor(standing)));
  return standing;
}

function chapterOf(mark: HTMLElement): Chapter {
  const { progress = "", predictions = "0", exercises = "" } = mark.dataset;
  return { page: progress, predictions: Number(predictions), exercises: exercises.split(" ").filter(Boolean) };
}

function sum(standings: readonly Standing[]): (Node | string)[] {
  const add = (counts: readonly Count[]) =>
    counts.reduce((all, { done, of }) => ({ done: all.done + done, of: all.of + of }), { done: 0, of: 0 });
  const chapters = standings.filter(({ read }) => isAll(read)).length;
  const predicted = add(standings.map((standing) => standing.predicted));
  const solved = add(standings.map((standing) => standing.solved));
  const words = [
    `${chapters} of ${standings.length} chapters read`,
    `${predicted.done} of ${predicted.of} outputs predicted`,
    `${solved.done} of ${solved.of} exercises solved`,
  ];
  return [make("strong", {}, "You so far: "), words.join(", "), ". ", KEPT];
}

function tools(notice: HTMLElement): HTMLElement {
  const button = (label: string, title: string, act: () => void) => {
    const made = make("button", { type: "button", class: "cell-button", title }, label);
    made.addEventListener("click", act);
    return made;
  };
  return make(
    "p",
    { class: "progress-tools" },
    button("Save to a file", `Save your progress as ${FILE}`, () => {
      save(FILE, progressFile());
      notice.textContent = `Saved as ${FILE}, your attempts at exercises included.`;
    }),
    button("Load from a file", "Add what such a file holds; nothing that is here goes", () => {
      askForFile([".json"], (file) => void load(file, notice));
    }),
  );
}

async function load(file: File, notice: HTMLElement): Promise<void> {
  try {
    const { read, answers, exercises } = takeProgress(await file.text());
    const solved = Object.values(exercises).filter((work) => work.solved).length;
    notice.textContent =
      `${file.name} was added: ${counted(Object.keys(read).length, "chapter")}, ` +
      `${counted(Object.keys(answers).length, "prediction")}, ${counted(solved, "solved exercise")}.`;
  } catch (error) {
    const why = error instanceof ProgressFileError ? error.message : "It could not be read.";
    notice.textContent = `${file.name} was not taken, and nothing has changed. ${why}`;
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** The panel of the contents, where the page has them. */
export function contentsPanel(): HTMLElement | null {
  return find(document, "[data-progress-panel]");
}
