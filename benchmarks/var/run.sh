#!/usr/bin/env bash
# Value-at-Risk at 99 % of the robust LSTM-MDN (five seeds) and its rivals: the six cells of the paper, and with --indices those of DAX and
# NIFTY 50. Prints exceedances, tick losses, paired Diebold-Mariano tests against GARCH(1,1)-t, seconds a fit and of the whole.
#   benchmarks/var/run.sh [--indices FOLDER] [--published] [--only rivals|robust|published|indices] [--keep FOLDER [--minutes M]] [--threads N]
# FOLDER: dax.csv and nifty50.csv with columns date and close. --published also trains the paper's three networks, whose published figures stand below
# them. --only: one part. --keep: what is done stays in the folder and is not done again; with --minutes a part begins nothing after M minutes and ends
# with 3 while something is missing: run the same again.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck source=build/common.sh
. "$root/build/common.sh"
usage="usage: $0 [--indices FOLDER] [--published] [--only rivals|robust|published|indices] [--keep FOLDER [--minutes M]] [--threads N]"
indices= published= only= kept=() threads="$(nproc)"
while [ $# -gt 0 ]; do
  case "$1" in
    --indices) indices="${2:?--indices needs a folder}"; shift 2 ;;
    --published) published=1; shift ;;
    --only) only="${2:?--only needs rivals, robust, published or indices}"; shift 2 ;;
    --keep | --minutes) kept+=("$1" "${2:?$1 needs a value}"); shift 2 ;;
    --threads) threads="${2:?--threads needs a number}"; shift 2 ;;
    *) echo "$usage" >&2; exit 2 ;;
  esac
done
case "$only" in
  '') parts="rivals robust${published:+ published}${indices:+ indices}" ;;
  rivals | robust | published) parts="$only" ;;
  indices) [ -n "$indices" ] || { echo "--only indices needs --indices FOLDER" >&2; exit 2; }; parts=indices ;;
  *) echo "$usage" >&2; exit 2 ;;
esac
ensure_dotnet
ensure_native
dotnet build -c Release -v q "$root/benchmarks/var/Forecast.VarExperiment.csproj" >&2
walk() { dotnet run --no-build -c Release --project "$root/benchmarks/var" -- --threads "$threads" "${kept[@]}" "$@"; }
paper="$root/tests/data/reference/var_lstm_mdn"
six=sp500:2017:2018,ftse100:2017:2018,euro_stoxx_50:2017:2018,sp500:2021:2022,ftse100:2021:2022,euro_stoxx_50:2021:2022
robust='lstm-mdn(3){preset: robust};lstm-mdn(2){preset: robust}'
for part in $parts; do
  case "$part" in
    rivals) walk --published --closes "$paper" --cells "$six" --models 'historical-simulation(251)@1/251;cmm(251)@1/251;garch(1,1){dist: ged, mean: zero}@1/251;garch(1,1)-t@1/251;gjr-garch(1,1)-t;evt(1,1);caviar' ;;
    robust) walk --closes "$paper" --cells "$six" --seeds 1,2,3,4,5 --models "$robust" ;;
    published) walk --published --closes "$paper" --cells "$six" --models 'lstm-mdn(2);lstm-mdn(2){regularise: 0.1};lstm-mdn(3)' ;;
    indices) walk --closes "$indices" --start 1990-01-01 --cells dax:2017:2018,nifty50:2017:2018,dax:2021:2022,nifty50:2021:2022 --seeds 1,2,3,4,5 --models "$robust" ;;
  esac
done
