/** Knows how the viewer says what it shows: names, times, states, each with its own sign. */

import type { Actor } from "./format";
import type { Frame, State, Task, Thing } from "./state";

/** Every state has a shape, so that none is told by its colour alone. */
export const SIGNS: Readonly<Record<string, string>> = {
  created: "○",
  running: "▶",
  calling: "▷",
  ready: "●",
  suspended: "‖",
  waiting: "‖",
  closed: "×",
  result: "✓",
  error: "!",
  cancelled: "⊘",
};

/** Seconds, as short as they are exact: 0, 1.5, 0.0204. */
export function seconds(time: number): string {
  const digits = Math.abs(time) >= 1 || time === 0 ? 3 : 6;
  return String(Number(time.toFixed(digits)));
}

/** Running text without the signs that make code of a name. */
export const plain = (text: string): string => text.replaceAll("`", "");

export function actorName(state: State, actor: Actor): string {
  if (actor === "loop") return "the loop";
  if (actor === "C") return "a callback";
  if (actor === "main") return "main program";
  return taskName(state.tasks.get(actor)) ?? actor;
}

export function taskName(task: Task | undefined): string | undefined {
  return task === undefined ? undefined : task.name || task.id;
}

/** A list of actors and values: tasks by their names. */
export function names(state: State, ids: readonly string[]): string {
  return ids.map((id) => taskName(state.tasks.get(id)) ?? id).join(", ");
}

/** "held by baker", "3 of 5 items": what an object's state comes to in a few words. */
export function thingState(state: State, { state: is }: Thing): string {
  const words: string[] = [];
  if (is.locked !== undefined) {
    if (!is.locked) words.push("free");
    else words.push(is.holder ? `held by ${names(state, [is.holder])}` : "locked");
  }
  if (is.set !== undefined) words.push(is.set ? "set" : "not set");
  if (is.items !== undefined) words.push(items(is.items, is.maxsize));
  if (is.parties !== undefined) words.push(`${is.value} of ${is.parties}`);
  else if (typeof is.value === "number") words.push(`${String(is.value)} free`);
  if (is.state !== undefined) words.push(is.state);
  if (is.due !== undefined) words.push(`due at t = ${seconds(is.due)}`);
  for (const [kind, ids] of [["waiting", is.waiters], ["getting", is.getters], ["putting", is.putters]] as const) {
    if (ids?.length) words.push(`${kind}: ${names(state, ids)}`);
  }
  return words.join(" · ");
}

function items(list: readonly string[], maxsize: number | undefined): string {
  const room = maxsize ? ` of ${maxsize}` : "";
  return list.length === 0 ? `empty${room && ` (0${room})`}` : `${list.length}${room}: ${list.join(", ")}`;
}

/** A module's frame has no name of its own. */
export const frameName = (frame: Frame): string => (frame.of === "module" ? "main program" : frame.name);

/** The stage of a frame as the shelf names it. */
export function frameStage(frame: Frame, calls: boolean): { stage: string; word: string } {
  if (frame.stage === "running") return calls ? { stage: "calling", word: "waits for its call" } : { stage: "running", word: "running" };
  if (frame.stage === "closed") return { stage: frame.error === null ? "closed" : "error", word: "closed" };
  return { stage: frame.stage, word: frame.stage };
}

/** What an ended task came to. */
export function ending(task: Task): string {
  if (task.how === "result") return task.value === null || task.value === "None" ? "done" : `done: ${task.value}`;
  if (task.how === "cancelled") return "cancelled";
  return task.value === null ? "failed" : `failed: ${task.value}`;
}
