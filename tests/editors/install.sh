#!/usr/bin/env bash
# Installs the real VS Code (code-server) and the browser that the editor tests drive, once, into a cache folder.
# Prints the folder. A second run starts at once: a finished installation is marked by its file `.ready`.
set -euo pipefail

CODE_SERVER=4.139.1
NODE=24.21.0
CACHE="${STAGEWRIGHT_EDITORS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/stagewright-editors}"
HOME_DIR="$CACHE/code-server-$CODE_SERVER-node-$NODE"

source "$(dirname "$0")/debian.sh"

say() { echo "$@" >&2; }

# code-server compiles native modules: kerberos, the keymap reader and the secret store need these headers.
install_debian libkrb5-dev libx11-dev libxkbfile-dev libsecret-1-dev chromium fonts-dejavu-core fonts-inter

mkdir -p "$CACHE"
exec 9>"$CACHE/install.lock"
flock 9
if [ ! -e "$HOME_DIR/.ready" ]; then
  say "Installing code-server $CODE_SERVER into $HOME_DIR (some minutes, once) ..."
  # npm cannot repair a half-finished tree of native modules: always from an empty folder.
  rm -rf "$HOME_DIR"
  mkdir -p "$HOME_DIR/node" "$HOME_DIR/code-server"
  (cd "$HOME_DIR/node" && echo '{"private":true}' >package.json && npm install --silent --no-audit --no-fund "node@$NODE" >&2)
  distribution="$(echo "$HOME_DIR"/node/node_modules/node/node_modules/node-linux-*)"
  [ -d "$distribution" ] || distribution="$(echo "$HOME_DIR"/node/node_modules/node-linux-*)"
  cp -r "$distribution" "$HOME_DIR/node/distribution"
  export PATH="$HOME_DIR/node/distribution/bin:$PATH" npm_config_nodedir="$HOME_DIR/node/distribution"
  (cd "$HOME_DIR/code-server" && echo '{"private":true}' >package.json &&
    npm install --foreground-scripts --no-audit --no-fund "code-server@$CODE_SERVER" >"$HOME_DIR/install.log" 2>&1) || {
    tail -n 40 "$HOME_DIR/install.log" >&2
    say "code-server could not be installed; the whole log is $HOME_DIR/install.log"
    exit 1
  }
  touch "$HOME_DIR/.ready"
fi
echo "$HOME_DIR"
