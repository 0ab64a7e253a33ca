"""What is in the repository works on any machine: no addresses of indexes, no paths, all pinned."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MADE_HERE = {".git", ".venv", "build", "node_modules", "__pycache__", ".hypothesis"}
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))

ADDRESS_OF_AN_INDEX = re.compile(
    r"https?://[^\s\"'>]*(?:pypi|pythonhosted|npmjs|/simple\b)"
    r"|--(?:extra-)?index-url\s*[= ]\s*\S*:"
    r"|--find-links\s*[= ]\s*/"
    r'|"resolved":'
)
PATH_OF_A_MACHINE = re.compile(r"(?<![\w.}/-])/(?:root|work|home/\w+)/\w")


def files_of(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_dir() and path.name not in MADE_HERE and not path.name.endswith("_cache"):
            yield from files_of(path)
        elif path.is_file() and path != Path(__file__):
            yield path


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in files_of(ROOT)
        for number, line in enumerate(path.read_text(errors="ignore").splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_package_index() -> None:
    assert lines_with(ADDRESS_OF_AN_INDEX) == []


def test_no_file_names_a_place_on_one_machine() -> None:
    assert lines_with(PATH_OF_A_MACHINE) == []


def pinned(lock: Path) -> dict[str, str]:
    """What a lock file names, and for each name the rest of its entry."""
    text = re.sub(r"^#.*\n", "", lock.read_text(), flags=re.MULTILINE)
    entries = text.replace("\\\n", " ").strip().splitlines()
    return {re.split(r"[=<>~! ;\[]", entry, maxsplit=1)[0]: entry for entry in entries}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_requirement_has_one_version_and_its_hashes(lock: Path) -> None:
    one_version_with_hashes = re.compile(
        r"[a-z0-9-]+==[\w.]+( ; [^\\]+?)?(\s+--hash=sha256:[0-9a-f]{64})+"
    )
    loose = [
        entry for entry in pinned(lock).values() if not one_version_with_hashes.fullmatch(entry)
    ]
    assert loose == []


def test_what_reads_is_part_of_what_tests_in_the_same_versions() -> None:
    read, dev = (pinned(ROOT / "requirements" / name) for name in ("read.txt", "dev.txt"))
    assert {name: dev.get(name) for name in read} == read


@pytest.mark.parametrize("extra", ["read", "dev"])
def test_a_lock_covers_what_the_project_asks_for(extra: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {re.split(r"[>=\[]", name)[0] for name in project["optional-dependencies"][extra]}
    assert asked - {"glassloop"} <= set(pinned(ROOT / "requirements" / f"{extra}.txt"))


def test_the_package_itself_needs_nothing() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"] == []
