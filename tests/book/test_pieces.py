"""The loop in pieces: how a module falls apart, what `{listing}` finds, what is yet to be shown."""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from glassbook import chapters, contents, pieces, running

# The modules of `glassloop.aio` of which the book does not show every piece yet. The chapters that
# show them take them out; none is ever added but with a new module.
TO_BE_SHOWN = {
    "__init__",
    "graph",
    "groups",
    "layout",
    "locks",
    "loop",
    "pipes",
    "processes",
    "processtransport",
    "queues",
    "signals",
    "subprocess",
    "tls",
    "tlsmachine",
    "tlsprotocol",
    "tlstransport",
}

# How a cell imports from the loop that the book builds.
OUR_LOOP = re.compile(r"glassloop(\.aio| import aio)")

LIFT = '''"""A lift."""

import math

FLOORS = 3
LOW, HIGH = 0, 9

# What moves.


class Lift:
    """It moves."""

    floor = 0

    def up(self):
        self.floor += 1

    # The doors are in the way.

    @property
    def open(self):
        return False

    @open.setter
    def open(self, value):
        raise ValueError(value)


def call(lift):
    lift.up()


call(Lift())
'''


@pytest.fixture
def package(tmp_path: Path) -> Path:
    (tmp_path / "lift.py").write_text(LIFT)
    return tmp_path


def test_a_module_falls_into_head_statements_and_methods(package: Path) -> None:
    assert [piece.name for piece in pieces.pieces_of("lift", package)] == [
        pieces.HEAD,
        "FLOORS",
        "LOW, HIGH",
        "Lift",
        "Lift.up",
        "Lift.open",
        "Lift.open (2)",
        "call",
        "call(…)",
    ]


def test_comments_and_decorators_belong_to_what_stands_below_them(package: Path) -> None:
    found = pieces.find("lift::Lift.open", package)
    assert found.shown == (
        "# The doors are in the way.\n\n@property\ndef open(self):\n    return False\n"
    )
    found = pieces.find("lift::Lift", package)
    assert found.shown.startswith("# What moves.\n\n\nclass Lift:")


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("lift", "{listing} takes module::piece, as futures::Future.cancel, not lift"),
        ("left::Lift", "glassloop.aio has no module left; did you mean lift?"),
        (
            "lift::Lift.upp",
            "there is no piece Lift.upp in glassloop.aio.lift; did you mean Lift.up?",
        ),
        ("lift::nothing", "there is no piece nothing in glassloop.aio.lift"),
    ],
)
def test_a_piece_that_is_not_there_is_said_with_one_that_is_near(
    package: Path, address: str, problem: str
) -> None:
    with pytest.raises(LookupError) as raised:
        pieces.find(address, package)
    assert str(raised.value) == problem


def test_a_module_of_some_pieces_is_a_program(package: Path) -> None:
    source = pieces.with_only("lift", {"lift::FLOORS", "lift::Lift", "lift::Lift.up"}, package)
    namespace: dict[str, object] = {}
    exec(compile(ast.parse(source), "lift", "exec"), namespace)
    assert "up" in vars(namespace["Lift"])
    assert "open" not in vars(namespace["Lift"])
    assert "call" not in namespace


@pytest.mark.parametrize("module", pieces.modules())
def test_the_pieces_of_a_module_are_all_of_it(module: str) -> None:
    found = pieces.pieces_of(module)
    assert "".join(piece.text for piece in found) == (pieces.AIO / f"{module}.py").read_text()
    assert len({piece.name for piece in found}) == len(found)


def shown_in(paths: Iterable[Path]) -> set[str]:
    """The addresses of the pieces that these chapters show."""
    names = [name for path in paths for name in pieces.listed(path.read_text(encoding="utf-8"))]
    return {pieces.find(name).address for name in names}


def test_the_book_shows_every_piece_of_what_is_not_still_to_be_shown() -> None:
    shown = shown_in(chapters.all_chapters())
    for module in pieces.modules():
        missing = {piece.address for piece in pieces.pieces_of(module)} - shown
        assert bool(missing) == (module in TO_BE_SHOWN), (module, sorted(missing))


def on_our_loop() -> list[Path]:
    """The chapters whose cells import from the loop that the book builds."""
    return [
        path
        for path in chapters.all_chapters()
        if any(OUR_LOOP.search(cell.source) for cell in chapters.load(path).cells)
    ]


def readers() -> Iterator[object]:
    """Chapters, each with those that somebody has read by then: of the book, and of the lane."""
    lane = contents.read(running.ROOT / "book")[1]["mechanism"]
    on_lane = [
        path for path in chapters.all_chapters() if path.name[:2] in map("{:02}".format, lane)
    ]
    for path in on_our_loop():
        for way, read in (("the book", chapters.all_chapters()), ("the lane", on_lane)):
            if path in read:
                before = [other for other in read if other <= path]
                yield pytest.param(path, before, id=f"{path.stem} of {way}")


@pytest.mark.parametrize(("path", "read"), list(readers()))
def test_a_chapter_runs_on_the_pieces_that_a_reader_has_seen_by_then(
    path: Path, read: list[Path], tmp_path: Path
) -> None:
    so_far = shown_in(read)
    package = tmp_path / "glassloop"
    pieces.write_package(package / "aio", so_far)
    for entry in (running.SOURCE / "glassloop").iterdir():
        if entry.name != "aio":
            (package / entry.name).symlink_to(entry)
    chapter, version = chapters.load(path), sys.version_info[:2]
    outcomes = running.in_python(sys.executable, chapter, version, source=tmp_path)
    found = running.problems(chapter, outcomes, "the pieces shown so far")
    assert not found, "\n".join(found)
