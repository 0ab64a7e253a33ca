/** The output pane: knows what the program has printed up to this step. */

import { make } from "../dom";
import type { EventOf, TraceEvent } from "./format";
import { paint } from "./paint";
import type { State } from "./state";

/** The last lines only: a program may print a hundred thousand. */
const SHOWN = 30;
/** `print` writes a line in several pieces: its words, the spaces between them, its end. */
const PIECES = 400;

interface Line {
  text: string;
  readonly stream: "out" | "err";
  /** The steps of its first piece and of its last. */
  readonly step: number;
  last: number;
}

export class Printed {
  readonly element = make("div", { class: "gv-pane gv-printed", role: "group", "aria-label": "Output" });
  private readonly list = make("div", {});

  constructor(
    private readonly events: readonly TraceEvent[],
    private readonly prints: readonly number[],
  ) {
    // The style sheet keeps its end in view.
    const scroll = make("div", { class: "gv-output", tabindex: "0", role: "group", "aria-label": "Printed so far" }, this.list);
    this.element.append(make("p", { class: "gv-title" }, "Output so far"), scroll);
  }

  draw(state: State): void {
    const found = this.lines(state.printed);
    const lines: Node[] = found.slice(-SHOWN).map((line) => drawLine(line, state.step));
    if (found.length > SHOWN || state.printed > PIECES) lines.unshift(make("p", { class: "gv-note" }, "Earlier lines are not shown."));
    if (lines.length === 0) lines.push(make("p", { class: "gv-note" }, "Nothing has been printed."));
    paint(this.list, lines);
  }

  private lines(printed: number): Line[] {
    const lines: Line[] = [];
    let open: Line | null = null;
    for (const at of this.prints.slice(Math.max(0, printed - PIECES), printed)) {
      const { text, stream } = this.events[at] as EventOf<"print">;
      if (open === null || open.stream !== stream) lines.push((open = { text: "", stream, step: at + 1, last: at + 1 }));
      open.text += text;
      open.last = at + 1;
      if (text.endsWith("\n")) open = null;
    }
    return lines;
  }
}

function drawLine({ text, stream, step, last }: Line, now: number): HTMLElement {
  return make(
    "button",
    {
      type: "button",
      class: step <= now && now <= last ? "gv-print gv-print-now" : "gv-print",
      "data-key": String(step),
      "data-go": String(step),
      "data-stream": stream,
      title: `Go to step ${step}, which printed this`,
    },
    text.replace(/\n$/, "") || " ",
  );
}
