# What the scripts that measure share; to be sourced after lib.sh. It builds the desk and the floor programs, and ends what was
# started at the end, whatever the end is. Who sources it sets out, the page that is written, and may define stop_desk.
#
#   FLOORS=DIR        the floor programs (Go); what they are and what their figures mean stands in their own README
#   FIGURES_REPS=5    repetitions; every figure is the median over them
#   FIGURES_WAIT=300  seconds that a repetition waits for the load average to fall to 3; then it is measured all the same, and told
#   FIGURES_OUT=FILE  what to write in the place of the page
# shellcheck shell=bash
# shellcheck disable=SC2034 # who sources it uses them

[ -n "${FLOORS:-}" ] || fail "This needs FLOORS=DIR, the folder of the floor programs."
[ -f "$FLOORS/go.mod" ] || fail "There are no floor programs in $FLOORS: give FLOORS=DIR the folder that holds their go.mod."
reps=${FIGURES_REPS:-5}
patience=${FIGURES_WAIT:-300}
connections=10000
[ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -gt $((connections + 500)) ] ||
  fail "$connections connections need a limit of open files above that, and the hard one is $(ulimit -Hn)."
ulimit -n "$(ulimit -Hn)"

tmp=$(mktemp -d)
chmod 711 "$tmp" # the user of Postgres passes through
export TMPDIR=$tmp
stop_desk() { :; }
trap 'stop_desk; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

make --no-print-directory build
(cd "$FLOORS" && go build -o "$tmp/floors" .)
go test -c -o "$tmp/append.test" ./store/sqlstore

kohta=$PWD/bin/kohta
results=$tmp/results
free_port() {
  local port
  while port=$((20000 + RANDOM % 10000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  echo "$port"
}

# keep COMMAND…: runs it and keeps its result lines. One that finds a fault in what it measured keeps them too.
keep() {
  "$@" 2>>"$tmp/log" | tee -a "$results" || say "  (status $? of $*)" >&2
}
floors() { keep "$tmp/floors" "$@"; }

busy=0
calm() {
  local waited=0
  while awk '{ exit $1 <= 3 }' /proc/loadavg; do
    if [ $waited -ge "$patience" ]; then
      busy=$((busy + 1))
      return
    fi
    sleep 5
    waited=$((waited + 5))
  done
}

# until_ready PORT: waits until the desk there can take traffic.
until_ready() {
  for _ in {1..400}; do
    [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$1/readyz")" = 200 ] && return
    sleep 0.05
  done
  fail "The desk is not ready: $(tail -n 1 "$tmp/log")"
}

loads=
# repeat: runs measure as often as it is to be repeated, each time when the machine is calm, and takes the medians.
repeat() {
  local rep
  for ((rep = 1; rep <= reps; rep++)); do
    calm
    loads="$loads $(cut -d' ' -f1 /proc/loadavg)"
    say "repetition $rep of $reps, load average $(cut -d' ' -f1-3 /proc/loadavg)"
    measure
  done
}
take_medians() { "$tmp/floors" median <"$results" >"$medians"; }

medians=$tmp/medians
# median NAME KEY: the median of a figure; nothing if it was not measured.
median() { awk -v name="\"name\":\"$1\"" -v key="\"$2\":" 'index($0, name) && match($0, key "[-0-9.e+]+") { print substr($0, RSTART + length(key), RLENGTH - length(key)) }' "$medians"; }
in_us() { median "$1" ns | awk '{ print $1 / 1000 }'; }
in_ms() { median "$1" ns | awk '{ print $1 / 1000000 }'; }
# total KEY: the sum of a count over all runs of bench.
total() { awk -v key="\"$1\":" '/"name":"bench/ && match($0, key "[0-9]+") { n += substr($0, RSTART + length(key), RLENGTH - length(key)) } END { print n + 0 }' "$results"; }

# row WHAT UNIT PRODUCT FLOOR KIND LIMIT: a line of the table. KIND says what the limit is of: "x" the ratio at most,
# "X" the ratio at least, "<" the product's figure at most, ">" it at least.
row() {
  awk -v what="$1" -v unit="$2" -v p="$3" -v f="$4" -v kind="$5" -v limit="$6" '
    function show(x) { return x == "" ? "–" : x >= 100 ? sprintf("%.0f", x) : x >= 10 ? sprintf("%.1f", x) : sprintf("%.2f", x) }
    BEGIN {
      ratio = f > 0 && p != "" ? p / f : ""
      judged = kind ~ /[xX]/ ? ratio : p
      met = judged == "" ? "not measured" : (kind ~ /[x<]/ ? judged <= limit + 0 : judged >= limit + 0) ? "yes" : "**no**"
      if (kind == "") { printf "| %s | %s %s | | | | |\n", what, show(p), unit; exit }
      target = kind == "x" ? "≤ " limit "×" : kind == "X" ? "≥ " limit "×" : (kind == "<" ? "≤ " : "≥ ") limit " " unit
      printf "| %s | %s %s | %s | %s | %s | %s |\n", what, show(p), unit, f == "" ? "" : show(f) " " unit, ratio == "" ? "" : sprintf("%.2f×", ratio), target, met
    }'
}

# machine: what it was measured on, as a table.
machine() {
  local commit
  commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
  [ -z "$(git status --porcelain --untracked-files=no -- '*.go' go.mod 2>/dev/null)" ] || commit="$commit, with changes that are not committed"
  cat <<END
| | |
|---|---|
| date | $(date -u '+%Y-%m-%d %H:%M') UTC |
| processor | $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores |
| system | $(uname -sr), $(go version | cut -d' ' -f3), data on $(stat -f -c %T "$tmp") |
| commit | $commit |
| load average before each repetition |$loads |

END
  [ $busy = 0 ] || printf 'The machine was not quiet: %d of %d repetitions began at a load average above 3, after %s s of waiting.\n\n' "$busy" "$reps" "$patience"
}
