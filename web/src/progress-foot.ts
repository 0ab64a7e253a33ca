/** The foot of a chapter: shows what the reader has done here, and which exercises are open. */

import { find, findAll, make } from "./dom";
import { titleOf } from "./place";
import { works } from "./progress";
import { standingIn, wordsFor, type Chapter } from "./progress-words";
import { sectionsOf } from "./reading";
import { page, root } from "./site";
import { onMemory } from "./storage";

/** Puts the foot below the chapter, and keeps it true. */
export function addFoot(article: HTMLElement): void {
  const exercises = findAll(article, ".exercise");
  const chapter: Chapter = {
    page,
    predictions: findAll(article, ".predict").length,
    exercises: exercises.map((element) => element.dataset["exercise"] ?? ""),
  };
  const counts = make("p", { class: "progress-counts" });
  const open = make("p", { class: "progress-open" });
  const contents = make("a", { href: new URL("index.html#the-chapters", root).href }, "All chapters");
  const foot = make("aside", { class: "progress-foot", "aria-label": "Your progress" }, counts, open, make("p", {}, contents));
  const refresh = () => {
    const standing = standingIn(chapter);
    // Before anything was read the number of sections is known here alone.
    const read = { ...standing.read, of: sectionsOf(article).length };
    counts.replaceChildren("In this chapter: ", ...separated(wordsFor({ ...standing, read })));
    const left = exercises.filter((element) => !works.of(element.dataset["exercise"] ?? "").solved);
    open.replaceChildren(...(left.length > 0 ? ["Still to solve: ", ...listed(left.map(linkTo))] : []));
    open.hidden = left.length === 0;
  };
  refresh();
  onMemory(refresh);
  (find(article, ":scope > section") ?? article).append(foot);
}

/** With a dot between each two. */
export function separated(words: readonly HTMLElement[]): (Node | string)[] {
  return words.flatMap((word, index) => (index === 0 ? [word] : [" · ", word]));
}

function listed(links: readonly HTMLElement[]): (Node | string)[] {
  return links.flatMap((link, index) => (index === 0 ? [link] : [", ", link]));
}

function linkTo(exercise: HTMLElement): HTMLElement {
  return make("a", { href: `#${exercise.id}` }, titleOf(find(exercise, ".exercise-title")));
}
