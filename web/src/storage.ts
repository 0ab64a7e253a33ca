/** What the browser remembers for the reader: edits, answers, attempts, and the place where they left off. */

const PREFIX = "glassloop:";

// A browser may refuse storage (private windows, full disks, policies). Then things are
// remembered for as long as the page is open.
const fallback = new Map<string, string>();
const listeners: (() => void)[] = [];

export function remember(key: string, value: unknown): void {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(PREFIX + key, text);
    fallback.delete(key);
  } catch {
    fallback.set(key, text);
  }
  tell();
}

export function recall(key: string): unknown {
  try {
    const text = fallback.get(key) ?? localStorage.getItem(PREFIX + key);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function forget(key: string): void {
  fallback.delete(key);
  try {
    localStorage.removeItem(PREFIX + key);
  } catch {
    // Nothing was kept, so nothing is to be forgotten.
  }
  tell();
}

/** What is remembered under keys that begin so, by the rest of the key. */
export function recallAll(start: string): Record<string, unknown> {
  const keys = new Set([...fallback.keys(), ...storedKeys()]);
  const found = [...keys].filter((key) => key.startsWith(start)).sort();
  return Object.fromEntries(found.map((key) => [key.slice(start.length), recall(key)]));
}

function storedKeys(): string[] {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => key.slice(PREFIX.length));
  } catch {
    return [];
  }
}

/** Calls back whenever something was remembered or forgotten, by this page or by another one. */
export function onMemory(callback: () => void): void {
  if (listeners.length === 0) addEventListener("storage", tell);
  listeners.push(callback);
}

function tell(): void {
  for (const callback of listeners) callback();
}
