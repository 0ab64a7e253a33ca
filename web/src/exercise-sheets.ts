/** Where the reader writes an attempt: an editor, or cards to be put in order. */

import { Cards } from "./cards";
import { Code } from "./code";
import { find, need } from "./dom";
import type { Verdict } from "./protocol";
import { letKeysScroll } from "./scroll";

export interface Sheet {
  readonly element: HTMLElement;
  /** Whether the attempt is a program, and not what a program prints. */
  readonly writes: boolean;
  /** The attempt. */
  readonly text: string;
  /** Whether it is other than what the book gave. */
  readonly touched: boolean;
  /** Puts an attempt in place. */
  write(text: string): Promise<void>;
  /** Puts back what the book gave. */
  restart(): Promise<void>;
  /** Shows where in the attempt the verdict belongs. */
  grade(verdict: Verdict): void;
  /** Takes such marks away. */
  mark(line: null): Promise<void>;
  /** Puts the keyboard into a line of the attempt. */
  enterLine(line: number): Promise<void>;
}

export function sheetOf(exercise: HTMLElement, changed: () => void): Sheet {
  const cards = find(exercise, ".exercise-cards");
  if (cards === null) return new CodeSheet(need(exercise, ".cell-source"), exercise, changed);
  if (exercise.dataset["form"] !== "order") return new LinesSheet(cards, changed);
  letKeysScroll(need(exercise, ".cell-source"), "The program");
  return new OrderSheet(cards, changed);
}

/** An editor with the starter. */
class CodeSheet implements Sheet {
  readonly writes = true;
  private readonly code: Code;

  constructor(readonly element: HTMLElement, exercise: HTMLElement, changed: () => void) {
    const noEditor = () => {
      find(exercise, ".cell-status")?.replaceChildren("The editor could not be loaded. It needs the network the first time.");
    };
    this.code = new Code(element, "Your attempt", { changed, noEditor }, "checks");
    this.code.allowEdits();
  }

  get text(): string {
    return this.code.text;
  }

  get touched(): boolean {
    return this.code.edited;
  }

  write(text: string): Promise<void> {
    return this.code.restoreEdit(text);
  }

  restart(): Promise<void> {
    return this.code.reset();
  }

  grade({ line }: Verdict): void {
    void this.code.mark(line);
  }

  mark(line: null): Promise<void> {
    return this.code.mark(line);
  }

  enterLine(line: number): Promise<void> {
    return this.code.enterLine(line);
  }
}

/** Cards: what the two forms of them share. */
abstract class CardSheet implements Sheet {
  abstract readonly writes: boolean;
  readonly element: HTMLElement;
  protected readonly cards: Cards;
  private readonly given: string;

  constructor(list: HTMLElement, changed: () => void, lines: boolean) {
    this.cards = new Cards(list, lines, changed);
    this.element = this.cards.element;
    this.given = this.cards.text;
  }

  get text(): string {
    return this.cards.text;
  }

  get touched(): boolean {
    return this.text !== this.given;
  }

  async write(text: string): Promise<void> {
    this.cards.lay(text);
  }

  async restart(): Promise<void> {
    this.cards.lay(this.given);
  }

  async mark(_line: null): Promise<void> {
    this.cards.unmark();
  }

  async enterLine(line: number): Promise<void> {
    this.cards.focusLine(line);
  }

  abstract grade(verdict: Verdict): void;
}

/** Lines of a program, to be put in order and indented; those that do not belong are put aside. */
class LinesSheet extends CardSheet {
  readonly writes = true;

  constructor(list: HTMLElement, changed: () => void) {
    super(list, changed, true);
  }

  grade({ line }: Verdict): void {
    if (line !== null) this.cards.markLine(line);
  }
}

/** What a program prints, to be put in the order in which it does. */
class OrderSheet extends CardSheet {
  readonly writes = false;

  constructor(list: HTMLElement, changed: () => void) {
    super(list, changed, false);
  }

  /** Once it was checked the truth is known, and each card says where it belongs. */
  grade({ output }: Verdict): void {
    this.cards.markPlaces(output.replace(/\n$/, "").split("\n"));
  }
}
