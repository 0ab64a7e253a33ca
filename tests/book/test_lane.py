"""Who takes the mechanism lane meets no word that was not introduced on that lane.

That its chapters run on the pieces of our asyncio that it has shown, tests/book/test_pieces.py
proves.
"""

import re
from functools import cache
from pathlib import Path

import pytest
from glassbook import chapters, contents

BOOK = Path(__file__).parents[2] / "book"
LANE = contents.read(BOOK)[1]["mechanism"]

# A chapter introduces a word by printing it bold. A sentence that is bold is no word.
INTRODUCED = re.compile(r"\*\*([a-zA-Z][\w -]{1,24}\w)\*\*")
# What a reader is not asked to know: code, outputs, and what somebody asked elsewhere.
NOT_PROSE = re.compile(
    r"```\{(code-cell|output|listing|cpython|exercise)\}.*?```|\*“.*?”\*|`[^`\n]*`", re.DOTALL
)

# These are words of every day, too, and stand for these until they are introduced.
EVERYDAY = {"waiting", "working", "task", "turn", "processes", "token", "protocol", "context"}
# Named before their time, as what is to come.
ANNOUNCED = {
    (10, "socket"),
    (10, "future"),
    (11, "socket"),
    (13, "future"),
    (14, "protocol"),
}


@cache
def prose(number: int) -> str:
    """The text of a chapter."""
    (path,) = [path for path in chapters.all_chapters() if path.name.startswith(f"{number:02}-")]
    return NOT_PROSE.sub("", path.read_text(encoding="utf-8"))


@cache
def introduced(number: int) -> frozenset[str]:
    """The words that a chapter introduces."""
    return frozenset(word.lower() for word in INTRODUCED.findall(prose(number)))


def words_of_the_book() -> set[str]:
    numbers = [int(path.name[:2]) for path in chapters.all_chapters() if path.name[:2].isdigit()]
    return {word for number in numbers for word in introduced(number)} - EVERYDAY


def is_used(word: str, number: int) -> bool:
    return re.search(rf"\b{re.escape(word)}s?\b", prose(number), re.IGNORECASE) is not None


@pytest.mark.parametrize("number", LANE)
def test_a_chapter_uses_no_word_that_its_lane_has_not_introduced(number: int) -> None:
    known = {word for earlier in LANE if earlier <= number for word in introduced(earlier)}
    unknown = {
        word
        for word in words_of_the_book() - known
        if is_used(word, number) and (number, word) not in ANNOUNCED
    }
    assert unknown == set()


def test_what_is_said_to_be_announced_is_not_known_by_then() -> None:
    for number, word in ANNOUNCED:
        assert is_used(word, number)
        assert not any(word in introduced(earlier) for earlier in LANE if earlier <= number)
