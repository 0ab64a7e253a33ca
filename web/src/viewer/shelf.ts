/** The frame shelf: knows which frames run, which are paused where, and what each of them waits for. */

import { make } from "../dom";
import { variable } from "./code";
import { paint, prose } from "./paint";
import { canPause, type Frame, type State, type Task, type Thing } from "./state";
import { tapeRows } from "./tapes";
import { ending, frameName, frameStage, names, plain, seconds, SIGNS, taskName, thingState } from "./words";

/** More cards than this are counted and not drawn: nobody reads a thousand. */
const SHOWN = 12;
const THINGS_SHOWN = 12;
const MOVE = 260;

/** Types whose objects are drawn as things of their own; a future shows only where it is waited for. */
const SHARED = /lock|event|semaphore|condition|queue|barrier/i;

export class Shelf {
  readonly element = make("div", { class: "gv-pane gv-shelf", role: "group", "aria-label": "Frames" });
  private readonly running = make("div", { class: "gv-stack" });
  private readonly parked = make("div", { class: "gv-parked" });
  private readonly things = make("div", { class: "gv-things" });
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");
  private last: number | null = null; // the step that was drawn last: nothing moves on the first drawing

  constructor(private readonly hasTasks: boolean) {
    const body = make("div", { class: "gv-shelf-body", tabindex: "0", role: "group", "aria-label": "Running and paused frames" });
    body.append(
      make("div", { class: "gv-side gv-side-running" }, make("p", { class: "gv-subtitle" }, "Running"), this.running),
      make("div", { class: "gv-side gv-side-parked" }, make("p", { class: "gv-subtitle" }, "On the shelf"), this.parked, this.things),
    );
    this.element.append(make("p", { class: "gv-title" }, "Frames"), body);
  }

  draw(state: State, selected: string | null): void {
    const moves = this.last !== null && Math.abs(state.step - this.last) === 1 && !this.still.matches;
    const before = moves ? this.places() : null;
    this.last = state.step;
    paint(this.running, runningCards(state));
    paint(this.parked, this.hasTasks ? taskCards(state, selected) : frameCards(state));
    paint(this.things, [...tapeRows(state), ...thingRows(state)]);
    if (before !== null) this.animate(before);
  }

  private places(): Map<string, DOMRect> {
    const found = new Map<string, DOMRect>();
    for (const card of this.element.querySelectorAll<HTMLElement>("[data-frame]")) {
      found.set(card.dataset["frame"] ?? "", card.getBoundingClientRect());
    }
    return found;
  }

  /** Lets each frame that now stands elsewhere travel there from where it stood. */
  private animate(before: ReadonlyMap<string, DOMRect>): void {
    for (const card of this.element.querySelectorAll<HTMLElement>("[data-frame]")) {
      const was = before.get(card.dataset["frame"] ?? "");
      const is = card.getBoundingClientRect();
      if (was === undefined) {
        card.animate([{ opacity: 0 }, { opacity: 1 }], { duration: MOVE, easing: "ease-out" });
        continue;
      }
      const [x, y] = [was.left - is.left, was.top - is.top];
      if (Math.hypot(x, y) < 4) continue;
      card.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], {
        duration: MOVE,
        easing: "cubic-bezier(0.2, 0.7, 0.2, 1)",
      });
    }
  }
}

// Running ---------------------------------------------------------------------------------

function runningCards(state: State): Node[] {
  const cards: Node[] = [];
  for (const [thread, stack] of state.stacks) {
    if (stack.length === 0) continue;
    if (thread !== "") cards.push(make("p", { class: "gv-note", "data-key": thread }, thread));
    const frames = stack.flatMap((id) => state.frames.get(id) ?? []);
    frames.forEach((frame, at) => {
      const runs = at === frames.length - 1 && frame.runner === state.event?.who;
      cards.push(frameCard(state, frame, !runs));
    });
  }
  const leaving = leavingFrame(state);
  if (leaving !== null) cards.push(frameCard(state, leaving, false));
  if (state.event?.who === "loop") cards.push(loopCard(state));
  if (cards.length === 0) cards.push(make("p", { class: "gv-note" }, "No frame runs."));
  return cards;
}

/** A function's frame is shown once more in the step that ends it. */
function leavingFrame(state: State): Frame | null {
  const { event } = state;
  if (event?.do !== "return" && event?.do !== "unwind") return null;
  const frame = state.frames.get(event.f);
  return frame?.stage === "closed" && !canPause(frame.of) ? frame : null;
}

function loopCard(state: State): HTMLElement {
  const { selecting, turn } = state;
  let words = turn === null ? "gets ready" : `is in turn ${turn.n}`;
  if (selecting !== null) {
    words = selecting.timeout === null ? "waits for as long as it takes" : `waits at most ${seconds(selecting.timeout)} s`;
    if (selecting.timeout === 0) words = "looks, without waiting";
  }
  return make("div", { class: "gv-frame gv-of-loop", "data-key": "loop" }, make("span", { class: "gv-frame-name" }, "the event loop"), make("span", { class: "gv-note" }, words));
}

