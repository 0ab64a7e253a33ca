/** The turn table: knows what the loop had before it when its turn began, and what it has now. */

import { make } from "../dom";
import { paint } from "./paint";
import type { Handle, State } from "./state";
import { sign } from "./shelf";
import { plain, seconds, taskName } from "./words";

/** Entries of a list that are drawn; the others are counted. */
const SHOWN = 10;

export class TurnTable {
  readonly element = make("div", { class: "gv-pane gv-turns", role: "group", "aria-label": "The loop's turn" });
  private readonly title = make("p", { class: "gv-title" });
  private readonly table = make("div", { class: "gv-turn-table", tabindex: "0", role: "group", "aria-label": "Ready queue, timers and sockets" });

  constructor() {
    this.element.append(this.title, this.table);
  }

  draw(state: State): void {
    const { turn } = state;
    this.title.textContent = turn === null ? "The loop has not begun" : `Turn ${turn.n}`;
    paint(this.table, [header(), ...rows(state)]);
  }
}

function header(): HTMLElement {
  return make(
    "div",
    { class: "gv-turn-row gv-turn-head" },
    make("span", {}, ""),
    make("span", {}, "when it began"),
    make("span", {}, "now"),
  );
}

function rows(state: State): HTMLElement[] {
  const { turn } = state;
  const was = new Set([...(turn?.ready ?? []), ...(turn?.timers ?? [])]);
  const now = (ids: readonly string[]) => ids.map((id) => entry(state, id, !was.has(id)));
  const running = state.running === null ? [] : [entry(state, state.running, false)];
  const sockets = (list: readonly string[]) => list.map((name) => make("span", { class: "gv-entry" }, name));
  return [
    row("Ready queue", (turn?.ready ?? []).map((id) => entry(state, id, false)), [...running, ...now(state.ready)], turn?.more ?? 0),
    row("Timers", (turn?.timers ?? []).map((id) => entry(state, id, false)), now(state.timers)),
    row("Sockets", sockets(turn?.sockets ?? []), sockets(state.sockets)),
  ];
}

function row(name: string, before: readonly Node[], after: readonly Node[], unseen = 0): HTMLElement {
  return make(
    "div",
    { class: "gv-turn-row", "data-key": name },
    make("span", { class: "gv-label" }, name),
    cell("when it began", before, unseen),
    cell("now", after),
  );
}

function cell(label: string, entries: readonly Node[], unseen = 0): HTMLElement {
  const left = entries.length - SHOWN + unseen;
  const more = entries.length > SHOWN || unseen > 0 ? [make("span", { class: "gv-none" }, `and ${Math.max(left, unseen)} more`)] : [];
  const none = entries.length === 0 ? [make("span", { class: "gv-none" }, "none")] : [];
  return make("span", { class: "gv-turn-cell", "data-label": label }, ...entries.slice(0, SHOWN), ...more, ...none);
}

function entry(state: State, id: string, fresh: boolean): HTMLElement {
  const handle = state.handles.get(id);
  if (handle === undefined) return make("span", { class: "gv-entry", "data-stage": "ran" }, id);
  const stage = id === state.running ? "running" : handle.stage;
  return make(
    "button",
    {
      type: "button",
      class: fresh ? "gv-entry gv-fresh" : "gv-entry",
      "data-go": String(handle.step),
      ...(handle.task === null ? {} : { "data-task": handle.task }),
      "data-stage": stage,
      title: TITLES[stage] ?? "",
    },
    ...mark(stage, fresh),
    what(state, handle),
  );
}

const TITLES: Readonly<Record<string, string>> = {
  queued: "Go to the step that put it in the queue",
  armed: "Go to the step that set the timer",
  running: "It runs now: go to the step that took it from the queue",
  ran: "It has run: go to the step that took it from the queue",
  cancelled: "Go to the step that cancelled it",
};

function mark(stage: string, fresh: boolean): Node[] {
  if (stage === "ran") return [sign("result", "has run")];
  if (stage === "running") return [sign("running", "runs now")];
  if (stage === "cancelled") return [sign("cancelled", "was cancelled")];
  return fresh ? [make("span", { class: "gv-plus", title: "new in this turn" }, "+")] : [];
}

/** A timer that ends a future: whoever waits for that future says more than the callback's name. */
function sleeper(state: State, handle: Handle): string | undefined {
  if (handle.when === null || handle.stage !== "armed") return undefined;
  const [waiter] = state.things.get(handle.ends ?? "")?.state.waiters ?? [];
  return waiter === undefined ? undefined : `wakes ${taskName(state.tasks.get(waiter)) ?? waiter}`;
}

function what(state: State, handle: Handle): string {
  const task = taskName(state.tasks.get(handle.task ?? ""));
  const name = task ?? sleeper(state, handle) ?? plain(handle.what);
  return handle.when === null || handle.stage !== "armed" ? name : `t = ${seconds(handle.when)} ${name}`;
}
