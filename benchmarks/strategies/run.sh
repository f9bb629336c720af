#!/usr/bin/env bash
# Strategies on S&P 500, Bitcoin and gold after costs: models refitted each quarter on the last 1,000 returns, decided each day.
# usage: benchmarks/strategies/run.sh FOLDER   with sp500.csv, btc_usd_daily.csv and gold_futures.csv (columns date and close)
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"
data="${1:?name the folder with sp500.csv, btc_usd_daily.csv and gold_futures.csv}"
cost="${COST:-0.0005}"
from="${FROM:-2015-01-01}"
to="${TO:-2024-12-31}"
models="${MODELS:-naive,arima(1,0,1),arima-garch(1,0,1)(1,1),garch(1,1)-t\{ar: 1\}}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

one() { # file, frequency, calendar, returns before --from
  local file
  file="$(find "$data" -name "$1" | head -n 1)"
  [ -n "$file" ] || { echo "there is no $1 under $data" >&2; exit 2; }
  awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "close") c = i } { print $1 "," $c }' "$file" > "$work/$1"
  FORECAST_HOME="$work/home" "$root/forecast" backtest "$work/$1" --frequency "$2" --calendar "$3" --returns log --models "${models//\\/}" \
    --horizon 1 --step 1 --refit every:63 --window rolling:1000 --from "$4" --to "$to" --strategy "${DIRECTION:-long-only}" --cost "$cost" --out "$work/$1.html"
}

echo "cost $cost of each traded amount, ${DIRECTION:-long-only}, decisions $from to $to"
one sp500.csv B XNYS "$from"
one btc_usd_daily.csv P1D 24x7 "${FROM_BITCOIN:-2018-01-01}"
one gold_futures.csv B XNYS "$from"
