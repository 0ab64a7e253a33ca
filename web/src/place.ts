/** The reader's place: knows the last section they came to, and offers it on the index page. */

import { find, findAll, make } from "./dom";
import { page, root } from "./site";
import { recall, remember } from "./storage";

const KEY = "left-off";

interface Place {
  readonly page: string;
  readonly chapter: string;
  readonly section: string;
  /** The section's anchor; empty at the top of the chapter. */
  readonly anchor: string;
}

/** Keeps the last section heading that has been scrolled past. */
export function keepPlace(article: HTMLElement): void {
  const chapter = titleOf(find(article, "h1"));
  const headings = findAll(article, "section[id] > h2, section[id] > h3");
  const note = () => {
    const passed = headings.filter((heading) => heading.getBoundingClientRect().top < innerHeight / 2).at(-1);
    remember(KEY, {
      page,
      chapter,
      section: passed === undefined ? "" : titleOf(passed),
      anchor: passed?.parentElement?.id ?? "",
    });
  };
  const watcher = new IntersectionObserver(note, { rootMargin: "0px 0px -50% 0px" });
  for (const heading of headings) watcher.observe(heading);
  note();
}

/** Fills the index page's line with a link to that place. */
export function offerPlace(line: HTMLElement): void {
  const place = recall(KEY);
  if (!isPlace(place)) return;
  const target = new URL(encodeURI(place.page), root);
  target.hash = place.anchor;
  const words = place.section === "" ? place.chapter : `${place.chapter}, ${place.section}`;
  line.replaceChildren("Continue: ", make("a", { href: target.href }, words));
  line.hidden = false;
}

/** A heading's text without the theme's link to itself. */
export function titleOf(heading: HTMLElement | null): string {
  const copy = heading?.cloneNode(true) as HTMLElement | undefined;
  if (copy === undefined) return document.title;
  for (const link of findAll(copy, ".headerlink")) link.remove();
  return copy.textContent?.trim() ?? "";
}

function isPlace(value: unknown): value is Place {
  if (typeof value !== "object" || value === null) return false;
  return ["page", "chapter", "section", "anchor"].every(
    (name) => typeof (value as Record<string, unknown>)[name] === "string",
  );
}
