"""Draw the README's picture: the first program of the book, stepped, as an SVG that moves.

The program is recorded anew, so the picture shows what happens and not what somebody remembers.
`python book/picture.py` writes it; a test compares it with what would be written.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

BOOK = Path(__file__).parent
sys.path[:0] = [str(BOOK / "_ext"), str(BOOK.parent / "src")]

from glassbook import chapters  # noqa: E402 - the path above is what finds them

from glassloop.lab import batch  # noqa: E402
from glassloop.trace import Trace  # noqa: E402
from glassloop.trace.events import Event  # noqa: E402

PICTURE = BOOK / "_static" / "kitchen.svg"
# In pixels, but for the seconds that a sentence stays.
WIDTH, LEFT, RIGHT, TOP, ROW = 760, 170, 24, 24, 34
SENTENCE_SECONDS = 2
TOLD = ("print", "wait", "wake")

STYLE = """
text { font: 14px system-ui, sans-serif; fill: #1f2933 }
.wait { fill: #c9d1d9 } .work { fill: #2f6fde } .axis, .now { stroke: #7b8794 }
.say { opacity: 0; animation: say {all}s linear infinite }
.now { stroke-width: 2; animation: move {all}s linear infinite }
@keyframes say { 0%, {share}% { opacity: 1 } {over}%, 100% { opacity: 0 } }
@keyframes move { {move} }
@media (prefers-color-scheme: dark) {
  text { fill: #e4e7eb } .wait { fill: #4b5563 } .work { fill: #7cacf8 }
}
@media (prefers-reduced-motion: reduce) {
  .say, .now { animation: none } .say:last-of-type { opacity: 1 }
}
"""


@dataclass
class Lane:
    """One task: its name, when it waited (from, to), and when it ran."""

    name: str
    waits: list[tuple[float, float]] = field(default_factory=list)
    runs: list[float] = field(default_factory=list)


def main() -> None:
    """Write the picture."""
    PICTURE.write_text(drawn(first_program()), encoding="utf-8")


def first_program() -> Trace:
    """The recorded run of the first cell of the book's first page."""
    cell = chapters.load(BOOK / "index.md").cells[0]
    program: batch.Cell = {
        "name": cell.name,
        "source": cell.source,
        "simulate": True,
        "recorded": True,
    }
    (outcome,) = batch.run([program])
    return Trace.read(outcome["trace"].splitlines())


def drawn(trace: Trace) -> str:
    """The picture of a trace: a lane for each task, and its sentences one after another."""
    lanes = lanes_of(trace)
    told = [event for event in trace.events if event["do"] in TOLD]
    end = max(event["t"] for event in told)
    height = TOP + ROW * len(lanes) + 64
    rows = [_row(lane, TOP + ROW * row, end) for row, lane in enumerate(lanes.values())]
    sentences = [_sentence(event, place, height) for place, event in enumerate(told)]
    line = f'<line class="now" x1="{LEFT}" x2="{LEFT}" y1="{TOP - 8}" y2="{height - 56}"/>'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            f"<title>{escape(' '.join(event['say'] for event in told))}</title>",
            f"<style>{_style(told, end)}</style>",
            *rows,
            line,
            *sentences,
            "</svg>\n",
        ]
    )


def lanes_of(trace: Trace) -> dict[str, Lane]:
    """The program's own tasks, by their names in the trace."""
    frames = {event["f"]: event for event in trace.events if event["do"] == "made"}
    lanes: dict[str, Lane] = {}
    since: dict[str, float] = {}
    for event in trace.events:
        lane = lanes.get(event.get("id", ""))
        if event["do"] == "task" and not event.get("library"):
            lanes[event["id"]] = Lane(f"{event['name']} {_call(frames[event['f']])}")
        elif lane is None:
            continue
        elif event["do"] == "step":
            lane.runs.append(event["t"])
        elif event["do"] == "wait":
            since[event["id"]] = event["t"]
        elif event["do"] == "wake":
            lane.waits.append((since.pop(event["id"]), event["t"]))
    return lanes


def _call(frame: Event) -> str:
    """The call as it stands in the program, with its first argument."""
    return f"{frame['name']}({next(iter(frame['set'].values()), '')})"


def _row(lane: Lane, top: float, end: float) -> str:
    text = f'<text x="{LEFT - 12}" y="{top + 16}" text-anchor="end">{escape(lane.name)}</text>'
    waits = [
        f'<rect class="wait" x="{_x(start, end)}" y="{top + 6}" rx="3" '
        f'width="{_x(stop, end) - _x(start, end)}" height="12"/>'
        for start, stop in lane.waits
    ]
    runs = [
        f'<rect class="work" x="{_x(moment, end) - 2}" y="{top}" width="5" height="24" rx="2"/>'
        for moment in lane.runs
    ]
    return "\n".join([text, *waits, *runs])


def _sentence(event: Event, place: int, height: int) -> str:
    clock = f"{event['t'] / 60:g} min: "
    delay = place * SENTENCE_SECONDS
    return (
        f'<text class="say" x="{LEFT}" y="{height - 24}" style="animation-delay: {delay}s">'
        f"{escape(clock + event['say'].replace('`', ''))}</text>"
    )


def _style(told: list[Event], end: float) -> str:
    places = [
        f"{100 * place / len(told):.2f}%, {100 * (place + 0.8) / len(told):.2f}% "
        f"{{ transform: translateX({_x(event['t'], end) - LEFT}px) }}"
        for place, event in enumerate(told)
    ]
    share = 100 / len(told)
    values = {
        "all": len(told) * SENTENCE_SECONDS,
        "share": f"{share * 0.96:.2f}",
        "over": f"{share:.2f}",
        "move": " ".join(places),
    }
    style = STYLE
    for key, value in values.items():
        style = style.replace(f"{{{key}}}", str(value))
    return style


def _x(moment: float, end: float) -> int:
    return LEFT + round(moment / end * (WIDTH - LEFT - RIGHT))


if __name__ == "__main__":
    main()
