"""Finds in the events of a trace what is probably a mistake.

Each rule has its class, in `rules` and in `deadlocks`. Where the events do not tell for sure, a
rule keeps silent: a false alarm is worse.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from glassloop.trace.deadlocks import Deadlock
from glassloop.trace.events import Event
from glassloop.trace.facts import Facts
from glassloop.trace.rules import (
    BlockedLoop,
    HeldLock,
    Lint,
    NeverAwaited,
    NeverRetrieved,
    Rule,
    SwallowedCancellation,
    UnheldTask,
)

RULES: tuple[type[Rule], ...] = (
    NeverAwaited,
    UnheldTask,
    NeverRetrieved,
    BlockedLoop,
    SwallowedCancellation,
    HeldLock,
    Deadlock,
)


def find(events: Iterable[Event], *, whole: bool = True) -> list[Lint]:
    """The lints of a trace, in the order of their steps; one for each rule and line.

    `whole` is false where the recording was cut, so that its end is not the end of the program.
    """
    facts = Facts()
    rules = [rule(facts) for rule in RULES]
    everything = [rule.see for rule in rules if type(rule).see is not Rule.see]
    hearing: dict[str, list[Callable[[Event], object]]] = {}
    for rule in rules:
        for kind, method in rule.hears().items():
            hearing.setdefault(kind, []).append(method)
    for event in events:
        for see in everything:
            see(event)
        for hear in hearing.get(event["do"], ()):
            hear(event)
        facts.add(event)
    for rule in rules:
        rule.end(whole)
    return _once_for_each_line([lint for rule in rules for lint in rule.found])


def _once_for_each_line(lints: list[Lint]) -> list[Lint]:
    def place(lint: Lint) -> tuple[Any, ...]:
        # What has no line is never the same.
        return lint.rule, lint.file, lint.line or -lint.step

    times = Counter(map(place, lints))
    first: dict[tuple[Any, ...], Lint] = {}
    for lint in sorted(lints, key=lambda lint: lint.step):
        first.setdefault(place(lint), lint)
    return [lint.times(times[key]) for key, lint in first.items()]
