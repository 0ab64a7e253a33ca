/** What is said while Python starts, and when a task is over. */

import type { Outcome } from "./python";

export const STARTING = "Starting Python … (13 MB the first time, then from this browser’s cache)";

export const ENDED: Readonly<Record<Outcome, string>> = {
  ok: "Done",
  raised: "Ended with an error",
  stopped: "Ended at a limit",
  halted: "Stopped. The next Run starts Python afresh.",
  exhausted: "Python ran out of memory. The next Run starts it afresh.",
  broken: "Python failed and was ended. The next Run starts it afresh.",
  unavailable: "Python could not be loaded. The first time it needs the network; then the browser keeps it.",
};
