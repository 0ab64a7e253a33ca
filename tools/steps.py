"""Knows the steps from a clean clone to a built book, and which of them have nothing to do."""

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from machine import PATH, VENV, find_node, lacks_chromium, lacks_ensurepip, supply, venv_python
from progress import BUILD, ROOT, Stamp, digest, files_of, step, stop

PYTHON = venv_python()
REQUIREMENTS = ROOT / "requirements"
WEB = ROOT / "web"
BOOK = ROOT / "book"
STATIC = BUILD / "static"
TRACES = BUILD / "traces"
SITE = BUILD / "site"
DOCTREES = BUILD / "doctrees"

# An environment holds the path of its folder, and belongs to one Python.
VENV_FOR = f"{ROOT} {sys.version_info.major}.{sys.version_info.minor}"
VENV_STAMP = Stamp(VENV / "stamps" / "made-for")

# A warning is a mistake in the book. All of them are shown before the build fails.
SPHINX_OPTIONS = ("--builder", "html", "--quiet", "--fail-on-warning", "--keep-going")

# Files of web packages that a page loads as they are: the folder in build/static they go to,
# the folder in node_modules they come from, and their names.
TAKEN = {
    "pyodide": (
        "pyodide",
        (
            "pyodide.mjs",
            "pyodide.asm.mjs",
            "pyodide.asm.wasm",
            "python_stdlib.zip",
            "pyodide-lock.json",
        ),
    ),
}

# Verbs that need no pages.
PYTHON_ALONE = {"observer", "conformance", "conformance-peers"}


def prepare(verb: str) -> None:
    """Makes all that the verb needs."""
    verbs = {"read", "chat", "test", "check", "outputs", "bench", *PYTHON_ALONE}
    if verb not in verbs:
        stop(f"There is no verb {verb!r} here; `make help` lists them.")
    with alone():
        supply(
            None if venv_is_ready() else lacks_ensurepip(),
            lacks_chromium() if verb in {"test", "bench"} else None,
        )
        make_venv()
        install_packages("read" if verb in {"read", "chat"} else "dev")
        install_glassloop()
        if verb in {"chat", *PYTHON_ALONE}:
            return
        install_node()
        install_web_packages()
        if verb == "check":
            return
        build_web()
        build_wheel()
        take_from_packages()
        if verb != "outputs":
            record_traces()
            build_book()


