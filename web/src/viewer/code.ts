/** The code pane: knows the reader's sources, which line is current, and where frames have their
 * bookmarks. */

import { make } from "../dom";
import type { Frame, State } from "./state";
import { colour } from "./highlight";
import { paint } from "./paint";
import { frameName, taskName } from "./words";

export interface CodeListener {
  runTo(file: string, line: number): void;
}

interface Row {
  readonly element: HTMLElement;
  readonly marks: HTMLElement;
}

/** The frame that a step is about: the one its event names, or else the innermost that runs. */
export function focusOf(state: State): Frame | null {
  const { event, frames } = state;
  if (event === null) return null;
  const named = "f" in event && event.do !== "task" ? frames.get(event.f ?? "") : undefined;
  if (named !== undefined && !named.library) return named;
  if ("id" in event && typeof event.id === "string" && event.do !== "queue") {
    const chain = state.tasks.get(event.id)?.chain ?? [];
    const own = chain.map((id) => frames.get(id)).filter((frame) => frame !== undefined && !frame.library);
    const innermost = own.at(-1);
    if (innermost !== undefined) return innermost;
  }
  return innermostRunning(state);
}

/** The innermost frame that runs now. While the loop has its turn, the frames below it do not. */
function innermostRunning(state: State): Frame | null {
  const who = state.event?.who ?? "";
  const stack = state.stacks.get(who.startsWith("thread ") ? who : "") ?? [];
  const frame = state.frames.get(stack.at(-1) ?? "");
  return frame?.runner === who ? frame : null;
}

export class CodePane {
  readonly element = make("div", { class: "gv-pane gv-code-pane", role: "group", "aria-label": "Code" });
  private readonly tabs = make("div", { class: "gv-files" });
  private readonly scroll = make("div", { class: "gv-code", tabindex: "0", role: "group", "aria-label": "Source code" });
  private readonly locals = make("div", { class: "gv-variables", tabindex: "0", role: "group", "aria-label": "Variables" });
  private readonly files = new Map<string, { readonly list: HTMLElement; readonly rows: readonly Row[] }>();
  private shown: string | null = null;
  private current: HTMLElement | null = null;
  private marked: Row[] = [];

  constructor(
    private readonly sources: Readonly<Record<string, string>>,
    listener: CodeListener,
  ) {
    const names = Object.keys(sources);
    this.tabs.hidden = names.length < 2;
    this.element.append(make("p", { class: "gv-title" }, "Code"), this.tabs, this.scroll, this.locals);
    this.scroll.addEventListener("click", (event) => {
      const number = (event.target as Element).closest<HTMLElement>("[data-line]")?.dataset["line"];
      if (number !== undefined && this.shown !== null) listener.runTo(this.shown, Number(number));
    });
    this.tabs.addEventListener("click", (event) => {
      const file = (event.target as Element).closest<HTMLElement>("[data-file]")?.dataset["file"];
      if (file !== undefined) this.show(file);
    });
    if (names[0] !== undefined) this.show(names[0]);
  }

  get empty(): boolean {
    return Object.keys(this.sources).length === 0;
  }

  draw(state: State): void {
    const focus = focusOf(state);
    if (focus !== null && focus.file in this.sources) this.show(focus.file);
    this.mark(state, focus);
    this.drawVariables(state, focus);
  }

  private show(file: string): void {
    if (this.shown === file) return;
    this.shown = file;
    const made = this.files.get(file) ?? makeFile(this.sources[file] ?? "");
    this.files.set(file, made);
    this.scroll.replaceChildren(made.list);
    this.marked = [];
    this.drawTabs();
  }

  private drawTabs(): void {
    if (this.tabs.hidden) return;
    const tabs = Object.keys(this.sources).map((file) =>
      make("button", { type: "button", "data-file": file, "aria-pressed": String(file === this.shown) }, shortName(file)),
    );
    paint(this.tabs, tabs);
  }

  private mark(state: State, focus: Frame | null): void {
    this.current = null;
    const rows = this.files.get(this.shown ?? "")?.rows ?? [];
    for (const { element, marks } of this.marked) {
      for (const name of ["data-now", "aria-current"]) element.removeAttribute(name);
      marks.replaceChildren();
    }
    this.marked = [];
    for (const [line, frames] of bookmarks(state, this.shown ?? "")) {
      const row = rows[line - 1];
      if (row === undefined) continue;
      this.marked.push(row);
      row.marks.replaceChildren(bookmark(state, frames));
    }
    for (const caller of callers(state)) {
      if (caller.file === this.shown && caller !== focus) this.setNow(rows[caller.line - 1], "calls");
    }
    if (focus?.file !== this.shown || focus === null) return;
    const row = rows[focus.line - 1];
    this.setNow(row, nowOf(state, focus));
    row?.element.setAttribute("aria-current", "step");
    this.current = row?.element ?? null;
  }

