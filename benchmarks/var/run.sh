#!/usr/bin/env bash
# Value-at-Risk at 99 % of the robust LSTM-MDN (five seeds) and its rivals: the six cells of the paper, and with --indices those of DAX and
# NIFTY 50. Prints exceedances, tick losses, paired Diebold-Mariano tests against GARCH(1,1)-t, seconds a fit and of the whole.
#   benchmarks/var/run.sh [--indices FOLDER] [--published] [--threads N]
# FOLDER: dax.csv and nifty50.csv with columns date and close. --published also trains the paper's three networks (slow).
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck source=build/common.sh
. "$root/build/common.sh"
indices= published= threads="$(nproc)"
while [ $# -gt 0 ]; do
  case "$1" in
    --indices) indices="${2:?--indices needs a folder}"; shift 2 ;;
    --published) published=1; shift ;;
    --threads) threads="${2:?--threads needs a number}"; shift 2 ;;
    *) echo "usage: $0 [--indices FOLDER] [--published] [--threads N]" >&2; exit 2 ;;
  esac
done
ensure_dotnet
ensure_native
walk() { dotnet run -c Release --project "$root/benchmarks/var" -- --threads "$threads" "$@"; }
six=sp500:2017:2018,ftse100:2017:2018,euro_stoxx_50:2017:2018,sp500:2021:2022,ftse100:2021:2022,euro_stoxx_50:2021:2022
robust='lstm-mdn(3){preset: robust};lstm-mdn(2){preset: robust}'
walk --closes "$root/tests/data/reference/var_lstm_mdn" --cells "$six" --models 'historical-simulation(251);cmm(251);garch(1,1){dist: ged, mean: zero}@1/251;garch(1,1)-t@1/251;gjr-garch(1,1)-t;evt(1,1);caviar'
walk --closes "$root/tests/data/reference/var_lstm_mdn" --cells "$six" --seeds 1,2,3,4,5 --models "$robust"
if [ -n "$published" ]; then
  walk --closes "$root/tests/data/reference/var_lstm_mdn" --cells "$six" --models 'lstm-mdn(2);lstm-mdn(2){regularise: 0.1};lstm-mdn(3)'
fi
if [ -n "$indices" ]; then
  walk --closes "$indices" --start 1990-01-01 --cells dax:2017:2018,nifty50:2017:2018,dax:2021:2022,nifty50:2021:2022 --seeds 1,2,3,4,5 --models "$robust"
fi
