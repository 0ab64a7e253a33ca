/** The exercises of a page: a script of its own, fetched when the reader comes near one. */

import { Exercise, type ExerciseOwner } from "./exercise";
import type { Works } from "./progress";

export function makeExercises(elements: readonly HTMLElement[], owner: ExerciseOwner, works: Works): void {
  for (const element of elements) new Exercise(element, owner, works);
}
