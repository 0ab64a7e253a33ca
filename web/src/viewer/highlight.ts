/** Knows which letters of a line of Python are words of the language, texts, numbers, remarks. */

import { make } from "../dom";

const KEYWORDS =
  "and|as|assert|async|await|break|class|continue|def|del|elif|else|except|finally|for|from|global|if|import|in|is|" +
  "lambda|nonlocal|not|or|pass|raise|return|try|while|with|yield";
const BUILTINS =
  "abs|aiter|all|anext|any|bool|bytes|dict|dir|enumerate|float|getattr|id|input|int|isinstance|iter|len|list|map|max|" +
  "min|next|object|open|print|range|repr|reversed|set|sorted|str|sum|super|tuple|type|vars|zip";

// In this order: what stands further left wins. Each name is a class of the style sheet.
const WORDS = new RegExp(
  [
    "(?<comment>#.*)",
    `(?<string>[rbfu]{0,2}(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\\\.|[^"\\\\\\n])*"?|'(?:\\\\.|[^'\\\\\\n])*'?))`,
    "(?<name>(?<=\\b(?:def|class)\\s+)\\w+)",
    `(?<keyword>\\b(?:${KEYWORDS})\\b)`,
    "(?<number>\\b(?:None|True|False|\\d[\\w.]*)\\b)",
    `(?<builtin>(?<!\\.)\\b(?:${BUILTINS})\\b)`,
    "(?<error>\\b[A-Z]\\w*(?:Error|Exception|ExceptionGroup|Iteration|Exit)\\b)",
    "(?<decorator>^\\s*@[\\w.]+)",
  ].join("|"),
  "gim",
);

/** The lines of `source`, each as nodes with their colours. */
export function colour(source: string): (Node | string)[][] {
  const lines: (Node | string)[][] = [[]];
  const add = (text: string, kind: string | null) => {
    text.split("\n").forEach((part, place) => {
      if (place > 0) lines.push([]);
      if (part !== "") lines.at(-1)?.push(kind === null ? part : make("span", { class: `gv-c-${kind}` }, part));
    });
  };
  let end = 0;
  for (const match of source.matchAll(WORDS)) {
    add(source.slice(end, match.index), null);
    add(match[0], kindOf(match));
    end = match.index + match[0].length;
  }
  add(source.slice(end), null);
  return lines;
}

/** The pattern ignores case for the prefixes of strings; nothing else may. */
function kindOf(match: RegExpMatchArray): string | null {
  const [kind] = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined) ?? [];
  const word = match[0];
  if (kind === "error") return /^[A-Z]/.test(word) ? kind : null;
  if (kind === "keyword" || kind === "builtin") return word === word.toLowerCase() ? kind : null;
  return kind ?? null;
}
