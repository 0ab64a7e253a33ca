/** A cell's code: knows its text, and turns from a printed block into an editor when it is asked to. */

import { findAll, make, need } from "./dom";
import type { Editor } from "./editor";
import { asset } from "./site";

export interface CodeListener {
  changed(): void;
  /** The editor's own code could not be fetched. */
  noEditor(): void;
}

/** What Shift+Enter does with the code, as the hints say it. */
export type Verb = "runs" | "checks";

export class Code {
  private readonly printed: HTMLElement;
  private spans: readonly Node[] = [];
  private book = "";
  private current = "";
  private editor: Promise<Editor> | null = null;
  private typed = "";

  constructor(
    private readonly box: HTMLElement,
    private readonly label: string,
    private readonly listener: CodeListener,
    private readonly verb: Verb = "runs",
  ) {
    this.printed = need(box, "pre");
    this.take([...this.printed.childNodes]);
    makeFocusStop(box, label);
  }

  /** Lets the reader edit: by Enter, by typing, by a click. */
  allowEdits(): void {
    addHints(this.verb);
    this.box.setAttribute("aria-describedby", cellHint(this.verb));
    this.box.classList.add("editable");
    this.box.addEventListener("keydown", (event) => this.onKey(event));
    this.box.addEventListener("click", (event) => this.onClick(event));
  }

  get text(): string {
    return this.current;
  }

  /** What the book says, without the newline at its end. */
  get original(): string {
    return this.book;
  }

  get edited(): boolean {
    return this.current !== this.book;
  }

  /** Puts an edit of an earlier visit in place. */
  async restoreEdit(text: string): Promise<void> {
    this.current = text;
    this.printed.textContent = `${text}\n`;
    (await this.openEditor())?.replace(this.current);
  }

  /** Writes this text in place of what stands here, as an edit of the reader's. */
  async write(text: string): Promise<void> {
    const editor = await this.openEditor();
    if (editor !== null) editor.replace(text);
  }

  /** Points at a line, from 1, until the code is edited; null points at none. */
  async mark(line: number | null): Promise<void> {
    const lines = findAll(this.printed, "span[id^=line-]");
    lines.forEach((span, index) => span.classList.toggle("line-marked", index + 1 === line));
    (await this.editor)?.mark(line);
  }

  /** Puts the caret into a line, from 1. */
  async enterLine(line: number): Promise<void> {
    const before = this.current.split("\n").slice(0, line - 1);
    await this.edit(before.join("\n").length + Math.min(1, before.length));
  }

  /** Puts the book's text back. */
  async reset(): Promise<void> {
    this.take(this.spans);
    (await this.editor)?.replace(this.current);
  }

  /** Takes another text in place of the book's, opened in the editor. */
  async load(printed: readonly Node[]): Promise<void> {
    this.take(printed);
    (await this.openEditor())?.replace(this.current);
  }

  /** Shows this text, and keeps it as the one that Reset brings back. */
  private take(printed: readonly Node[]): void {
    this.spans = printed.map((node) => node.cloneNode(true));
    this.printed.replaceChildren(...printed.map((node) => node.cloneNode(true)));
    this.book = (this.printed.textContent ?? "").replace(/\n$/, "");
    this.current = this.book;
  }

  private onKey(event: KeyboardEvent): void {
    if (event.target !== this.box) {
      if (event.key === "Escape" && !event.defaultPrevented) this.box.focus();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      void this.edit(this.editor === null ? 0 : undefined);
    } else if (event.key.length === 1 && (event.key !== " " || this.typed !== "")) {
      // A space scrolls the page, unless words are being typed while the editor is on its way.
      event.preventDefault();
      this.typed += event.key;
      void this.edit(this.editor === null ? this.current.length : undefined);
    }
  }

  private onClick(event: MouseEvent): void {
    // A click that ends a selection of text is meant for copying; one inside the editor is its own.
    if (!getSelection()?.isCollapsed || !this.printed.contains(event.target as Node)) return;
    void this.edit(offsetAt(this.printed, event));
  }

  private async edit(at: number | undefined): Promise<void> {
    const editor = await this.openEditor();
    if (editor === null) return;
    editor.focus(at);
    if (this.typed !== "") editor.insert(this.typed);
    this.typed = "";
  }

  private async openEditor(): Promise<Editor | null> {
    this.editor ??= this.loadEditor();
    try {
      return await this.editor;
    } catch {
      this.editor = null;
      this.typed = "";
      this.listener.noEditor();
      return null;
    }
  }

  private async loadEditor(): Promise<Editor> {
    const { openEditor } = await editorModule();
    const editor = openEditor({
      parent: this.box,
      text: this.current,
      label: this.label,
      describedBy: editorHint(this.verb),
      changed: (text) => {
        if (text === this.current) return;
        this.current = text;
        this.listener.changed();
      },
    });
    need(this.box, ".highlight").hidden = true;
    return editor;
  }
}

function makeFocusStop(box: HTMLElement, label: string): void {
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", label);
}

export async function editorModule(): Promise<typeof import("./editor")> {
  return import(asset("editor.js").href);
}

const cellHint = (verb: Verb) => `cell-hint-${verb}`;
const editorHint = (verb: Verb) => `editor-hint-${verb}`;

/** The two sentences that screen readers add to every cell, once a page. */
function addHints(verb: Verb): void {
  if (document.getElementById(cellHint(verb)) !== null) return;
  document.body.append(
    make("p", { id: cellHint(verb), hidden: true }, `Enter edits, Shift+Enter ${verb}.`),
    make("p", { id: editorHint(verb), hidden: true }, `Escape leaves the editor, Tab indents, Shift+Enter ${verb}.`),
  );
}

/** How many characters of `element` stand before the point of the click. */
function offsetAt(element: HTMLElement, event: MouseEvent): number {
  const before = document.createRange();
  before.selectNodeContents(element);
  const end = caretAt(event.clientX, event.clientY);
  if (end === null || !element.contains(end.node)) return 0;
  before.setEnd(end.node, end.offset);
  return before.toString().length;
}

function caretAt(x: number, y: number): { node: Node; offset: number } | null {
  if ("caretPositionFromPoint" in document) {
    const caret = document.caretPositionFromPoint(x, y);
    return caret && { node: caret.offsetNode, offset: caret.offset };
  }
  // Safari before 18 knows the same under another name.
  const range = (document as Document).caretRangeFromPoint(x, y);
  return range && { node: range.startContainer, offset: range.startOffset };
}

