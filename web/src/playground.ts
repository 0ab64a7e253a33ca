/** The playground: knows which program stands in its editor, where it came from, and what is kept of it.
 *
 * A program comes from the page, from a link, from a file or from an earlier visit. None of them
 * runs before the reader says so, and none of them replaces what the reader wrote before.
 */

import type { Cell } from "./cell";
import { Chapter } from "./chapter";
import { make, need } from "./dom";
import type { Edits } from "./edits";
import { acceptDrops, askForFile } from "./files";
import { drafts, dropDraft, keepDraft, keepShown, shownLast, type Draft } from "./playground-drafts";
import { choiceFrom, takeExamples, textOf, type Choice } from "./playground-examples";
import { fragmentOf, isLink, LinkError, programIn } from "./playground-link";
import { ARRIVED, Picker } from "./playground-picker";
import { Toolbar } from "./toolbar";
import { faultOf } from "./viewing";

const BY_LINK = "This program came with a link.";
const NOT_RUN = "It has not been run: read it, then press Run or Step.";
const KEPT = "What you wrote before is under “Yours” in the list of programs.";
const SELECTED = "The browser does not let this page copy. The link is selected: copy it with Ctrl+C or ⌘C.";

export class Playground implements Edits {
  private readonly examples: readonly Choice[];
  private readonly picker: Picker;
  private readonly toolbar: Toolbar;
  private readonly notice = make("p", { class: "playground-notice", role: "status" });
  private readonly about = make("p", { class: "playground-about" });
  private readonly link = make("input", { class: "playground-link", readonly: true, hidden: true, "aria-label": "Link to this program" });
  private readonly chapter: Chapter;
  private readonly cell: Cell;
  /** What stands in the editor, as it was before the reader edited it. */
  private base: Choice;
  /** The number of the reader's edit of it; null as long as there is none. */
  private draft: number | null = null;
  /** What came by a link or as a file. */
  private arrived: Choice | null = null;

  constructor(article: HTMLElement, started: () => void) {
    const place = need(article, "[data-playground]");
    const examples = takeExamples(article, place);
    this.examples = [...examples, choiceFrom("An empty page", "")];
    this.base = this.examples[0] as Choice;
    need(article, ".cell").dataset["label"] = "Your program";
    this.picker = new Picker(this.examples, (value) => {
      this.tell();
      void this.choose(value);
    });
    this.chapter = new Chapter(article, started, { edits: this, depth: () => this.picker.depth, afresh: true });
    this.cell = this.chapter.cells[0] as Cell;
    this.toolbar = this.addToolbar();
    const head = make("div", { class: "playground-head" }, this.picker.element, this.toolbar.element);
    place.replaceChildren(this.notice, head, this.link, this.about);
    acceptDrops(
      (file) => void this.open(file),
      (isOver) => document.body.classList.toggle("dropping", isOver),
    );
    addEventListener("hashchange", () => void this.openLink());
    void this.begin();
  }

  // What the chapter asks of it -----------------------------------------------------------------

  of(): undefined {
    return undefined;
  }

  /** A draft begins or grows with each edit, and goes where the text is the original's again. */
  keep(cell: Cell): void {
    this.leaveLink();
    if (cell.code.edited) {
      this.draft ??= Date.now();
      const { title, name } = this.base;
      keepDraft({ id: this.draft, text: cell.code.text, title, name, original: textOf(this.base), edited: Date.now() });
    } else if (this.draft !== null) {
      dropDraft(this.draft);
      this.draft = null;
    }
    this.refresh();
  }

  // What is in the editor -----------------------------------------------------------------------

  private async begin(): Promise<void> {
    if (!(await this.openLink())) await this.choose(shownLast());
  }

