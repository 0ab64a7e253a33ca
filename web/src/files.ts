/** Files: knows how one leaves the page, and how the reader hands one in. */

import { make } from "./dom";

/** Hands the text to the browser's downloads, as a file of this name. */
export function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  make("a", { href: address, download: name }).click();
  // The download has begun with the click, and has its own hold on the text.
  setTimeout(() => URL.revokeObjectURL(address));
}

/** Lets the reader choose a file with one of these endings. */
export function askForFile(endings: readonly string[], take: (file: File) => void): void {
  const input = make("input", { type: "file", accept: endings.join(","), hidden: true });
  const done = () => input.remove();
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    done();
    if (file !== undefined) take(file);
  });
  input.addEventListener("cancel", done);
  // Some browsers ask only for an input that stands in the page.
  document.body.append(input);
  input.click();
}

/** Takes a file that is dropped anywhere in the page; `over` hears whether one is held above it. */
export function acceptDrops(take: (file: File) => void, over: (isOver: boolean) => void): void {
  // On their way down: an editor would take the file's text for itself.
  const listen = (kind: "dragover" | "dragleave" | "drop", act: (event: DragEvent) => void) =>
    addEventListener(kind, (event) => { if (event.dataTransfer?.types.includes("Files")) act(event); }, { capture: true });
  const stop = (event: DragEvent) => {
    event.preventDefault();
    event.stopPropagation();
  };
  listen("dragover", (event) => {
    stop(event);
    over(true);
  });
  listen("dragleave", (event) => {
    if (event.relatedTarget === null) over(false);
  });
  listen("drop", (event) => {
    stop(event);
    over(false);
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) take(file);
  });
}
