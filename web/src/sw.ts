/** The service worker: keeps the book on the reader's machine, so that it opens without a network.
 *
 * What the network has is what is shown, so a book that was built anew shows at once; the copy
 * kept here answers when the network does not. Pyodide's files are large and change with its
 * version alone: they are fetched when Python first runs, and then not again.
 *
 * The build puts the list of the site's files in place of `self.__WB_MANIFEST`.
 */

import { clientsClaim } from "workbox-core";
import { cleanupOutdatedCaches, getCacheKeyForURL, matchPrecache, precache } from "workbox-precaching";
import { registerRoute } from "workbox-routing";
import { CacheFirst, NetworkFirst } from "workbox-strategies";
import { KEEP_PYTHON } from "./protocol";

declare const self: ServiceWorkerGlobalScope;
/** The build knows it. */
declare const PYODIDE_VERSION: string;

const PYODIDE = resolve("_static/pyodide/");
const PYODIDE_FILES = [
  "pyodide.mjs",
  "pyodide.asm.mjs",
  "pyodide.asm.wasm",
  "python_stdlib.zip",
  "pyodide-lock.json",
].map((name) => PYODIDE + name);
const WHEEL = resolve("_static/glassloop/glassloop.whl");

const PYODIDE_CACHE = `glassloop-pyodide-${PYODIDE_VERSION}`;
const WHEEL_CACHE = "glassloop-wheel";
/** A network that has not answered after so many seconds counts as none, where a copy is kept. */
const PATIENCE = 5;

const pyodide = new CacheFirst({ cacheName: PYODIDE_CACHE });
const wheel = new NetworkFirst({ cacheName: WHEEL_CACHE, networkTimeoutSeconds: PATIENCE });
const book = new NetworkFirst({
  networkTimeoutSeconds: PATIENCE,
  plugins: [
    {
      // The copies are made all at once, at installation, and not one by one.
      cacheWillUpdate: async () => null,
      cachedResponseWillBeUsed: async ({ request }) => (await keptCopy(request)) ?? null,
    },
  ],
});

precache(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(({ url }) => PYODIDE_FILES.includes(url.href), pyodide);
registerRoute(({ url }) => url.href === WHEEL, wheel);
registerRoute(({ request, url }) => request.mode === "navigate" || isKept(url), book);

self.addEventListener("activate", (event) => event.waitUntil(forgetOldPyodide()));
self.addEventListener("message", (event) => {
  if (event.data === KEEP_PYTHON) event.waitUntil(keepPython(event));
});
void self.skipWaiting();
clientsClaim();

function resolve(url: string): string {
  return new URL(url, location.href).href;
}

/** The file behind an address: without query and anchor, and a folder's index page for a folder. */
function fileOf(address: URL): string {
  const path = address.pathname.endsWith("/") ? `${address.pathname}index.html` : address.pathname;
  return new URL(path, address.origin).href;
}

function isKept(address: URL): boolean {
  return getCacheKeyForURL(fileOf(address)) !== undefined;
}

async function keptCopy(request: Request): Promise<Response | undefined> {
  const copy = await matchPrecache(fileOf(new URL(request.url)));
  if (copy !== undefined || request.mode !== "navigate") return copy;
  return matchPrecache("404.html");
}

async function keepPython(event: ExtendableEvent): Promise<void> {
  const kept = PYODIDE_FILES.map((url) => pyodide.handle({ event, request: new Request(url) }));
  await Promise.all([...kept, wheel.handle({ event, request: new Request(WHEEL) })]);
}

async function forgetOldPyodide(): Promise<void> {
  const old = (await caches.keys()).filter(
    (name) => name.startsWith("glassloop-pyodide-") && name !== PYODIDE_CACHE,
  );
  await Promise.all(old.map((name) => caches.delete(name)));
}
