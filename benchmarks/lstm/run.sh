#!/usr/bin/env bash
# The lstm against a linear autoregression of the same look-back and the seasonal naive forecast: MASE over a walk forward, three seeds.
#   benchmarks/lstm/run.sh [--device cpu|cuda] [--m4 FILE]
# FILE: M4 hourly (Makridakis et al. 2020) as gzipped CSV series_id,t,value,split; without it only ETTh1 is run.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
device=cpu m4=
while [ $# -gt 0 ]; do
  case "$1" in
    --device) device="$2"; shift 2 ;;
    --m4) m4="$2"; shift 2 ;;
    *) echo "usage: $0 [--device cpu|cuda] [--m4 FILE]" >&2; exit 2 ;;
  esac
done
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
export FORECAST_HOME="$work/home"

baselines="seasonal-naive(24),linear-ar(168),linear-ar(168){scope: global}"
network="lstm{lookback: 168}"

walk() {  # $1 = title, $2 = data, the rest = plan
  local title="$1" data="$2" seed
  shift 2
  "$root/forecast" backtest "$data" --models "$baselines" "$@" --refit never --workers 1 --json > "$work/0.json"
  for seed in 1 2 3; do
    "$root/forecast" backtest "$data" --models "$network" "$@" --refit never --workers 1 --seed "$seed" --device "$device" --json > "$work/$seed.json"
  done
  python3 "$root/benchmarks/lstm/table.py" "$title" "$work"/[0-3].json
}

walk "ETTh1, 7 series, 120 days, 24 h ahead" ETTh1 --horizon 24 --step 24 --from 2017-10-24 --to 2018-02-20
if [ -n "$m4" ]; then
  "$root/benchmarks/lstm/m4-dated.sh" "$m4" > "$work/m4.csv"
  walk "M4 hourly, 4 folds, 48 h ahead" "$work/m4.csv" --frequency PT1H --horizon 48 --step 48 --from 2019-12-24T01:00:00Z
fi
