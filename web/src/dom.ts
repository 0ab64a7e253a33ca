/** Short names for making and finding elements. */

type Attributes = Readonly<Record<string, string | boolean>>;

export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

export function find(parent: ParentNode, selector: string): HTMLElement | null {
  return parent.querySelector<HTMLElement>(selector);
}

export function findAll(parent: ParentNode, selector: string): HTMLElement[] {
  return [...parent.querySelectorAll<HTMLElement>(selector)];
}

/** An element that the book's pages always have. */
export function need(parent: ParentNode, selector: string): HTMLElement {
  const element = find(parent, selector);
  if (element === null) throw new Error(`glassloop: no ${selector} in the page`);
  return element;
}

/** Calls back when the reader has time to spare, and not before the page has loaded. */
export function whenIdle(callback: () => void): void {
  const wait = () => ("requestIdleCallback" in window ? requestIdleCallback(callback) : setTimeout(callback, 200));
  if (document.readyState === "complete") wait();
  else addEventListener("load", wait, { once: true });
}
