#!/usr/bin/env bash
# Drives a real Emacs through a template, front matter and source code, with eglot as Debian has it and the set-up of
# server/docs/editors.md. $EMACS names another than the system's.
set -euo pipefail
cd "$(dirname "$0")/../../.."

source tests/editors/debian.sh
if [ -z "${EMACS:-}" ]; then
  EMACS=emacs
  install_debian emacs-nox elpa-eglot elpa-yaml-mode elpa-markdown-mode
fi

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cp -r tests/editors/files/project "$folder/project"
git -C "$folder/project" init --quiet
export HOME="$folder" STAGEWRIGHT_CACHE_DIR="$folder" STAGEWRIGHT_CONFIG="$folder/config.toml" STAGEWRIGHT_REHEARSAL=1
touch "$STAGEWRIGHT_CONFIG"
export PATH="$PWD/.venv/bin:$PATH"
"$EMACS" --batch --load tests/editors/emacs/init.el --load tests/editors/emacs/tour.el "$folder/project"
echo "Emacs: 1 passed, 0 failed"
