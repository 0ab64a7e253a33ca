/** What every page loads: gives life to the cells and questions it finds, and does nothing else. */

import { Chapter } from "./chapter";
import { find, findAll } from "./dom";
import { bringExercises } from "./exercise-loader";
import { keepPython, workOffline } from "./offline";
import { Playground } from "./playground";
import { makePredictions } from "./predict";
import { keepPlace, offerPlace } from "./place";
import { works } from "./progress";
import { contentsPanel, markContents } from "./progress-contents";
import { addFoot } from "./progress-foot";
import { noteReading } from "./reading";
import { letKeysScroll } from "./scroll";

const article = find(document, "article[role=main]");
const leftOff = find(document, "[data-left-off]");
const contents = contentsPanel();

if (article !== null && find(article, "[data-playground]") !== null) {
  new Playground(article, () => void keepPython());
} else if (article !== null && find(article, ".cell, .predict, .exercise") !== null) {
  const chapter = new Chapter(article, () => void keepPython());
  makePredictions(article, chapter.cells);
  bringExercises(findAll(article, ".exercise"), chapter, works);
  // The index page offers the place, and is none itself.
  if (leftOff === null) {
    keepPlace(article);
    noteReading(article);
    addFoot(article);
  }
}
if (contents !== null) markContents(contents);
if (leftOff !== null) offerPlace(leftOff);
for (const code of findAll(document, ".highlight > pre")) {
  if (code.closest(".cell, .exercise") === null) letKeysScroll(code, "Code");
}
// An exercise is brought to life when it comes near; until then its program is a block that scrolls.
for (const code of findAll(document, ".exercise > .cell-source")) letKeysScroll(code, "The program");
for (const table of findAll(document, ".table-wrapper")) letKeysScroll(table, "Table");
workOffline();