// Frames ----------------------------------------------------------------------------------

function frameCard(state: State, frame: Frame, calls: boolean): HTMLElement {
  const { stage, word } = frameStage(frame, calls);
  const owner = taskName(state.tasks.get(frame.task ?? ""));
  const head = make(
    "button",
    { type: "button", class: "gv-frame-head", "data-go": String(frame.step), title: "Go to the step that brought it here" },
    sign(stage, word),
    make("span", { class: "gv-frame-name" }, frameName(frame)),
    make("span", { class: "gv-frame-line" }, frame.library ? frame.file : place(frame)),
  );
  const card = make(
    "div",
    { class: frame.library ? "gv-frame gv-library" : "gv-frame", "data-key": frame.id, "data-frame": frame.id, "data-stage": stage },
    head,
    ...(frame.stage === "running" && owner !== undefined ? [make("span", { class: "gv-of-task" }, `task ${owner}`)] : []),
    ...variables(state, frame),
    ...result(frame),
  );
  return card;
}

const place = (frame: Frame): string => {
  if (frame.stage === "closed") return "";
  return frame.stage === "created" ? `line ${frame.line}, not begun` : `line ${frame.line}`;
};

function variables(state: State, frame: Frame): HTMLElement[] {
  const entries = Object.entries(frame.locals);
  // A module's variables are all the program's names; the code pane shows them.
  if (entries.length === 0 || frame.stage === "closed" || frame.of === "module") return [];
  const shown = entries.slice(0, 8).map(([name, value]) => variable(name, value, frame.step === state.step && frame.changed.includes(name)));
  const more = entries.length > 8 ? [make("span", { class: "gv-none" }, `and ${entries.length - 8} more`)] : [];
  return [make("div", { class: "gv-frame-variables" }, ...shown, ...more)];
}

function result(frame: Frame): HTMLElement[] {
  const say = (...words: (Node | string)[]) => [make("div", { class: "gv-result" }, ...words)];
  if (frame.error !== null) return say(sign("error", "exception"), make("code", {}, frame.error));
  if (frame.stage === "suspended" && frame.value !== null) return say("handed out ", make("code", {}, frame.value));
  if (frame.stage === "closed" && frame.value !== null) return say("returned ", make("code", {}, frame.value));
  return [];
}

export function sign(stage: string, word: string): HTMLElement {
  return make(
    "span",
    { class: "gv-sign", "data-stage": stage, title: word },
    make("span", { "aria-hidden": "true" }, SIGNS[stage] ?? "·"),
    make("span", { class: "gv-unseen" }, word),
  );
}

// The shelf without tasks -------------------------------------------------------------------

function frameCards(state: State): Node[] {
  const frames = [...state.frames.values()].filter((frame) => canPause(frame.of) && frame.stage !== "running");
  const alive = frames.filter((frame) => frame.stage !== "closed");
  const roots = alive.filter((frame) => !isParked(state, frame.from));
  const cards = roots.slice(0, SHOWN).map((root) => chainCard(state, chainOf(state, root)));
  const gone = frames.filter((frame) => frame.stage === "closed").map((frame) => frameCard(state, frame, false));
  if (cards.length + gone.length === 0) return [make("p", { class: "gv-note" }, "Nothing is paused.")];
  return [...cards, ...more(roots.length), ...gone];
}

const isParked = (state: State, id: string | null): boolean =>
  id !== null && state.frames.get(id)?.stage === "suspended";

function chainOf(state: State, root: Frame): Frame[] {
  const chain = [root];
  for (let at: Frame | undefined = root; at?.to; ) {
    at = state.frames.get(at.to);
    if (at === undefined || at.stage === "closed" || chain.includes(at)) break;
    chain.push(at);
  }
  return chain;
}

function chainCard(state: State, chain: readonly Frame[]): HTMLElement {
  const cards = chain.map((frame) => frameCard(state, frame, false));
  return make("div", { class: "gv-chain", "data-key": `chain ${chain[0]?.id ?? ""}` }, ...cards);
}

function more(count: number): HTMLElement[] {
  return count <= SHOWN ? [] : [make("p", { class: "gv-note", "data-key": "more" }, `and ${count - SHOWN} more`)];
}

// The shelf of tasks ------------------------------------------------------------------------

function taskCards(state: State, selected: string | null): Node[] {
  const tasks = [...state.tasks.values()].filter((task) => task.stage !== "running");
  const alive = tasks.filter((task) => task.stage !== "done");
  const done = tasks.filter((task) => task.stage === "done");
  const shown = pick(alive, SHOWN, state, selected);
  const cards: Node[] = shown.map((task) => taskCard(state, task, selected));
  const loose = looseFrames(state).slice(0, SHOWN).map((frame) => chainCard(state, chainOf(state, frame)));
  if (cards.length + loose.length === 0) cards.push(make("p", { class: "gv-note", "data-key": "none" }, state.tasks.size === 0 ? "There is no task yet." : "No task is paused."));
  const left = alive.length - shown.length;
  if (left > 0) cards.push(make("p", { class: "gv-note", "data-key": "more" }, `and ${left} more tasks`));
  return [...cards, ...loose, ...doneRow(state, done, selected)];
}

