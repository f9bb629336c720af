#!/usr/bin/env bash
# MASE and sMAPE of our automatic models on M3 and on M4 hourly and weekly, beside R's ets, thetaf and auto.arima on the very same series.
#   benchmarks/accuracy/run.sh [FOLDER] [--peers CACHE] [--models a,b] [--sets s,t]
# FOLDER holds m3.csv.gz, m3_series.csv, m4_weekly.csv.gz, m4_hourly.csv.gz (see README.md); default datasets/competition. R's forecasts
# go to CACHE (default artifacts/accuracy/r.csv) series by series and are not computed again. R: one thread, all series for ets and
# thetaf; for auto.arima all of M3 yearly, quarterly and other, evenly spaced 140 of M3 monthly, 100 of M4 weekly, 12 of M4 hourly.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck source=../../build/common.sh
. "$root/build/common.sh"
here="$root/benchmarks/accuracy" work="$root/artifacts/accuracy"
folder="$root/datasets/competition" cache="$work/r.csv"
models="auto-ets,theta,auto-arima,ensemble,auto" sets="m3-yearly,m3-quarterly,m3-monthly,m3-other,m4-weekly,m4-hourly"
while [ $# -gt 0 ]; do
  case "$1" in
    --peers) cache="$2"; shift 2 ;;
    --models) models="$2"; shift 2 ;;
    --sets) sets="$2"; shift 2 ;;
    -*) die "usage: $0 [FOLDER] [--peers CACHE] [--models a,b] [--sets s,t]" ;;
    *) folder="$1"; shift ;;
  esac
done
for file in m3.csv.gz m3_series.csv m4_weekly.csv.gz m4_hourly.csv.gz; do
  [ -f "$folder/$file" ] || die "there is no $folder/$file; benchmarks/accuracy/README.md says what it holds and where it comes from"
done
ensure_packages "the accuracy of R" r-base-core r-cran-forecast python3
mkdir -p "$work" "$(dirname "$cache")"
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 FORECAST_HOME="$work/home"

horizon() { case "$1" in m3-yearly) echo 6 ;; m3-quarterly | m3-other) echo 8 ;; m3-monthly) echo 18 ;; m4-weekly) echo 13 ;; m4-hourly) echo 48 ;; esac; }
season() { case "$1" in m3-quarterly) echo 4 ;; m3-monthly) echo 12 ;; m4-hourly) echo 24 ;; *) echo 1 ;; esac; }
sample() { case "$1" in m4-hourly) echo 12 ;; m4-weekly) echo 100 ;; m3-monthly) echo 140 ;; *) echo all ;; esac; }

# The model string of a column: the season of the set is told to every model that has one.
model_of() {
  local m=""
  [ "$2" -gt 1 ] && m="[$2]"
  case "$1" in
    auto-ets | auto-arima | theta) echo "$1$m" ;;
    ensemble) echo "ensemble(auto-ets$m, auto-arima$m, theta$m)" ;;
    auto) if [ "$2" -gt 1 ]; then echo "auto(naive, seasonal-naive($2), drift, theta$m, auto-ets$m, auto-arima$m)"; else echo "auto(naive, drift, theta, auto-ets, auto-arima)"; fi ;;
    *) die "there is no column $1; columns are auto-ets, auto-arima, theta, ensemble, auto" ;;
  esac
}

ours="$work/ours.csv"
: > "$ours"
for set in ${sets//,/ }; do
  for peer in ets thetaf auto.arima; do
    count=all
    [ "$peer" = auto.arima ] && count="$(sample "$set")"
    say "R: $peer on $set ($count series)"
    Rscript "$here/peer.R" "$folder" "$cache" "$set" "$peer" "$count"
  done
  python3 "$here/tables.py" long "$folder" "$set" > "$work/$set.csv"
  python3 "$here/tables.py" long "$folder" "$set" "$(sample "$set")" > "$work/$set-sample.csv"
  for model in ${models//,/ }; do
    name="$(model_of "$model" "$(season "$set")")" data="$work/$set.csv"
    [ "$model" = auto-arima ] && data="$work/$set-sample.csv"
    say "ours: $name on $set"
    start="$(date +%s.%N)"
    code=0
    "$root/forecast" predict "$data" --model "$name" --horizon "$(horizon "$set")" --json > "$work/answer.json" || code=$?
    [ "$code" -le 1 ] || die "forecast predict ended with $code"
    python3 "$here/tables.py" rows "$set" "$model" "$(python3 -c "print($(date +%s.%N) - $start)")" < "$work/answer.json" >> "$ours"
  done
done
python3 "$here/tables.py" score "$folder" "$ours" "$cache"
