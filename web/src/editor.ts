/** The editor: knows Python's keys and indents, and looks like the printed code it replaces. */

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { colours } from "./colours";
import { make } from "./dom";

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly label: string;
  /** The id of the element that says which keys do what. */
  readonly describedBy: string;
  changed(text: string): void;
}

export interface Editor {
  /** Takes the focus; puts the caret `at` so many characters, or leaves it where it was. */
  focus(at?: number): void;
  insert(text: string): void;
  replace(text: string): void;
}

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
  };
}

function extensions(options: EditorOptions): Extension {
  return [
    python(),
    colours,
    history(),
    bracketMatching(),
    indentOnInput(),
    indentUnit.of("    "),
    EditorState.tabSize.of(4),
    keymap.of([indentWithTab, ...defaultKeymap, ...historyKeymap]),
    EditorView.contentAttributes.of({
      // Reached through the cell, by Enter: one stop for the Tab key a cell.
      tabindex: "-1",
      "aria-label": options.label,
      "aria-describedby": options.describedBy,
      spellcheck: "false",
      autocapitalize: "off",
      autocorrect: "off",
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) options.changed(update.state.doc.toString());
    }),
  ];
}
