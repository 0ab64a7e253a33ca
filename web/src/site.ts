/** Where this page stands in the site, and what it is called there. */

/** The site's root, whatever folder of whatever host it is served from. */
export const root = new URL(document.documentElement.dataset["content_root"] ?? "./", location.href);

/** This page's path below the root, for instance "generators/frames.html". */
export const page = decodeURI(location.pathname.slice(root.pathname.length)).replace(/(^|\/)$/, "$1index.html");

/** The file `name` beside page.js. */
export function asset(name: string): URL {
  return new URL(name, import.meta.url);
}
