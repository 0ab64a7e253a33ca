/** Cards to be put in order: knows where each lies, and how keys, buttons and fingers move them. */

import { Card, type Move } from "./card";
import { letDrag } from "./cards-drag";
import { findAll, make } from "./dom";

const KEYS_SAID = "Arrow keys choose a card. Space picks it up, arrows move it, Space drops it, Escape puts it back.";
const HELP = "keys-for-cards";
const KEYS: Readonly<Record<string, Move>> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };

export class Cards {
  readonly element = make("div", { class: "cards" });
  /** The cards that count; below them, where lines are laid, those that were put aside. */
  private readonly main: HTMLElement;
  private readonly aside: HTMLElement | null;
  private readonly cards = new Map<Element, Card>();
  private readonly spoken = make("p", { class: "cards-spoken spoken", "aria-live": "assertive" });
  private active: Card | null = null;
  /** How all lay when the active card was picked up; null while none is held. */
  private heldSince: string | null = null;

  constructor(
    list: HTMLElement,
    private readonly lines: boolean,
    private readonly changed: () => void,
  ) {
    this.main = listbox(list, lines ? "Your program" : "What is printed, first to last");
    list.before(this.element);
    this.aside = lines ? listbox(make("ol", { class: "exercise-cards aside" }), "Lines that are not used") : null;
    for (const element of findAll(list, "li")) this.cards.set(element, new Card(element));
    this.element.append(this.tools(), this.main);
    if (this.aside !== null) this.element.append(make("p", { class: "exercise-caption" }, "Not used: lay the lines here that do not belong."), this.aside);
    this.element.append(this.spoken);
    this.listen();
    this.choose(this.all[0] ?? null);
  }

  // Where the cards lie -------------------------------------------------------------------------

  private get laid(): Card[] {
    return this.cardsIn(this.main);
  }

  /** First those that count, then those put aside. */
  private get all(): Card[] {
    return [...this.laid, ...this.cardsIn(this.aside)];
  }

  private cardsIn(list: HTMLElement | null): Card[] {
    return [...(list?.children ?? [])].flatMap((element) => this.cards.get(element) ?? []);
  }

  /** The attempt that the cards make. */
  get text(): string {
    return this.laid.map((card) => card.text).join("\n");
  }

  /** Lays the cards so that they make this attempt; the others are put aside, or stay behind. */
  lay(text: string): void {
    const left = new Set(this.all);
    let rest = text === "" ? [] : text.split("\n");
    const laid: Card[] = [];
    while (rest.length > 0) {
      const fitting = [...left].find((card) => card.takeFrom(rest));
      if (fitting !== undefined) {
        left.delete(fitting);
        laid.push(fitting);
      }
      rest = rest.slice(fitting?.height ?? 1);
    }
    for (const card of left) card.level = 0;
    this.main.append(...laid.map((card) => card.element));
    (this.aside ?? this.main).append(...[...left].map((card) => card.element));
    this.unmark();
  }

  // Marks ---------------------------------------------------------------------------------------

  unmark(): void {
    for (const card of this.all) card.mark("");
  }

  /** Points at the card that holds this line of the attempt, from 1. */
  markLine(line: number): void {
    this.cardAt(line)?.mark("look here", "wrong");
  }

  focusLine(line: number): void {
    this.choose(this.cardAt(line) ?? null);
    this.active?.element.focus();
  }

  private cardAt(line: number): Card | undefined {
    let below = 0;
    return this.laid.find((card) => (below += card.height) >= line);
  }

  /** Says of each card whether it lies where the text has it, and where it belongs. */
  markPlaces(truth: readonly string[]): void {
    const { laid } = this;
    const isRight = (place: number) => laid[place]?.text === truth[place];
    const open = truth.map((_, place) => place).filter((place) => !isRight(place));
    laid.forEach((card, place) => {
      if (isRight(place)) return card.mark("right", "right");
      const belongs = open.findIndex((other) => truth[other] === card.text);
      const [at] = belongs < 0 ? [] : open.splice(belongs, 1);
      card.mark(at === undefined ? "is not printed" : `belongs at ${at + 1}`, "wrong");
    });
  }

  // Moving --------------------------------------------------------------------------------------

  /** The card that the keys and the buttons are for. */
  private choose(card: Card | null): void {
    this.active = card;
    for (const each of this.cards.values()) each.choose(each === card);
  }

  private move(card: Card, move: Move): void {
    if (move === "left" || move === "right") {
      if (!this.lines || !this.main.contains(card.element)) return;
      card.level += move === "right" ? 1 : -1;
    } else if (!this.shift(card, move)) {
      return;
    }
    this.settle(card);
  }

