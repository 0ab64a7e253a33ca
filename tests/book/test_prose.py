"""What can be measured of the style: lengths, widths, and words that the book does without."""

import re
from pathlib import Path

import pytest
from glassbook import chapters

# Beside them stand the index and the playground.
CHAPTERS = [path for path in chapters.all_chapters() if path.parent != chapters.BOOK]

# Words that claim ease or hide a mechanism, and "!" in prose.
AVOIDED = re.compile(
    r"\b(simply|just|obviously|basically|of course|under the hood|magic(al)?|note that|"
    r"seamless(ly)?|powerful)\b|(?<=\w)!(?= |$)",
    re.IGNORECASE,
)
# Blocks that hold code or names, and not sentences.
CODE = re.compile(
    r"^```\{(code-cell|output|listing|cpython|exercise)\}.*?^```$", re.MULTILINE | re.DOTALL
)


def prose(path: Path) -> str:
    """What a chapter says in sentences, in its boxes and predictions as well."""
    return CODE.sub("", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_is_neither_a_note_nor_a_book(path: Path):
    assert 1_000 <= len(prose(path).split()) <= 3_500


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_a_chapter_asks_for_predictions_and_gives_exercises(path: Path):
    text = path.read_text(encoding="utf-8")
    assert text.count("```{predict}") >= 2
    assert text.count("```{exercise} ") >= 3


@pytest.mark.parametrize("path", chapters.all_chapters(), ids=lambda path: path.stem)
def test_a_cell_fits_on_a_screen(path: Path):
    for cell in chapters.load(path).cells:
        lines = cell.source.splitlines()
        too_wide = [line for line in lines if len(line) > 79]
        assert not too_wide, f"{path}:{cell.first + 1}: wider than 79 characters: {too_wide}"
        assert len(lines) <= 30, f"{path}:{cell.first + 1}: {len(lines)} lines do not fit"


@pytest.mark.parametrize("path", chapters.all_chapters(), ids=lambda path: path.stem)
def test_the_prose_hides_nothing_behind_a_word(path: Path):
    assert [match[0] for match in AVOIDED.finditer(prose(path))] == []
