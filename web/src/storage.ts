/** What the browser remembers for the reader: edits, answers, and the place where they left off. */

const PREFIX = "glassloop:";

// A browser may refuse storage (private windows, full disks, policies). Then things are
// remembered for as long as the page is open.
const fallback = new Map<string, string>();

export function remember(key: string, value: unknown): void {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(PREFIX + key, text);
    fallback.delete(key);
  } catch {
    fallback.set(key, text);
  }
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
}