  private async choose(value: string): Promise<void> {
    this.leaveLink();
    const draft = drafts().find(({ id }) => String(id) === value);
    const example = this.examples.find(({ name }) => name === value);
    if (draft !== undefined) await this.resume(draft);
    else if (value === ARRIVED && this.arrived !== null) await this.show(this.arrived);
    else await this.show(example ?? this.base);
  }

  /** Goes on with a draft, above what it was made of. */
  private async resume(draft: Draft): Promise<void> {
    const example = this.examples.find((each) => each.name === draft.name && textOf(each) === draft.original);
    if (example === undefined) this.arrived = choiceFrom(draft.title, draft.original);
    await this.show(example ?? (this.arrived as Choice), draft);
  }

  /** Opens what came from elsewhere, with a word about it. */
  private async receive(title: string, text: string, says: string): Promise<void> {
    this.arrived = choiceFrom(title, text);
    await this.show(this.arrived);
    this.tell(says, NOT_RUN, ...(drafts().length > 0 ? [KEPT] : []));
  }

  private async show(base: Choice, draft: Draft | null = null): Promise<void> {
    if (this.cell.state !== "idle") this.chapter.stop();
    this.base = base;
    this.draft = draft?.id ?? null;
    this.refresh();
    await this.cell.load(base, draft?.text);
  }

  private refresh(): void {
    const { base, draft, arrived } = this;
    const value = draft !== null ? String(draft) : base === arrived ? ARRIVED : base.name;
    this.picker.show(value, arrived, drafts());
    this.about.textContent = base.about;
    this.link.hidden = true;
    this.toolbar.say();
    keepShown(value);
  }

  // Links ---------------------------------------------------------------------------------------

  /** Shows the program that the address holds; true where it holds one. */
  private async openLink(): Promise<boolean> {
    try {
      const text = await programIn(location.hash);
      if (text !== null) await this.receive("From a link", text, BY_LINK);
      return text !== null;
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      this.leaveLink();
      this.tell(error.message);
      return false;
    }
  }

  /** Takes the program out of the address: the next visit goes on with what is in the editor. */
  private leaveLink(): void {
    if (isLink(location.hash)) history.replaceState(null, "", location.pathname + location.search);
  }

  private async copyLink(): Promise<void> {
    try {
      const address = new URL(location.href);
      address.hash = await fragmentOf(this.cell.code.text);
      this.link.value = address.href;
      this.link.hidden = false;
      await navigator.clipboard.writeText(address.href);
      this.toolbar.say("Link copied");
    } catch (error) {
      if (error instanceof LinkError) return this.tell(error.message);
      this.link.select();
      this.tell(SELECTED);
    }
  }

  // Files ---------------------------------------------------------------------------------------

  private async open(file: File): Promise<void> {
    const text = await file.text().catch(() => null);
    if (text === null) return this.tell(`${file.name} could not be read.`);
    if (!file.name.endsWith(".py")) return this.openTrace(file.name, text);
    this.leaveLink();
    await this.receive(file.name, text.replace(/\r\n?/g, "\n").replace(/\n$/, ""), `${file.name} is in the editor.`);
  }

  private async openTrace(name: string, text: string): Promise<void> {
    const fault = await faultOf(text);
    if (fault !== null) return this.tell(`${name} was not opened. ${fault}`);
    this.tell(`${name} is open below the editor, which keeps its own program.`);
    await this.cell.showTrace(text);
  }

  private tell(...sentences: readonly string[]): void {
    this.notice.textContent = sentences.join(" ");
  }

  private addToolbar(): Toolbar {
    return new Toolbar("Playground: actions", [
      {
        name: "link",
        label: "Copy link",
        title: "Copy a link that holds this program",
        shown: () => true,
        act: () => void this.copyLink(),
      },
      {
        name: "open",
        label: "Open a file",
        title: "Open a trace (.jsonl) or a program (.py); it can be dropped into the page, too",
        shown: () => true,
        act: () => askForFile([".jsonl", ".py"], (file) => void this.open(file)),
      },
    ]);
  }
}