  private setNow(row: Row | undefined, now: string): void {
    if (row === undefined) return;
    row.element.dataset["now"] = now;
    this.marked.push(row);
  }

  /** Brings the current line into view: scrolls the pane, never the page. It measures, so it comes
   * when all is drawn. */
  reveal(): void {
    const { scroll, current: row } = this;
    if (row === null) return;
    const top = row.offsetTop - scroll.offsetTop;
    const room = row.offsetHeight * 2;
    if (top - room < scroll.scrollTop) scroll.scrollTop = top - room;
    else if (top + row.offsetHeight + room > scroll.scrollTop + scroll.clientHeight) {
      scroll.scrollTop = top + row.offsetHeight + room - scroll.clientHeight;
    }
  }

  private drawVariables(state: State, frame: Frame | null): void {
    const entries = Object.entries(frame?.locals ?? {});
    const owner = frame === null ? [] : [make("span", { class: "gv-owner" }, frameName(frame))];
    const none = entries.length === 0 ? [make("span", { class: "gv-none" }, frame === null ? "no frame of yours runs" : "no variables yet")] : [];
    const changed = frame?.step === state.step ? frame.changed : [];
    const all = entries.map(([name, value]) => variable(name, value, changed.includes(name)));
    paint(this.locals, [...owner, ...all, ...none]);
  }
}

/** "n = 3"; one that this step changed is marked by more than a colour. */
export function variable(name: string, value: string, changed: boolean): HTMLElement {
  const mark = changed ? [make("span", { class: "gv-unseen" }, "changed: ")] : [];
  return make(
    "span",
    { class: changed ? "gv-variable gv-changed" : "gv-variable", "data-key": name },
    ...mark,
    make("span", { class: "gv-variable-name" }, name),
    " = ",
    make("span", { class: "gv-value", title: value }, value),
  );
}

function makeFile(source: string): { list: HTMLElement; rows: Row[] } {
  const lines = colour(source.replace(/\n$/, ""));
  const rows = lines.map((words, at) => makeRow(words, at + 1));
  return { list: make("div", { class: "gv-lines" }, ...rows.map((row) => row.element)), rows };
}

function makeRow(words: readonly (Node | string)[], line: number): Row {
  const marks = make("span", { class: "gv-marks" });
  const number = make(
    "button",
    { type: "button", class: "gv-number", tabindex: "-1", "data-line": String(line), title: `Run to line ${line}`, "aria-label": `Run to line ${line}` },
    String(line),
  );
  const text = make("code", { class: "gv-text" }, ...words, ...(words.length === 0 ? [" "] : []));
  return { element: make("div", { class: "gv-line" }, marks, number, text), marks };
}

/** The frames on the shelf by the lines of their bookmarks. */
function bookmarks(state: State, file: string): Map<number, Frame[]> {
  const found = new Map<number, Frame[]>();
  for (const frame of state.frames.values()) {
    if (frame.file !== file || frame.library) continue;
    if (frame.stage !== "suspended" && frame.stage !== "created") continue;
    const there = found.get(frame.line);
    if (there === undefined) found.set(frame.line, [frame]);
    else there.push(frame);
  }
  return found;
}

function bookmark(state: State, frames: readonly Frame[]): HTMLElement {
  const first = frames[0] as Frame;
  const owner = (frame: Frame) => taskName(state.tasks.get(frame.task ?? "")) ?? frameName(frame);
  const more = frames.length > 1 ? make("span", { class: "gv-more" }, `+${frames.length - 1}`) : "";
  const all = frames.slice(0, 12).map((frame) => `${owner(frame)} (${frame.stage})`).join(", ");
  return make(
    "button",
    {
      type: "button",
      class: "gv-bookmark",
      "data-go": String(first.step),
      "data-stage": first.stage,
      tabindex: "-1",
      title: `${all}. Go to the step that put the bookmark here.`,
    },
    make("span", { class: "gv-unseen" }, "Bookmark of "),
    make("span", { class: "gv-bookmark-name" }, owner(first)),
    more,
    make("span", { class: "gv-unseen" }, ` (${first.stage})`),
  );
}

function callers(state: State): Frame[] {
  const stack = [...state.stacks.values()].flat();
  return stack.slice(0, -1).flatMap((id) => state.frames.get(id) ?? []);
}

function nowOf(state: State, focus: Frame): string {
  if (focus.stage === "suspended" || focus.stage === "created") return "parks";
  if (focus.stage === "closed") return "ends";
  const kind = state.event?.do;
  if (kind === "raise" || focus.error !== null) return "raises";
  return "runs";
}

const shortName = (file: string): string => file.split("/").at(-1) ?? file;
