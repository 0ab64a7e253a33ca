/** Blocks that scroll: lets the keyboard reach those that hold more than they show, and no others. */

const labels = new Map<Element, string>();

// A block may keep its size while what is in it grows, so both are watched.
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    const block = labels.has(target) ? target : target.parentElement;
    if (!(block instanceof HTMLElement)) continue;
    // What has become an editor since is a stop by itself.
    if (block.classList.contains("editable")) watcher.unobserve(target);
    else refresh(block);
  }
});

/** Makes the block a stop of the Tab key, named `label`, as long as there is something to scroll. */
export function letKeysScroll(block: HTMLElement, label: string): void {
  labels.set(block, label);
  for (const element of [block, ...block.children]) watcher.observe(element);
}

function refresh(block: HTMLElement): void {
  if (block.scrollHeight > block.clientHeight + 1 || block.scrollWidth > block.clientWidth + 1) {
    block.tabIndex = 0;
    block.setAttribute("role", "group");
    block.setAttribute("aria-label", labels.get(block) ?? "");
  } else {
    for (const name of ["tabindex", "role", "aria-label"]) block.removeAttribute(name);
  }
}
