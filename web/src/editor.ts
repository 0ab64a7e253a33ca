/** The editor: knows Python's keys and indents, and looks like the printed code it replaces. */

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { EditorState, StateEffect, StateField, type Extension } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, keymap } from "@codemirror/view";
import { colours } from "./colours";
import { make } from "./dom";

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly label: string;
  /** The id of the element that says which keys do what. */
  readonly describedBy?: string;
  /** What hears of the reader's edits; without it the code is to be read only. */
  changed?(text: string): void;
}

export interface Editor {
  /** Takes the focus; puts the caret `at` so many characters, or leaves it where it was. */
  focus(at?: number): void;
  insert(text: string): void;
  replace(text: string): void;
  /** Points at a line, from 1, until the text changes; null points at none. */
  mark(line: number | null): void;
}

const pointAt = StateEffect.define<number | null>();
const MARKED = Decoration.line({ class: "line-marked" });

/** The line that is pointed at. */
const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(lines, change) {
    const asked = change.effects.find((effect) => effect.is(pointAt));
    if (asked === undefined) return change.docChanged ? Decoration.none : lines;
    const { doc } = change.state;
    if (asked.value === null || asked.value > doc.lines) return Decoration.none;
    return Decoration.set([MARKED.range(doc.line(asked.value).from)]);
  },
  provide: (field) => EditorView.decorations.from(field),
});

export function openEditor(options: EditorOptions): Editor {
  const frame = make("div", { class: "highlight cell-editor" });
  options.parent.append(frame);
  const view = new EditorView({ parent: frame, doc: options.text, extensions: extensions(options) });
  return {
    focus(at) {
      if (at !== undefined) view.dispatch({ selection: { anchor: Math.min(at, view.state.doc.length) } });
      view.focus();
    },
    insert: (text) => view.dispatch(view.state.replaceSelection(text), { userEvent: "input.type" }),
    replace(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    mark: (line) => view.dispatch({ effects: pointAt.of(line) }),
  };
}

function extensions(options: EditorOptions): Extension {
  return [
    python(),
    colours,
    history(),
    bracketMatching(),
    marked,
    EditorState.readOnly.of(options.changed === undefined),
    EditorView.editable.of(options.changed !== undefined),
    indentOnInput(),
    indentUnit.of("    "),
    EditorState.tabSize.of(4),
    keymap.of([indentWithTab, ...defaultKeymap, ...historyKeymap]),
    EditorView.contentAttributes.of({
      // Reached through the cell, by Enter: one stop for the Tab key a cell.
      tabindex: "-1",
      "aria-label": options.label,
      ...(options.describedBy === undefined ? {} : { "aria-describedby": options.describedBy }),
      spellcheck: "false",
      autocapitalize: "off",
      autocorrect: "off",
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) options.changed?.(update.state.doc.toString());
    }),
  ];
}