  /** Moves a card by one place, or from one list to the other; false where there is no further. */
  private shift({ element }: Card, move: "up" | "down"): boolean {
    const list = element.parentElement;
    const next = move === "up" ? element.previousElementSibling : element.nextElementSibling;
    if (next !== null) next[move === "up" ? "before" : "after"](element);
    else if (move === "down" && list === this.main && this.aside !== null) this.aside.prepend(element);
    else if (move === "up" && list === this.aside) this.main.append(element);
    else return false;
    return true;
  }

  /** A card has come to lie elsewhere. */
  private settle(card: Card): void {
    if (this.aside?.contains(card.element)) card.level = 0;
    this.unmark();
    this.choose(card);
    this.say(this.placeOf(card));
    this.changed();
  }

  private placeOf(card: Card): string {
    const { laid } = this;
    if (!laid.includes(card)) return "Not used.";
    const indent = this.lines ? ` ${card.indent}.` : "";
    return `Place ${laid.indexOf(card) + 1} of ${laid.length}.${indent}`;
  }

  private say(words: string): void {
    this.spoken.textContent = words;
  }

  // Keys ----------------------------------------------------------------------------------------

  private listen(): void {
    this.element.addEventListener("keydown", (event) => this.onKey(event));
    this.element.addEventListener("focusin", ({ target }) => {
      const card = target instanceof Element ? this.cards.get(target) : undefined;
      if (card !== undefined && card !== this.active) this.choose(card);
    });
    // A card that moves in the page loses the keyboard, and has it again when its move is over.
    this.element.addEventListener("focusout", () => {
      queueMicrotask(() => {
        if (!this.element.contains(document.activeElement)) this.drop();
      });
    });
    const lists = this.aside === null ? [this.main] : [this.main, this.aside];
    letDrag(lists, (element) => this.cards.get(element), this.lines, (card) => this.settle(card));
  }

  private onKey(event: KeyboardEvent): void {
    const card = event.target instanceof Element ? this.cards.get(event.target) : undefined;
    if (card === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.pressed(card, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    this.active?.element.focus();
  }

  /** Does what the key is for; false for a key that is for something else. */
  private pressed(card: Card, key: string): boolean {
    const held = this.heldSince !== null;
    const move = KEYS[key];
    if (held && (key === " " || key === "Enter")) this.drop();
    else if (held && key === "Escape") this.putBack(card);
    else if (key === " ") this.pickUp(card);
    else if (move === undefined) return false;
    else if (held || move === "left" || move === "right") this.move(card, move);
    else this.go(card, move === "up" ? -1 : 1);
    return true;
  }

  private go(from: Card, by: number): void {
    const next = this.all[this.all.indexOf(from) + by];
    if (next === undefined) return;
    this.choose(next);
    next.element.focus();
  }

  private pickUp(card: Card): void {
    this.heldSince = this.text;
    card.hold(true);
    this.say(`Picked up. ${this.placeOf(card)} Arrows move it, Space drops it, Escape puts it back.`);
  }

  private drop(): void {
    if (this.heldSince === null || this.active === null) return;
    this.heldSince = null;
    this.active.hold(false);
    this.say(`Dropped. ${this.placeOf(this.active)}`);
  }

  private putBack(card: Card): void {
    const before = this.heldSince ?? this.text;
    this.heldSince = null;
    card.hold(false);
    this.lay(before);
    this.settle(card);
    this.say(`Put back. ${this.placeOf(card)}`);
  }

  // Buttons -------------------------------------------------------------------------------------

  private tools(): HTMLElement {
    const words = `Drag the ${this.lines ? "lines" : "cards"} by their grip, or choose one and move it:`;
    const buttons = [
      this.button("up", "↑", "Move up"),
      this.button("down", "↓", "Move down"),
      ...(this.lines ? [this.button("left", "←", "Indent less"), this.button("right", "→", "Indent more")] : []),
    ];
    const help = make("span", { class: "cards-help", title: KEYS_SAID }, words);
    return make("div", { class: "cards-tools", role: "group", "aria-label": "Move the chosen card" }, help, ...buttons);
  }

  private button(move: Move, sign: string, label: string): HTMLElement {
    const button = make("button", { type: "button", class: "cell-button", "aria-label": label, title: label }, sign);
    button.addEventListener("click", () => {
      if (this.active !== null) this.move(this.active, move);
    });
    return button;
  }
}

function listbox(list: HTMLElement, label: string): HTMLElement {
  if (document.getElementById(HELP) === null) document.body.append(make("p", { id: HELP, hidden: true }, KEYS_SAID));
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", label);
  list.setAttribute("aria-describedby", HELP);
  return list;
}
