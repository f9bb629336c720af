#!/usr/bin/env bash
# Peak memory of zero-shot forecasts of long files, read a few series at a time: it should not grow with the file.
#   benchmarks/foundation/memory.sh [--series 1000,10000] [--rows 2048] [--at-a-time 128] [--ttm-weights DIR]
# A small untrained TiRex (width 64, 2 blocks, context of all rows), and TTM where its weights are at hand. 10,000 series of 2,048 rows are
# 330 MB of text in a temporary folder.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck source=build/common.sh
. "$root/build/common.sh"
counts=1000,10000 rows=2048 part=128 weights=""
while [ $# -gt 0 ]; do
  case "$1" in
    --series) counts="${2:?--series needs numbers, as 1000,10000}"; shift ;;
    --rows) rows="${2:?--rows needs a number}"; shift ;;
    --at-a-time) part="${2:?--at-a-time needs a number}"; shift ;;
    --ttm-weights) weights="$(realpath "${2:?--ttm-weights needs a folder}")"; shift ;;
    -h | --help) sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) die "unknown option '$1'; see --help" ;;
  esac
  shift
done
[ -x /usr/bin/time ] || ensure_packages "the peak of memory" time
"$root/forecast" models > /dev/null  # builds what is missing
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
export FORECAST_HOME="$folder/home"

# $1 = name, $2 = model, then further options.
measure() {
  local name="$1" model="$2"
  shift 2
  /usr/bin/time -f '%M %e' -o "$folder/spent" "$root/forecast" predict "$folder/long.csv" --model "$model" --horizon 32 --json --series-at-a-time "$part" "$@" > "$folder/answers"
  awk -v name="$name" -v series="$count" -v answers="$(wc -l < "$folder/answers")" \
    '{ printf "%-6s %6d series of '"$rows"' rows: %d answers, peak %d MB, %d s\n", name, series, answers, $1 / 1024, $2 }' "$folder/spent"
}

for count in ${counts//,/ }; do
  awk -v n="$count" -v rows="$rows" 'BEGIN { print "unique_id,ds,y"; for (s = 0; s < n; s++) for (t = 1; t <= rows; t++) printf "s%d,%d,%.2f\n", s, t, t * 7 % 17 + t % 24 / 2 + s % 9 }' > "$folder/long.csv"
  measure TiRex "tirex{weights: random, width: 64, blocks: 2, context: $rows}"
  [ -z "$weights" ] || measure TTM "ttm{weights: $weights}" --levels none
done
