"""Measures the trace viewer on 100,000 steps: how long it takes to open and to draw a frame.

Both by the browser's own clock, headless, on a screen of 1280 by 800. Opening is reading the text
of the trace and drawing it, up to the frame after the one in which it stands on the screen. A scrub
frame is the time from one frame of the screen to the next while the scrub bar is moved at each.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
# The folder of the viewer's tests itself: this file's own name hides it as a package.
sys.path[:0] = [str(ROOT / part) for part in ("tests", "tests/viewer", "tools")]

from pages.browser import chromium  # noqa: E402 -- found by the line above
from playwright.sync_api import Page  # noqa: E402 -- likewise
from traces import random_trace  # noqa: E402 -- likewise

from glassloop.server import served  # noqa: E402 -- likewise

PAGE = '<!doctype html><meta charset="utf-8"><title>Bench</title><main></main>'

OPEN = """async () => {
    const { mount } = await import("./viewer.js");
    const text = await (await fetch("trace.jsonl")).text();
    const frame = () => new Promise(requestAnimationFrame);
    await frame();
    const begun = performance.now();
    window.mounted = mount(document.querySelector("main"), text);
    await frame();
    await frame();
    return performance.now() - begun;
}"""

# To and fro, and at random: each place is another distance from the states that are kept.
SCRUB = """async (frames) => {
    const bar = document.querySelector("input[type=range]");
    const frame = () => new Promise(requestAnimationFrame);
    const move = async (share) => {
        bar.value = String(1 + Math.round(share * (mounted.steps - 1)));
        bar.dispatchEvent(new Event("input"));
        await frame();
    };
    for (let at = 0; at < 20; at++) await move(at / 20);
    const times = [];
    let seed = 1;
    let before = await frame();
    for (let at = 0; at < frames; at++) {
        seed = (seed * 48271) % 2147483647;
        await move(at % 2 ? at / frames : seed / 2147483647);
        const now = performance.now();
        times.push(now - before);
        before = now;
    }
    return times.sort((one, other) => one - other);
}"""


def measure(page: Page, address: str, frames: int) -> tuple[float, list[float]]:
    """Milliseconds until the trace stands on the screen, and those of each frame, rising."""
    page.goto(address)
    return page.evaluate(OPEN), page.evaluate(SCRUB, frames)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--frames", type=int, default=200)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as name,
        served(Path(name)) as address,
        chromium() as browser,
    ):
        folder = Path(name)
        shutil.copy(ROOT / "build" / "static" / "glassloop" / "viewer.js", folder)
        (folder / "index.html").write_text(PAGE, "utf-8")
        for tasks in (3, 1000):
            (folder / "trace.jsonl").write_text(random_trace(options.steps, tasks), "utf-8")
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            opened, times = measure(page, address, options.frames)
            page.close()
            middle, late = times[len(times) // 2], times[int(len(times) * 0.95)]
            print(
                f"{options.steps:,} steps, {tasks:,} tasks: open {opened / 1000:.2f} s (goal: 2), "
                f"scrub frame {middle:.0f} ms, 95 % under {late:.0f} ms (goal: 33)"
            )


if __name__ == "__main__":
    main()
