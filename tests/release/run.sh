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
npm --prefix tests/editors --silent ci
# Both spend most of their time on waiting for packages.
mkdir -p build
failed=0
node --test --test-reporter=spec tests/release/vsix.test.ts >build/vsix.log 2>&1 &
vsix=$!
.venv/bin/python -m tests.release || failed=1
wait "$vsix" || failed=1
cat build/vsix.log
exit "$failed"
