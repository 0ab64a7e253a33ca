/** Knows how to bring a part of the page to a new picture without making it anew: the focus, the
 * place of scrolling and a reader's selection stay. */

/** Makes the children of `parent` equal to `wanted`. Elements with the same `data-key` are the same. */
export function paint(parent: Element, wanted: readonly (Node | string)[]): void {
  const keyed = new Map<string, Element>();
  for (const child of parent.children) {
    const key = child.getAttribute("data-key");
    if (key !== null) keyed.set(key, child);
  }
  let place: ChildNode | null = parent.firstChild;
  for (const item of wanted) {
    const want = typeof item === "string" ? document.createTextNode(item) : item;
    const have: ChildNode | null = match(want, place, keyed);
    if (have === null) {
      parent.insertBefore(want, place);
      continue;
    }
    if (have === place) place = place.nextSibling;
    else parent.insertBefore(have, place);
    become(have, want);
  }
  while (place !== null) {
    const gone: ChildNode = place;
    place = place.nextSibling;
    gone.remove();
  }
}

/** The node there is that can become `want`. */
function match(want: Node, place: ChildNode | null, keyed: Map<string, Element>): ChildNode | null {
  if (want instanceof Element) {
    const key = want.getAttribute("data-key");
    if (key !== null) {
      const known = keyed.get(key);
      return known?.tagName === want.tagName ? known : null;
    }
  }
  if (place === null || place.nodeName !== want.nodeName) return null;
  return place instanceof Element && place.hasAttribute("data-key") ? null : place;
}

function become(have: ChildNode, want: Node): void {
  if (!(have instanceof Element) || !(want instanceof Element)) {
    if (have.nodeValue !== want.nodeValue) have.nodeValue = want.nodeValue;
    return;
  }
  for (const { name } of [...have.attributes]) if (!want.hasAttribute(name)) have.removeAttribute(name);
  for (const { name, value } of want.attributes) {
    if (have.getAttribute(name) !== value) have.setAttribute(name, value);
  }
  paint(have, [...want.childNodes]);
}

/** A name of the program in running text: `…` becomes code. */
export function prose(text: string): (Node | string)[] {
  return text.split(/`([^`]+)`/).map((part, place) => {
    if (place % 2 === 0) return part;
    const code = document.createElement("code");
    code.textContent = part;
    return code;
  });
}
