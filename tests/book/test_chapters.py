"""A chapter as data: what the parser reads, what it refuses, and what is written back."""

from pathlib import Path

import jupytext
import pytest
from glassbook import chapters

HERE = Path("chapter.md")


def parse(text: str) -> chapters.Chapter:
    return chapters.parse(text, HERE)


def cell(*lines: str) -> str:
    return "\n".join(["```{code-cell}", *lines, "```", ""])


def test_a_cell_has_its_source_its_options_and_its_output():
    text = (
        "# A lift\n\n"
        + cell(":name: up", ":raises: ValueError", "", "go(3)")
        + ("```{output}\n3\n```\n")
    )
    (found,) = parse(text).cells
    assert found.name == "up"
    assert found.source == "go(3)\n"
    assert found.options == {"name": "up", "raises": "ValueError"}
    assert found.output is not None
    assert found.output.text == "3\n"


def test_cells_without_a_name_are_numbered():
    assert [found.name for found in parse(cell("1") + cell("2")).cells] == ["1", "2"]


def test_a_cell_that_needs_the_operating_system_is_not_simulated():
    first, second = parse(cell("1") + cell(":needs: os", "2")).cells
    assert (first.simulated, second.simulated) == (True, False)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "\n" + cell(":trase:", "1"),
            "chapter.md:3: {code-cell} has no option `:trase:`; did you mean `:trace:`?",
        ),
        (
            cell(":colour: red", "1"),
            "chapter.md:2: {code-cell} has no option `:colour:`; it has `:name:`, `:trace:`, "
            "`:needs:`, `:python:`, `:raises:`",
        ),
        (cell(":needs: gpu", "1"), "chapter.md:2: `:needs:` takes `os`, not 'gpu'"),
        (
            cell(":python: new", "1"),
            "chapter.md:2: `:python:` takes a version such as 3.12, not 'new'",
        ),
        (
            cell(":raises:", "1"),
            "chapter.md:2: `:raises:` needs a value: the exception that the cell is meant to end "
            "with",
        ),
        (
            cell(":name: up", "1") + cell(":name: up", "2"),
            "chapter.md:5: a second cell is named `up`",
        ),
        ("```{output}\n1\n```\n", "chapter.md:1: {output} without a {code-cell} before it"),
    ],
)
def test_a_wrong_chapter_is_refused_with_the_place_and_the_remedy(text: str, problem: str):
    with pytest.raises(chapters.ChapterError) as refused:
        parse(text)
    assert str(refused.value) == problem


def test_outputs_are_added_replaced_and_taken_away():
    text = cell("1") + "\nprose\n\n" + cell("2") + "```{output}\nold\n```\n" + cell("3")
    text += "```{output}\ngone\n```\n"
    written = chapters.with_outputs(parse(text), {"1": "one\n", "2": "two", "3": ""})
    assert [found.output and found.output.text for found in parse(written).cells] == [
        "one\n",
        "two\n",
        None,
    ]
    assert "\nprose\n" in written


def test_an_output_with_a_fence_in_it_gets_a_longer_fence():
    written = chapters.with_outputs(parse(cell("1")), {"1": "```\n"})
    assert parse(written).cells[0].output == chapters.Output("```\n", 3, 6)


@pytest.mark.parametrize("path", chapters.all_chapters(), ids=lambda path: path.stem)
def test_writing_the_same_outputs_again_changes_nothing(path: Path):
    chapter = chapters.load(path)
    outputs = {each.name: each.output.text if each.output else "" for each in chapter.cells}
    assert chapters.with_outputs(chapter, outputs) == chapter.text


@pytest.mark.parametrize("path", chapters.all_chapters(), ids=lambda path: path.stem)
def test_jupytext_opens_a_chapter_as_a_notebook_with_the_same_cells(path: Path):
    notebook = jupytext.read(path)
    code = [each.source.strip() for each in notebook.cells if each.cell_type == "code"]
    assert code == [each.source.strip() for each in chapters.load(path).cells]