@contextmanager
def alone() -> Iterator[None]:
    """Two makes in one folder would trip over each other; the second waits here."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make is at work in this folder; waiting for it …", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def venv_is_ready() -> bool:
    """Whether the environment is for this Python and this folder, and still has its pip."""
    command = [str(PYTHON), "-c", "import pip"]
    return (
        VENV_STAMP.vouches_for(VENV_FOR)
        and PYTHON.exists()
        and subprocess.run(command, check=False).returncode == 0
    )


def make_venv() -> None:
    if venv_is_ready():
        return
    # We may be running on the very environment that is replaced, so we name the Python below it.
    python = Path(sys.executable).resolve()
    with step("Making a Python environment in .venv", "venv") as run:
        run(python, "-m", "venv", "--clear", VENV)
    VENV_STAMP.write(VENV_FOR)


def pip_install(message: str, log_name: str, *arguments: str | Path) -> None:
    with step(message, log_name, {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}) as run:
        run(PYTHON, "-m", "pip", "install", "--no-input", *arguments)


def install_packages(name: str) -> None:
    """The packages that requirements/NAME.txt locks; those for tests include those for reading."""
    stamp = Stamp(VENV / "stamps" / name)
    wanted = REQUIREMENTS / f"{name}.txt"
    fingerprint = digest(wanted)
    if stamp.vouches_for(fingerprint) or (name == "read" and dev_is_installed()):
        return
    message = f"Installing {count_packages(wanted)} packages"
    pip_install(message, f"pip-{name}", "--require-hashes", "-r", wanted)
    stamp.write(fingerprint)


def dev_is_installed() -> bool:
    return Stamp(VENV / "stamps" / "dev").vouches_for(digest(REQUIREMENTS / "dev.txt"))


def count_packages(requirements: Path) -> int:
    lines = requirements.read_text().splitlines()
    return sum("==" in line and "win32" not in line for line in lines)


def install_glassloop() -> None:
    """An editable install: a change to src/ needs no further step."""
    stamp = Stamp(VENV / "stamps" / "glassloop")
    fingerprint = digest(ROOT / "pyproject.toml")
    if stamp.vouches_for(fingerprint):
        return
    options = ("--no-index", "--no-deps", "--no-build-isolation")
    pip_install("Installing glassloop itself", "pip-glassloop", *options, "--editable", ROOT)
    stamp.write(fingerprint)


def install_node() -> None:
    """Node builds the web assets; a package brings it where the system has none."""
    if find_node() is None:
        wanted = REQUIREMENTS / "node.txt"
        pip_install("Installing Node", "pip-node", "--require-hashes", "-r", wanted)
    if find_node() is None:
        stop("No Node 20 or newer could be found or installed. Install one, then try again.")


def npm(message: str, log_name: str, *arguments: str) -> None:
    with step(message, log_name, {"PATH": PATH}) as run:
        run(str(shutil.which("npm", path=PATH)), *arguments, cwd=WEB)


def install_web_packages() -> None:
    stamp = Stamp(WEB / "node_modules" / ".glassloop-stamp")
    fingerprint = digest(WEB / "package.json", WEB / "package-lock.json")
    if stamp.vouches_for(fingerprint):
        return
    npm("Installing the web packages", "npm-ci", "ci", "--no-audit", "--no-fund")
    stamp.write(fingerprint)


def build_web() -> None:
    stamp = Stamp(BUILD / "stamps" / "web")
    fingerprint = digest(WEB)
    if stamp.vouches_for(fingerprint) and (STATIC / "glassloop" / "page.js").is_file():
        return
    npm("Building the web assets", "npm-build", "run", "build")
    stamp.write(fingerprint)


def build_wheel() -> None:
    """The browser loads the wheel that anyone could install, without the exercises."""
    stamp = Stamp(BUILD / "stamps" / "wheel")
    target = STATIC / "glassloop" / "glassloop.whl"
    rules = (ROOT / "pyproject.toml", ROOT / "hatch_build.py")
    inputs = (ROOT / "src", *rules, ROOT / "LICENSE", ROOT / "NOTICE", target.parent / "viewer.js")
    fingerprint = digest(*inputs)
    if stamp.vouches_for(fingerprint) and target.is_file():
        return
    folder = BUILD / "wheel"
    shutil.rmtree(folder, ignore_errors=True)
    with step("Packing glassloop for the browser", "wheel", {"GLASSLOOP_FOR_PAGES": "1"}) as run:
        run(PYTHON, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder)
    (wheel,) = folder.glob("*.whl")
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(wheel, target)
    stamp.write(fingerprint)


def take_from_packages() -> None:
    """Copies files of web packages to where the pages find them."""
    stamp = Stamp(BUILD / "stamps" / "taken")
    fingerprint = digest(WEB / "package-lock.json", also=str(TAKEN))
    pairs = [
        (WEB / "node_modules" / package / name, STATIC / folder / name)
        for folder, (package, names) in TAKEN.items()
        for name in names
    ]
    if stamp.vouches_for(fingerprint) and all(target.is_file() for _, target in pairs):
        return
    for source, target in pairs:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    stamp.write(fingerprint)


def record_traces() -> None:
    """What the book's figures show. The script knows which chapters have changed."""
    stamp = Stamp(BUILD / "stamps" / "traces")
    fingerprint = digest(BOOK, ROOT / "src", WEB / "tools", WEB / "package-lock.json")
    if stamp.vouches_for(fingerprint) and TRACES.is_dir():
        return
    with step("Recording the book's traces", "traces", {"PATH": PATH}) as run:
        run(PYTHON, BOOK / "traces.py")
    stamp.write(fingerprint)


def build_book() -> None:
    """Sphinx writes the pages that changed; all of them where something under all of them did."""
    stamp = Stamp(BUILD / "stamps" / "book")
    inputs = (BOOK, STATIC, TRACES, ROOT / "src", ROOT / "exercises", REQUIREMENTS)
    fingerprint = digest(*inputs, also=VENV_FOR)
    if stamp.vouches_for(fingerprint) and (SITE / "index.html").is_file():
        return
    shared = Stamp(BUILD / "stamps" / "book-shared")
    rests_on = what_all_pages_rest_on()
    if not shared.vouches_for(rests_on):
        shutil.rmtree(SITE, ignore_errors=True)
        shutil.rmtree(DOCTREES, ignore_errors=True)
    # Sphinx warns of a page only when it reads it anew; after a failure it must read all again.
    shared.forget()
    # Sphinx copies these files at each run and removes none; old ones would stay for ever.
    shutil.rmtree(SITE / "_static", ignore_errors=True)
    with step("Building the book", "book", {"PATH": PATH}) as run:
        run(PYTHON, "-m", "sphinx", *SPHINX_OPTIONS, "-d", DOCTREES, BOOK, SITE)
    shared.write(rests_on)
    stamp.write(fingerprint)


def what_all_pages_rest_on() -> str:
    """Sphinx sees a changed chapter. It does not see changed extensions, assets or versions."""
    inside = sorted(files_of(BOOK))
    chapters = [str(path.relative_to(BOOK)) for path in inside if path.suffix == ".md"]
    tools = [path for path in inside if path.suffix != ".md"]
    web = BUILD / "stamps" / "web"
    return digest(*tools, REQUIREMENTS, web, also=" ".join([VENV_FOR, *chapters]))
