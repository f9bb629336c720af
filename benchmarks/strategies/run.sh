#!/usr/bin/env bash
# Strategies on S&P 500, Bitcoin and gold after costs: models refitted each quarter (63 rows) on the last 1,000 returns, decided each day, beside rules and
# buy and hold; and all three in equal parts on the days that New York traded.
# usage: benchmarks/strategies/run.sh FOLDER [sp500|bitcoin|gold|portfolio ...]   FOLDER: sp500.csv, btc_usd_daily.csv, gold_futures.csv (columns date and close)
# Settings: MODELS, REFIT, COST, DIRECTION (long-only, long-short), FROM, TO, FROM_BITCOIN, FROM_PORTFOLIO, OUT (a folder for reports).
set -euo pipefail
root="$(cd "$(dirname "$0")/../.." && pwd)"
data="${1:?name the folder with sp500.csv, btc_usd_daily.csv and gold_futures.csv}"
shift
[ -d "$data" ] || { echo "there is no folder $data" >&2; exit 2; }
cost="${COST:-0.0005}" direction="${DIRECTION:-long-only}" from="${FROM:-2015-01-01}" to="${TO:-2024-12-31}"
from_bitcoin="${FROM_BITCOIN:-2018-01-01}" from_portfolio="${FROM_PORTFOLIO:-2018-10-01}"
models="${MODELS:-naive,arima(1,0,1),arima-garch(1,0,1)(1,1),garch(1,1)-t\{ar: 1\}}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

closes() { # file: date,close
  local file
  file="$(find "$data" -name "$1" | head -n 1)"
  [ -n "$file" ] || { echo "there is no $1 under $data" >&2; exit 2; }
  awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "close") c = i } { print $1 "," $c }' "$file"
}

walk() { # name, frequency, calendar, first day
  FORECAST_HOME="$work/home" "$root/forecast" backtest "$work/$1.csv" --frequency "$2" --calendar "$3" --returns log --models "${models//\\/}" --horizon 1 --step 1 \
    --refit "every:${REFIT:-63}" --window rolling:1000 --from "$4" --to "$to" --strategy "$direction" --cost "$cost" --out "${OUT:-$work}/$1.html"
}

[ $# -gt 0 ] || set -- sp500 bitcoin gold portfolio
echo "cost $cost of each traded amount, $direction, decisions $from (Bitcoin $from_bitcoin, portfolio $from_portfolio) to $to"
for asset in "$@"; do
  case "$asset" in
    sp500) closes sp500.csv > "$work/sp500.csv"; walk sp500 B XNYS "$from" ;;
    bitcoin) closes btc_usd_daily.csv > "$work/bitcoin.csv"; walk bitcoin P1D 24x7 "$from_bitcoin" ;;
    gold) closes gold_futures.csv > "$work/gold.csv"; walk gold B XNYS "$from" ;;
    portfolio)
      # A day on which an asset had no price is a missing price, not a missing day.
      { closes sp500.csv | sed 's/^/sp500,/'; closes btc_usd_daily.csv | sed 's/^/bitcoin,/'; closes gold_futures.csv | sed 's/^/gold,/'; } |
        awk -F, '$2 == "date" { next } { price[$1, $2] = $3 } $1 == "sp500" && $2 >= "2014-09-17" { days[++n] = $2 }
          END { print "date,sp500,bitcoin,gold"; for (i = 1; i <= n; i++) print days[i] "," price["sp500", days[i]] "," price["bitcoin", days[i]] "," price["gold", days[i]] }' > "$work/portfolio.csv"
      walk portfolio B XNYS "$from_portfolio" ;;
    *) echo "'$asset' is none of sp500, bitcoin, gold, portfolio" >&2; exit 2 ;;
  esac
done
