/** Links to programs: knows how a program is written into an address, and read from one.
 *
 * The program stands behind the `#`, which no browser sends to a server: deflated by zlib, whose
 * checksum tells a damaged link from a whole one, in base64url, which no mail program breaks.
 */

/** A program may have this many bytes of UTF-8: a link to a larger one is more than people can pass on. */
export const LIMIT = 50_000;

const PREFIX = "#code=";
/** Base64 takes four letters for three bytes, and what cannot be deflated grows by a little. */
const LONGEST = LIMIT * 1.4;

export class LinkError extends Error {
  override readonly name = "LinkError";
}

/** Whether the fragment means to hold a program, whole or damaged. */
export function isLink(fragment: string): boolean {
  return fragment.startsWith(PREFIX);
}

/** The fragment that holds the program. Raises `LinkError` where it is too long for one. */
export async function fragmentOf(program: string): Promise<string> {
  const bytes = new TextEncoder().encode(program);
  if (bytes.length > LIMIT) {
    throw new LinkError(`The program is too long for a link: it has ${count(bytes.length)} bytes, and a link holds ${count(LIMIT)}. Send it as a file.`);
  }
  const deflated = await collect(streamOf(bytes).pipeThrough(new CompressionStream("deflate")), Infinity);
  const letters = btoa(Array.from(deflated, (byte) => String.fromCharCode(byte)).join(""));
  return PREFIX + letters.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The program that a fragment holds; null for a fragment that is for something else. Raises `LinkError`. */
export async function programIn(fragment: string): Promise<string | null> {
  if (!isLink(fragment)) return null;
  const letters = fragment.slice(PREFIX.length);
  if (letters.length > LONGEST) throw tooLarge();
  try {
    const deflated = streamOf(bytesOf(letters)).pipeThrough(new DecompressionStream("deflate"));
    const program = new TextDecoder("utf-8", { fatal: true }).decode(await collect(deflated, LIMIT));
    return program.replace(/\r\n?/g, "\n");
  } catch (error) {
    if (error instanceof LinkError) throw error;
    throw new LinkError("This link is damaged, and its program cannot be read. Part of it may be missing: copy the whole link once more.");
  }
}

/** All bytes of a stream. Stops reading beyond the limit: a short link can inflate to gigabytes. */
async function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = stream.getReader();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw tooLarge();
    }
    pieces.push(value);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

function tooLarge(): LinkError {
  return new LinkError(`This link is too large: it holds more than ${count(LIMIT)} bytes. Ask for the program as a file.`);
}

function bytesOf(letters: string): Uint8Array<ArrayBuffer> {
  const bytes = atob(letters.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(bytes, (letter) => letter.charCodeAt(0));
}

function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new Blob([bytes]).stream();
}

function count(bytes: number): string {
  return bytes.toLocaleString("en");
}
