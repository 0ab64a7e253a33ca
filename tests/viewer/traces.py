"""Traces for the viewer's tests and benchmark: written by hand, or at random to any length."""

import json
import random
from collections.abc import Iterator
from typing import Any

Event = dict[str, Any]

HEADER = {
    "format": "glassloop-trace",
    "version": 1,
    "title": "",
    "python": "3.13",
    "depth": "lines",
}

WORKER = """\
import asyncio

async def work(name):
    while True:
        job = await jobs.get()
        await asyncio.sleep(job)
        print(name, job)
"""


def text_of(
    events: list[Event],
    sources: dict[str, str],
    *,
    cut: str | None = None,
    lints: list[dict[str, Any]] | None = None,
) -> str:
    """The file that holds a trace of `events`."""
    header = {**HEADER, "sources": sources}
    footer = {"end": True, "cut": cut, "lints": lints or []}
    return "\n".join(json.dumps(row) for row in [header, *events, footer]) + "\n"


def random_trace(length: int, tasks: int, seed: int = 1) -> str:
    """A trace of exactly `length` events of `tasks` workers, consistent and otherwise random."""
    events: list[Event] = []
    for event in _workers(tasks, random.Random(seed)):
        events.append(event)
        if len(events) == length:
            break
    return text_of(events, {"workers.py": WORKER})


def _workers(tasks: int, dice: random.Random) -> Iterator[Event]:
    """Workers that for ever take a job and sleep; each event with its clock, turn and actor."""
    now: dict[str, Any] = {"t": 0.0, "turn": 0, "who": "main"}

    def happens(do: str, **fields: Any) -> Event:
        return {
            "do": do,
            **now,
            **fields,
            "say": f"`{do}` happens to {now['who']}: {fields}."[:120],
        }

    ready: list[tuple[str, int]] = []
    timers: list[tuple[float, str, int]] = []
    handles = 0
    for number in range(1, tasks + 1):
        file = {"name": "work", "file": "workers.py", "line": 3, "of": "coroutine"}
        yield happens("made", f=f"F{number}", set={"name": f"'worker {number}'"}, **file)
        yield happens("task", id=f"T{number}", name=f"worker {number}", f=f"F{number}", by="main")
        handles += 1
        ready.append((f"H{handles}", number))
        yield happens("queue", h=f"H{handles}", what="step", id=f"T{number}")
    while True:
        now["turn"] += 1
        now["who"] = "loop"
        listed = [handle for handle, _ in ready[:100]]
        more = {"ready_more": len(ready) - 100} if len(ready) > 100 else {}
        armed = [handle for _, handle, _ in timers[:100]]
        yield happens("turn", n=now["turn"], ready=listed, timers=armed, sockets=[], **more)
        if not ready:
            timers.sort()
            yield happens("select", timeout=round(timers[0][0] - now["t"], 6))
            now["t"] = timers[0][0]
            yield happens("awake", sockets=[], waited=0.0)
        while timers and timers[0][0] <= now["t"]:
            _, handle, number = timers.pop(0)
            yield happens("fire", h=handle)
            yield happens("wake", id=f"T{number}", by=f"O{number}")
            ready.append((handle, number))
        for handle, number in ready[: dice.randint(1, max(1, len(ready)))]:
            ready.pop(0)
            task, frame = f"T{number}", f"F{number}"
            now["who"] = "loop"
            yield happens("run", h=handle)
            now["who"] = task
            yield happens("step", id=task)
            yield happens("resume", f=frame, line=5, how="send")
            job = dice.randint(1, 9)
            for line in range(dice.randint(4, 8)):
                yield happens("line", f=frame, line=4 + line % 4, set={"job": str(job)})
            if dice.random() < 0.3:
                yield happens("print", stream="out", text=f"worker {number} {job}\n")
            handles += 1
            due = round(now["t"] + job, 6)
            timers.append((due, f"H{handles}", number))
            yield happens("timer", h=f"H{handles}", what="set_result", when=due)
            yield happens("await", f=frame, line=6)
            state = {"state": "pending", "due": due, "waiters": [task]}
            yield happens("object", o=f"O{number}", type="Future", label=f"O{number}", state=state)
            yield happens("wait", id=task, on=f"O{number}", chain=[frame])
        timers.sort()
