"""The README's picture shows what happens when its program runs."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2] / "book"))

import picture


def test_the_picture_is_the_one_of_a_run_made_now() -> None:
    written = picture.PICTURE.read_text(encoding="utf-8")
    assert written == picture.drawn(picture.first_program()), "write it: python book/picture.py"


def test_a_lane_waits_from_its_pause_to_its_wake_up() -> None:
    lanes = picture.lanes_of(picture.first_program()).values()
    assert {lane.name: lane.waits for lane in lanes} == {
        "Task-1 kitchen()": [(0, 720)],
        "Task-2 boil('rice')": [(0, 720)],
        "Task-3 boil('egg')": [(0, 360)],
        "Task-4 boil('tea')": [(0, 180)],
    }
