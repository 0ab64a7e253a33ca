/** Reading: notes which sections of the page the reader has come to the end of. */

import { findAll } from "./dom";
import { keepRead, readingOf } from "./progress";
import { page } from "./site";

/** The parts of the page that are read one after the other. */
export function sectionsOf(article: HTMLElement): HTMLElement[] {
  return findAll(article, ":scope > section > section[id]");
}

/** Counts a section as read once its last block has come into view. */
export function noteReading(article: HTMLElement): void {
  const sections = sectionsOf(article);
  const known = new Set(sections.map(({ id }) => id));
  const read = new Set(readingOf(page).sections.filter((id) => known.has(id)));
  const watcher = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      const id = target.parentElement?.id;
      if (!isIntersecting || id === undefined || read.has(id)) continue;
      watcher.unobserve(target);
      read.add(id);
      keepRead(page, { sections: [...read], of: sections.length });
    }
  });
  for (const { lastElementChild } of sections) if (lastElementChild !== null) watcher.observe(lastElementChild);
}
