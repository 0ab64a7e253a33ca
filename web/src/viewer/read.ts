/** Knows how a trace is written down: makes a `Trace` of JSON Lines, and of nothing else. */

import { FORMAT, VERSION, type Footer, type Header, type Trace, type TraceEvent } from "./format";

export class TraceError extends Error {
  override readonly name = "TraceError";
}

/** Gives the trace that `text` holds. Raises `TraceError` where it holds none. */
export function read(text: string): Trace {
  const [header, ...events] = parse(text);
  checkHeader(header);
  const last = events.at(-1);
  const whole = isFooter(last);
  if (whole) events.pop();
  const footer: Footer = whole ? last : { end: true, cut: "The trace has no end: whoever wrote it was interrupted." };
  return {
    title: header.title ?? "",
    python: header.python ?? "",
    depth: header.depth ?? "lines",
    sources: header.sources ?? {},
    events: restore(events as Partial<TraceEvent>[]),
    cut: footer.cut ?? null,
    lints: footer.lints ?? [],
  };
}

/** Takes a trace that was read already, or its text. */
export function traceOf(trace: Trace | string): Trace {
  return typeof trace === "string" ? read(trace) : trace;
}

// A string of JSON holds no bare end of line, so the lines are one array but for the commas: the
// browser's parser is several times faster on it than on a hundred thousand small texts.
function parse(text: string): unknown[] {
  try {
    return JSON.parse(`[${text.trim().replace(/[\r\n]+/g, ",")}]`) as unknown[];
  } catch (error) {
    throw new TraceError(
      `This is no trace: a trace is JSON Lines, one object a line (${String(error)}). Was the file cut off on its way?`,
    );
  }
}

function checkHeader(header: unknown): asserts header is Header {
  const found = typeof header === "object" && header !== null ? (header as Partial<Header>) : {};
  if (found.format !== FORMAT) {
    throw new TraceError(`This is no trace: its first line does not say "format": "${FORMAT}".`);
  }
  if (found.version !== VERSION) {
    throw new TraceError(
      `This trace has version ${String(found.version)} and this viewer reads version ${VERSION}. ` +
        "Record it again with the Glassloop that the viewer came with.",
    );
  }
}

function isFooter(last: unknown): last is Footer {
  return typeof last === "object" && last !== null && (last as Partial<Footer>).end === true;
}

/** Writes into each event what the file left out because it was as in the event before. */
function restore(events: Partial<TraceEvent>[]): TraceEvent[] {
  let before: { t: number; turn: number; who: string } = { t: 0, turn: 0, who: "main" };
  for (const event of events) {
    const { t = before.t, turn = before.turn, who = before.who, say = "" } = event;
    before = Object.assign(event, { t, turn, who, say });
  }
  return events as TraceEvent[];
}