/** Of many tasks those that the reader asks about, then those that moved last; in their own order. */
function pick(tasks: readonly Task[], count: number, state: State, selected: string | null): readonly Task[] {
  if (tasks.length <= count) return tasks;
  const about = state.event !== null && "id" in state.event ? state.event.id : null;
  const weight = (task: Task) => (task.id === selected ? Infinity : task.id === about ? 1e12 : task.step);
  const chosen = new Set([...tasks].sort((one, other) => weight(other) - weight(one)).slice(0, count));
  return tasks.filter((task) => chosen.has(task));
}

function taskCard(state: State, task: Task, selected: string | null): HTMLElement {
  const frames = task.chain.flatMap((id) => state.frames.get(id) ?? []).filter((frame) => frame.stage !== "running");
  return make(
    "div",
    { class: "gv-task", "data-key": task.id, "data-stage": task.stage, "data-selected": task.id === selected },
    taskHead(task, selected),
    make("div", { class: "gv-chain" }, ...frames.map((frame) => frameCard(state, frame, false))),
    ...waitsFor(state, task),
  );
}

function taskHead(task: Task, selected: string | null): HTMLElement {
  const word = task.stage === "ready" ? "ready" : "waiting";
  return make(
    "button",
    {
      type: "button",
      class: "gv-task-head",
      "data-task": task.id,
      "data-go": String(task.step),
      "aria-pressed": String(task.id === selected),
      title: `Follow task ${taskName(task) ?? ""}: go to its last switch`,
    },
    sign(task.stage, word),
    make("span", { class: "gv-task-name" }, taskName(task) ?? task.id),
    make("span", { class: "gv-task-stage" }, task.cancelling ? "to be cancelled" : word),
  );
}

function waitsFor(state: State, task: Task): HTMLElement[] {
  if (task.on === null || task.stage !== "waiting") return [];
  const words = waitedFor(state, task.on);
  return [make("div", { class: "gv-waits" }, make("span", { class: "gv-label" }, "waits for"), " ", words)];
}

function waitedFor(state: State, id: string): string {
  const other = state.tasks.get(id);
  if (other !== undefined) return `task ${taskName(other) ?? id}`;
  const thing = state.things.get(id);
  if (thing === undefined) return id;
  if (thing.state.due !== undefined) return `the timer due at t = ${seconds(thing.state.due)}`;
  if (thing.state.holder) return `${plain(thing.label)}, held by ${names(state, [thing.state.holder])}`;
  return plain(thing.label);
}

/** Coroutines and generators that no task has in its chain. */
function looseFrames(state: State): Frame[] {
  const owned = new Set([...state.tasks.values()].flatMap((task) => task.chain));
  return [...state.frames.values()].filter(
    (frame) =>
      canPause(frame.of) &&
      !frame.library &&
      (frame.stage === "created" || frame.stage === "suspended") &&
      !owned.has(frame.id) &&
      !isParked(state, frame.from),
  );
}

function doneRow(state: State, done: readonly Task[], selected: string | null): Node[] {
  if (done.length === 0) return [];
  const shown = pick(done, SHOWN, state, selected);
  const chips = shown.map((task) =>
    make(
      "button",
      { type: "button", class: "gv-chip", "data-key": task.id, "data-task": task.id, "data-go": String(task.step), title: `Go to the step that ended task ${taskName(task) ?? ""}` },
      sign(task.how ?? "closed", task.how ?? "done"),
      make("span", { class: "gv-task-name" }, taskName(task) ?? task.id),
      make("span", { class: "gv-chip-words" }, ending(task)),
    ),
  );
  const left = done.length - shown.length;
  return [make("div", { class: "gv-done", "data-key": "done" }, ...chips, ...(left > 0 ? [make("span", { class: "gv-note" }, `and ${left} more`)] : []))];
}

// Locks, queues and their like --------------------------------------------------------------

function thingRows(state: State): Node[] {
  const things = [...state.things.values()].filter((thing) => SHARED.test(thing.type));
  if (things.length === 0) return [];
  const shown = [...things].sort((one, other) => other.step - one.step).slice(0, THINGS_SHOWN);
  const rows = things.filter((thing) => shown.includes(thing)).map((thing) => thingRow(state, thing));
  return [make("p", { class: "gv-subtitle" }, "Shared between tasks"), ...rows];
}

function thingRow(state: State, thing: Thing): HTMLElement {
  return make(
    "button",
    { type: "button", class: "gv-thing", "data-key": thing.id, "data-go": String(thing.step), title: "Go to the step that changed it last" },
    make("span", { class: "gv-thing-name" }, ...prose(thing.label.replace(/^the /, ""))),
    make("span", { class: "gv-thing-state" }, thingState(state, thing)),
  );
}

