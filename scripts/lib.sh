# What the scripts beside share; to be sourced. It moves to the top of the repository and stops at the first error.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# A bare environment (a container, a cron job) may have no home; Go and npm need one for their caches.
if [ -z "${HOME:-}" ] || ! [ -w "$HOME" ]; then
  HOME=$(mktemp -d)
  export HOME
fi

say() { printf '%s\n' "$*"; }

# fail SENTENCE: says what is wrong and what to do, and ends.
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# type -P and not command -v: a function here of the same name is not a program.
have() { type -P "$1" >/dev/null; }

# browser prints the path of a Chromium, if there is one. KOHTA_CHROMIUM names another.
browser() {
  local name
  for name in "${KOHTA_CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
    if [ -n "$name" ] && type -P "$name"; then return; fi
  done
  return 1
}
