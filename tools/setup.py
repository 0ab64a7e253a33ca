"""Makes what `make read`, `make test` and the other verbs need: `python3 tools/setup.py VERB`.

This file keeps to what every Python 3 can read, so that an old one hears what is wrong.
"""

import os
import sys

OLDEST = (3, 11)


def complaint(version: "tuple[int, ...]", executable: str, verb: str) -> "str | None":
    """The sentence for a Python that is too old, or None for one that will do."""
    if tuple(version[:2]) >= OLDEST:
        return None
    needed = ".".join(str(part) for part in OLDEST)
    found = ".".join(str(part) for part in version[:3])
    name = os.path.basename(executable)  # noqa: PTH119 -- a Python 3.3 has no pathlib
    return (
        "Glassloop needs Python " + needed + " or newer; " + name + " is " + found + ". "
        "Install a newer one, or name one: make " + verb + " PYTHON=python3.12"
    )


if __name__ == "__main__":
    verb = sys.argv[1] if len(sys.argv) > 1 else "read"
    sentence = complaint(sys.version_info[:3], sys.executable, verb)
    if sentence:
        sys.exit(sentence)

    from steps import prepare

    prepare(verb)
