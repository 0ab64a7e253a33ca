"""A trace that is full: the program goes on, and the recorder listens no more."""

import types

import pytest

from glassloop.trace import record
from glassloop.trace.recorder import Recorder


def stir(times: int) -> int:
    stirred = 0
    while stirred < times:
        stirred += 1
    return stirred


def test_a_full_recording_hears_no_further_line(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = 0
    hear = Recorder.line

    def counted(self: Recorder, frame: types.FrameType, line: int) -> None:
        nonlocal heard
        heard += 1
        hear(self, frame, line)

    monkeypatch.setattr(Recorder, "line", counted)
    with record(limit=20) as trace:
        assert stir(1_000) == 1_000
    assert trace.cut == "Recording stopped after 20 events."
    assert len(trace.events) == 20
    assert heard <= 21
    with record() as trace:
        stir(1)
    assert "line" in {event["do"] for event in trace.events}
