"""The loop in pieces: how a module falls apart, what `{listing}` finds, what is yet to be shown."""

import ast
from pathlib import Path

import pytest
from glassbook import chapters, pieces

# The modules of `glassloop.aio` of which the book does not show every piece yet. The chapters that
# show them take them out; none is ever added but with a new module.
TO_BE_SHOWN = {
    "__init__",
    "addresses",
    "connecting",
    "coroutines",
    "datagrams",
    "describing",
    "exceptions",
    "flow",
    "futures",
    "graph",
    "groups",
    "guest",
    "handles",
    "interfaces",
    "layout",
    "locks",
    "log",
    "loop",
    "pipes",
    "policies",
    "processes",
    "processtransport",
    "queues",
    "readiness",
    "runners",
    "running",
    "sendfile",
    "servers",
    "serving",
    "signals",
    "sockets",
    "staggered",
    "streams",
    "streamtransports",
    "subprocess",
    "taskloop",
    "tasks",
    "threads",
    "timeouts",
    "timers",
    "tls",
    "tlsmachine",
    "tlsprotocol",
    "tlstransport",
    "transports",
    "trsock",
    "turns",
    "waiting",
}

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
    (found,) = pieces.find("lift::Lift.open", package)
    assert found.shown == (
        "# The doors are in the way.\n\n@property\ndef open(self):\n    return False\n"
    )
    (found,) = pieces.find("lift::Lift", package)
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
    source = pieces.with_only("lift", {"FLOORS", "Lift", "Lift.up"}, package)
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


def shown_in_the_book() -> set[str]:
    """The addresses of the pieces that some chapter shows."""
    texts = [path.read_text() for path in chapters.all_chapters()]
    lines = [line for text in texts for line in text.splitlines()]
    names = [
        line.removeprefix("```{listing} ") for line in lines if line.startswith("```{listing} ")
    ]
    return {piece.address for name in names for piece in pieces.find(name)}


def test_the_book_shows_every_piece_of_what_is_not_still_to_be_shown() -> None:
    shown = shown_in_the_book()
    for module in pieces.modules():
        missing = {piece.address for piece in pieces.pieces_of(module)} - shown
        assert bool(missing) == (module in TO_BE_SHOWN), (module, sorted(missing))
