#!/usr/bin/env bash
# `make release-check`: everything that would be published is built, read, installed and run, away from this repository.
# Leaves what it has proved in `dist/`. The first time, a VS Code and a browser are installed into the user's cache.
set -euo pipefail
cd "$(dirname "$0")/../.."
STAGEWRIGHT_EDITORS="$(tests/editors/install.sh)"
export STAGEWRIGHT_EDITORS
export PATH="$STAGEWRIGHT_EDITORS/node/distribution/bin:$PATH"
rm -rf dist
make --no-print-directory vsix
.venv/bin/python -m tests.release
npm --prefix tests/editors --silent ci
node --test --test-reporter=spec tests/release/vsix.test.ts
