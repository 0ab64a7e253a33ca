/** Brings the exercises' own code into the page when the reader comes near the first of them. */

import type { ExerciseOwner } from "./exercise";
import type { Works } from "./progress";
import { asset } from "./site";

/** How far below the window an exercise comes to life already. */
const AHEAD = "1200px";

export function bringExercises(elements: readonly HTMLElement[], owner: ExerciseOwner, works: Works): void {
  const near = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      near.disconnect();
      void load(elements, owner, works);
    },
    { rootMargin: AHEAD },
  );
  for (const element of elements) near.observe(element);
}

async function load(elements: readonly HTMLElement[], owner: ExerciseOwner, works: Works): Promise<void> {
  try {
    const { makeExercises }: typeof import("./exercises") = await import(asset("exercises.js").href);
    makeExercises(elements, owner, works);
  } catch (error) {
    // The task, the starter and the hints can be read without it.
    for (const element of elements) element.classList.add("still");
    console.info(`glassloop: the exercises could not be loaded. ${String(error)}`);
  }
}
