#!/usr/bin/env bash
# Locks requirements/*.txt anew: one version of each package for Python 3.11 to 3.14, with its hashes.
# Needs uv on PATH. The files name no address, so each machine installs from wherever its pip does.
set -euo pipefail
cd "$(dirname "$0")/.."

lock() {
    local target=$1
    shift
    uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-header --no-annotate \
        --output-file "$target" "$@"
    sed -i '1i # Locked by tools/lock.sh from what pyproject.toml and requirements/*.in ask for.' "$target"
}

lock requirements/dev.txt pyproject.toml --extra dev "$@"
# The same versions as in dev.txt, so that one environment can grow from the first into the second.
lock requirements/read.txt pyproject.toml --extra read --constraint requirements/dev.txt "$@"
lock requirements/node.txt requirements/node.in "$@"
lock requirements/peers.txt requirements/peers.in "$@"
