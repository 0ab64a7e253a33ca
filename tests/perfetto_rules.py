"""The rules of Chrome's trace event format, as its description states them.

"Trace Event Format", by the Chromium project. A breach is an `AssertionError` with the entry.
"""

import math
from collections import defaultdict
from collections.abc import Callable
from typing import Any

Entry = dict[str, Any]

# What an entry of each phase must have, and what it may have besides.
ALWAYS = {"ph", "ts", "pid", "tid"}
FIELDS = {
    "B": (ALWAYS | {"name", "cat"}, {"args"}),
    "E": (ALWAYS, {"args"}),
    "i": (ALWAYS | {"name", "cat", "s"}, {"args"}),
    "C": (ALWAYS | {"name", "args"}, {"cat", "id"}),
    "b": (ALWAYS | {"name", "cat", "id"}, {"args", "scope"}),
    "e": (ALWAYS | {"name", "cat", "id"}, {"args", "scope"}),
    "s": (ALWAYS | {"name", "cat", "id"}, {"args"}),
    "f": (ALWAYS | {"name", "cat", "id", "bp"}, {"args"}),
    "M": (ALWAYS | {"name", "args"}, set()),
}
METADATA = {
    "process_name": ("name", str),
    "thread_name": ("name", str),
    "thread_sort_index": ("sort_index", int),
}


class Rules:
    """Reads a file's entries in order, and remembers what is under way."""

    def __init__(self) -> None:
        self.open: dict[tuple[int, int], list[str]] = defaultdict(list)
        self.times: dict[tuple[int, int], float] = defaultdict(float)
        self.flows: dict[tuple[str, int], Entry] = {}
        self.finished: set[tuple[str, int]] = set()
        self.spans: dict[tuple[str, str], Entry] = {}
        self.named: set[tuple[int, int]] = set()

    def check(self, entries: list[Entry]) -> None:
        """Hold all entries against the rules, and that nothing is left open at the end."""
        for entry in entries:
            self.check_fields(entry)
            handler: Callable[[Entry], None] = getattr(self, f"phase_{entry['ph']}")
            handler(entry)
        assert not any(self.open.values()), dict(self.open)
        assert self.flows.keys() == self.finished
        assert self.spans == {}
        assert self.times.keys() <= self.named, "a track without a name"

    def check_fields(self, entry: Entry) -> None:
        assert entry["ph"] in FIELDS, entry
        needed, allowed = FIELDS[entry["ph"]]
        assert needed <= entry.keys() <= needed | allowed, entry
        assert isinstance(entry["ts"], int | float), entry
        assert math.isfinite(entry["ts"]), entry
        assert entry["ts"] >= 0, entry
        assert isinstance(entry["pid"], int), entry
        assert isinstance(entry["tid"], int), entry
        for text in ("name", "cat"):
            assert entry.get(text, "…"), entry
            assert isinstance(entry.get(text, "…"), str), entry
        assert isinstance(entry.get("args", {}), dict), entry
        if entry["ph"] != "M":
            assert entry["ts"] >= self.times[self.track(entry)], entry
            self.times[self.track(entry)] = entry["ts"]

    def track(self, entry: Entry) -> tuple[int, int]:
        return entry["pid"], entry["tid"]

    def phase_M(self, entry: Entry) -> None:  # noqa: N802 -- the format's letter
        argument, kind = METADATA[entry["name"]]
        assert entry["args"].keys() == {argument}, entry
        assert isinstance(entry["args"][argument], kind), entry
        if entry["name"] == "thread_name":
            assert self.track(entry) not in self.named, entry
            self.named.add(self.track(entry))

    def phase_B(self, entry: Entry) -> None:  # noqa: N802 -- the format's letter
        self.open[self.track(entry)].append(entry["name"])

    def phase_E(self, entry: Entry) -> None:  # noqa: N802 -- the format's letter
        assert self.open[self.track(entry)], f"nothing is open that this could end: {entry}"
        self.open[self.track(entry)].pop()

    def phase_i(self, entry: Entry) -> None:
        assert entry["s"] in ("g", "p", "t"), entry

    def phase_C(self, entry: Entry) -> None:  # noqa: N802 -- the format's letter
        assert entry["args"], entry
        assert all(isinstance(value, int | float) for value in entry["args"].values()), entry

    def phase_s(self, entry: Entry) -> None:
        key = entry["cat"], entry["id"]
        assert key not in self.flows, entry
        assert self.open[self.track(entry)], f"an arrow from no slice: {entry}"
        self.flows[key] = entry

    def phase_f(self, entry: Entry) -> None:
        key = entry["cat"], entry["id"]
        assert key in self.flows, f"an arrow that begins nowhere: {entry}"
        assert key not in self.finished, entry
        assert self.flows[key]["name"] == entry["name"], entry
        assert self.flows[key]["ts"] <= entry["ts"], entry
        assert entry["bp"] == "e", entry
        assert self.open[self.track(entry)], f"an arrow to no slice: {entry}"
        self.finished.add(key)

    def phase_b(self, entry: Entry) -> None:
        assert (entry["cat"], entry["id"]) not in self.spans, entry
        self.spans[entry["cat"], entry["id"]] = entry

    def phase_e(self, entry: Entry) -> None:
        begun = self.spans.pop((entry["cat"], entry["id"]))
        assert begun["name"] == entry["name"], entry
        assert begun["ts"] <= entry["ts"], entry
