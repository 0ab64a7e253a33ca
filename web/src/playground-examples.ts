/** The programs that the page comes with: knows how to take them out of its text. */

import type { Program } from "./cell";
import { find, findAll, need } from "./dom";
import { titleOf } from "./place";

/** A program that can be chosen. */
export interface Choice extends Program {
  readonly title: string;
  /** A sentence about it; empty where there is none. */
  readonly about: string;
}

/** Takes all programs out of the article, but for the first one's cell, which moves behind `place`. */
export function takeExamples(article: HTMLElement, place: HTMLElement): Choice[] {
  const sections = findAll(article, "section section").filter((section) => find(section, ".cell") !== null);
  const choices = sections.map(choiceOf);
  place.after(need(article, ".cell"));
  for (const section of sections) section.remove();
  return choices;
}

/** A program that is not from the page: from a link, a file, or an earlier visit. */
export function choiceFrom(title: string, text: string): Choice {
  return { title, about: "", name: "program", code: [new Text(`${text}\n`)], output: [] };
}

/** The text of a program as the book prints it. */
export function textOf(choice: Choice): string {
  return choice.code.map((node) => node.textContent ?? "").join("").replace(/\n$/, "");
}

function choiceOf(section: HTMLElement): Choice {
  const output = find(section, ".cell-output pre");
  return {
    title: titleOf(find(section, "h2")),
    about: find(section, "p")?.textContent ?? "",
    name: need(section, ".cell").dataset["cell"] ?? "",
    code: copies(need(section, ".cell-source pre")),
    output: output === null ? [] : copies(output),
  };
}

function copies(element: HTMLElement): readonly Node[] {
  return [...element.childNodes].map((node) => node.cloneNode(true));
}
