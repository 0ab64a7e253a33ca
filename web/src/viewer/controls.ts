/** The controls: knows the buttons, the scrub bar and the keys, and which move each of them makes. */

import { make } from "../dom";

export type Move =
  | "first"
  | "back"
  | "forward"
  | "last"
  | "play"
  | "next switch"
  | "previous switch"
  | "next turn"
  | "previous turn"
  | "help";

export interface ControlListener {
  move(move: Move): void;
  go(step: number): void;
}

interface Button {
  readonly move: Move;
  readonly label: string;
  /** Drawn on a grid of 16 by 16. */
  readonly icon: string;
  readonly key: string;
}

const BAR = "h2v10h-2z";
const BUTTONS: readonly Button[] = [
  { move: "first", label: "First step", icon: `M3 3${BAR}M13 3v10L6 8z`, key: "Home" },
  { move: "back", label: "Back one step", icon: "M11.5 3v10L4 8z", key: "←" },
  { move: "play", label: "Play", icon: "M4 2.5v11L13.5 8z", key: "Space" },
  { move: "forward", label: "Forward one step", icon: "M4.5 3v10L12 8z", key: "→" },
  { move: "last", label: "Last step", icon: `M3 3v10l7-5zM11 3${BAR}`, key: "End" },
];
const PAUSE = "M4 3h3v10H4zM9 3h3v10H9z";

const KEYS: Readonly<Record<string, Move>> = {
  ArrowLeft: "back",
  ArrowRight: "forward",
  Home: "first",
  End: "last",
  " ": "play",
  n: "next switch",
  p: "previous switch",
  t: "next turn",
  T: "previous turn",
  "?": "help",
};

/** Steps a second. */
const SPEEDS = [1, 2, 4, 10, 30, 120];

export class Controls {
  readonly element = make("div", { class: "gv-controls", role: "group", "aria-label": "Steps" });
  private readonly scrub: HTMLInputElement;
  private readonly speeds = make("select", { class: "gv-speed", "aria-label": "Speed of playing", title: "Speed of playing" });
  private readonly buttons = new Map<Move, HTMLButtonElement>();
  readonly help: HTMLElement;

  constructor(
    private readonly length: number,
    private readonly shown: { readonly switches: boolean; readonly turns: boolean },
    private readonly listener: ControlListener,
    marked: readonly number[] = [],
  ) {
    this.scrub = make("input", { type: "range", class: "gv-scrub", min: "1", max: String(length), value: "1", "aria-label": "Step" });
    this.scrub.addEventListener("input", () => listener.go(Number(this.scrub.value)));
    for (const speed of SPEEDS) this.speeds.append(make("option", { value: String(speed), selected: speed === 2 }, `${speed} a second`));
    this.help = makeHelp(shown);
    const row = make("div", { class: "gv-buttons" }, ...BUTTONS.map((button) => this.icon(button)));
    const jumps = make("div", { class: "gv-jumps" }, ...this.jumps());
    this.element.append(row, this.track(marked), jumps, this.speeds, this.word("help", "?", "Keys (?)"));
  }

  get speed(): number {
    return Number(this.speeds.value);
  }

  draw(step: number, playing: boolean): void {
    this.scrub.value = String(step);
    this.scrub.setAttribute("aria-valuetext", `Step ${step} of ${this.length}`);
    this.scrub.style.setProperty("--gv-share", `${this.length > 1 ? ((step - 1) / (this.length - 1)) * 100 : 100}%`);
    this.disable(["first", "back"], step <= 1);
    this.disable(["forward", "last"], step >= this.length);
    const play = this.buttons.get("play");
    const label = playing ? "Pause" : "Play";
    if (play === undefined || play.getAttribute("aria-label") === label) return;
    play.setAttribute("aria-label", label);
    play.title = `${label} (Space)`;
    play.querySelector("path")?.setAttribute("d", playing ? PAUSE : (BUTTONS[2]?.icon ?? ""));
  }

  /** The scrub bar, with marks where there is something to be seen: the remarks say what. */
  private track(marked: readonly number[]): HTMLElement {
    const track = make("div", { class: "gv-track" }, this.scrub);
    for (const step of marked) {
      const mark = make("span", { class: "gv-mark", "aria-hidden": "true", "data-step": String(step) });
      mark.style.setProperty("--gv-at", String(this.length > 1 ? (step - 1) / (this.length - 1) : 1));
      track.append(mark);
    }
    return track;
  }

  /** Takes the keys that are the viewer's while the focus is in it. */
  readonly onKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const move = KEYS[event.key];
    const target = event.target as Element;
    if (move === undefined || target instanceof HTMLSelectElement) return;
    if (event.key === " " && target instanceof HTMLButtonElement) return;
    if (!this.shown.turns && (move === "next turn" || move === "previous turn")) return;
    event.preventDefault();
    // A notebook would take a letter for one of its own commands.
    event.stopPropagation();
    this.listener.move(move);
  };

  private disable(moves: readonly Move[], disabled: boolean): void {
    for (const move of moves) this.buttons.get(move)?.setAttribute("aria-disabled", String(disabled));
  }

  private icon({ move, label, icon, key }: Button): HTMLButtonElement {
    const made = make("button", { type: "button", class: `gv-icon gv-icon-${move}`, "aria-label": label, title: `${label} (${key})` });
    made.innerHTML = `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${icon}"/></svg>`;
    return this.act(made, move);
  }

  private jumps(): HTMLButtonElement[] {
    const jumps: HTMLButtonElement[] = [];
    if (this.shown.switches) jumps.push(this.word("next switch", "Next switch", "Next switch of the task that is followed (n; back: p)"));
    if (this.shown.turns) jumps.push(this.word("next turn", "Next turn", "Next turn of the loop (t; back: Shift+T)"));
    return jumps;
  }

  private word(move: Move, text: string, title: string): HTMLButtonElement {
    const made = make("button", { type: "button", class: "gv-small", title });
    made.textContent = text;
    if (move === "help") {
      made.setAttribute("aria-label", "Keys");
      made.setAttribute("aria-expanded", "false");
    }
    return this.act(made, move);
  }

  private act(button: HTMLButtonElement, move: Move): HTMLButtonElement {
    this.buttons.set(move, button);
    button.addEventListener("click", () => this.listener.move(move));
    return button;
  }

  toggleHelp(): void {
    this.help.hidden = !this.help.hidden;
    this.buttons.get("help")?.setAttribute("aria-expanded", String(!this.help.hidden));
  }
}

function makeHelp(shown: { readonly switches: boolean; readonly turns: boolean }): HTMLElement {
  const keys: [string, string][] = [
    ["← →", "one step back, forward"],
    ["Home End", "first, last step"],
    ["Space", "play, pause"],
  ];
  if (shown.switches) keys.push(["n p", "next, previous switch"]);
  if (shown.turns) keys.push(["t T", "next, previous turn"]);
  keys.push(["line number", "run to this line"]);
  const rows = keys.map(([key, meaning]) => make("div", {}, make("dt", {}, key), make("dd", {}, meaning)));
  const help = make("div", { class: "gv-help", role: "note", "aria-label": "Keys" }, make("dl", {}, ...rows));
  help.hidden = true;
  return help;
}
