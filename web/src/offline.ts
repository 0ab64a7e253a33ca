/** The page's side of the service worker: knows when to install it and what to ask of it. */

import { whenIdle } from "./dom";
import { KEEP_PYTHON } from "./protocol";
import { root } from "./site";

/** Installs the service worker when the page has loaded and the browser is idle. */
export function workOffline(): void {
  if (!available()) return;
  whenIdle(() => {
    const script = new URL("sw.js", root);
    navigator.serviceWorker
      .register(script, { scope: root.pathname, updateViaCache: "none" })
      .catch((error: unknown) => console.info(`glassloop: the book will not work offline. ${String(error)}`));
  });
}

export async function keepPython(): Promise<void> {
  if (!available()) return;
  const registration = await navigator.serviceWorker.ready;
  registration.active?.postMessage(KEEP_PYTHON);
}

function available(): boolean {
  return "serviceWorker" in navigator && location.protocol.startsWith("http");
}
