/** Dragging of cards, by a mouse at any place of them and by a finger at their grip. */

import Sortable from "sortablejs";
import type { Card } from "./card";

/** So many pixels to the side are one level of indent. */
const LEVEL = 32;

interface Drag {
  readonly card: Card;
  readonly level: number;
  /** Where the pointer was when it was first heard of. */
  from: number | null;
}

/** Lets cards be dragged within the lists and between them; `indented` lets them be drawn aside, too. */
export function letDrag(
  lists: readonly HTMLElement[],
  cardOf: (element: Element) => Card | undefined,
  indented: boolean,
  settle: (card: Card) => void,
): void {
  let drag: Drag | null = null;
  const follow = (event: PointerEvent) => {
    if (drag === null || !indented) return;
    drag.from ??= event.clientX;
    drag.card.level = drag.level + Math.round((event.clientX - drag.from) / LEVEL);
  };
  const group = crypto.randomUUID();
  for (const list of lists) {
    Sortable.create(list, {
      group,
      draggable: ".card",
      // Drawn by the script and not by the browser: so it is the same by finger and by mouse.
      forceFallback: true,
      fallbackTolerance: 4,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 140,
      ghostClass: "card-place",
      fallbackClass: "card-flying",
      // A finger on a card scrolls the page; one on its grip takes the card.
      filter: (event) => isTouch(event) && !isGrip(event.target),
      preventOnFilter: false,
      onStart: ({ item }) => {
        const card = cardOf(item);
        if (card !== undefined) drag = { card, level: card.level, from: null };
        document.addEventListener("pointermove", follow);
      },
      onEnd: () => {
        document.removeEventListener("pointermove", follow);
        if (drag !== null) settle(drag.card);
        drag = null;
      },
    });
  }
}

function isTouch(event: Event): boolean {
  return event instanceof PointerEvent ? event.pointerType === "touch" : "touches" in event;
}

function isGrip(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".card-grip") !== null;
}
