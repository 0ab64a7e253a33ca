/** Python's colours in the editor: knows which of Pygments' classes each word of the code has. */

import { syntaxHighlighting, syntaxTree } from "@codemirror/language";
import { type Extension, Prec, RangeSetBuilder } from "@codemirror/state";
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import type { SyntaxNode } from "@lezer/common";
import { tagHighlighter, tags } from "@lezer/highlight";

// What the parser's tags tell. The names are Pygments', so that the book's own style sheet
// colours the editor too, in light and in dark.
const byTag = tagHighlighter([
  { tag: [tags.keyword, tags.controlKeyword, tags.definitionKeyword, tags.modifier], class: "k" },
  { tag: tags.moduleKeyword, class: "kn" },
  { tag: tags.operatorKeyword, class: "ow" },
  { tag: [tags.bool, tags.null], class: "kc" },
  { tag: tags.function(tags.definition(tags.variableName)), class: "nf" },
  { tag: tags.definition(tags.className), class: "nc" },
  { tag: [tags.string, tags.special(tags.string)], class: "s2" },
  { tag: tags.escape, class: "se" },
  { tag: tags.number, class: "mi" },
  { tag: tags.lineComment, class: "c1" },
  { tag: tags.meta, class: "nd" },
  { tag: [tags.arithmeticOperator, tags.bitwiseOperator, tags.compareOperator], class: "o" },
  { tag: [tags.updateOperator, tags.definitionOperator, tags.derefOperator], class: "o" },
  { tag: [tags.punctuation, tags.separator, tags.paren, tags.squareBracket, tags.brace], class: "p" },
]);

const BUILTINS = new Set(
  ("__import__ abs aiter all anext any bin bool bytearray bytes callable chr classmethod compile complex delattr " +
    "dict dir divmod enumerate eval exec filter float format frozenset getattr globals hasattr hash help hex id " +
    "input int isinstance issubclass iter len list locals map max memoryview min next object oct open ord pow " +
    "print property range repr reversed round set setattr slice sorted staticmethod str sum super tuple type " +
    "vars zip").split(" "),
);
const EXCEPTION = /^([A-Z]\w*(Error|Exception|ExceptionGroup|Warning)|GeneratorExit|KeyboardInterrupt|Stop(Async)?Iteration|SystemExit)$/;

/** What only the word itself or its place tells. */
function classOf(node: SyntaxNode, word: string): string | null {
  const parent = node.parent?.name;
  switch (node.name) {
    case "from":
      return parent === "ImportStatement" ? "kn" : null;
    case "*":
    case "**":
      return "o";
    case "{":
    case "}":
      return parent === "FormatReplacement" ? "si" : null;
    case "FormatConversion":
    case "FormatSpec":
      return "si";
    case "VariableName":
      return parent === "ImportStatement" ? "nn" : classOfName(word);
    default:
      return null;
  }
}

function classOfName(word: string): string | null {
  if (word === "self" || word === "cls") return "bp";
  if (BUILTINS.has(word)) return "nb";
  return EXCEPTION.test(word) ? "ne" : null;
}

function colourNames(view: EditorView): DecorationSet {
  const found = new RangeSetBuilder<Decoration>();
  const mark = (from: number, to: number, name: string) => found.add(from, to, Decoration.mark({ class: name }));
  syntaxTree(view.state).iterate({
    enter: ({ node, from, to }) => {
      if (node.name === "String" || node.name === "FormatString") {
        const prefix = /^\w+/.exec(view.state.sliceDoc(from, Math.min(to, from + 2)))?.[0] ?? "";
        if (prefix !== "") mark(from, from + prefix.length, "sa");
        return;
      }
      const name = classOf(node, view.state.sliceDoc(from, to));
      if (name !== null) mark(from, to, name);
    },
  });
  return found.finish();
}

class NameColours {
  decorations: DecorationSet;

  constructor(view: EditorView) {
    this.decorations = colourNames(view);
  }

  update(update: ViewUpdate): void {
    const parsed = syntaxTree(update.startState) !== syntaxTree(update.state);
    if (update.docChanged || parsed) this.decorations = colourNames(update.view);
  }
}

/** Both together; a name's own colour stands inside the one its tag gave. */
export const colours: Extension = [
  syntaxHighlighting(byTag),
  Prec.highest(ViewPlugin.fromClass(NameColours, { decorations: (names) => names.decorations })),
];
