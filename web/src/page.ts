/** What every page loads: gives life to the cells and questions it finds, and does nothing else. */

import { Chapter } from "./chapter";
import { find, findAll } from "./dom";
import { keepPython, workOffline } from "./offline";
import { Playground } from "./playground";
import { makePredictions } from "./predict";
import { keepPlace, offerPlace } from "./progress";
import { letKeysScroll } from "./scroll";

const article = find(document, "article[role=main]");
const leftOff = find(document, "[data-left-off]");

if (article !== null && find(article, "[data-playground]") !== null) {
  new Playground(article, () => void keepPython());
} else if (article !== null && find(article, ".cell, .predict") !== null) {
  const chapter = new Chapter(article, () => void keepPython());
  makePredictions(article, chapter.cells);
  // The index page offers the place, and is none itself.
  if (leftOff === null) keepPlace(article);
}
if (leftOff !== null) offerPlace(leftOff);
for (const code of findAll(document, ".highlight > pre")) {
  if (code.closest(".cell") === null) letKeysScroll(code, "Code");
}
workOffline();
