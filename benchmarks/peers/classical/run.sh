#!/usr/bin/env bash
# R's forecast, fGarch, tseries and Python's statsmodels against ours: the same series, one thread each, in turn, in one run.
#   benchmarks/peers/classical/run.sh [--repeats N] [--wall] [--ours-only] [WORD ...]
# WORD: only rows whose name contains it; threads and panel are the last two tables. Processor time by default, which other work on the machine disturbs least; --wall for the clock.
# Exits 1 when a row misses its target or has a worse optimum than the peer.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)"
# shellcheck source=build/common.sh
. "$root/build/common.sh"
ensure_dotnet
case " $* " in
  *" --ours-only "*) ;;
  *) ensure_packages "the peers" r-base-core r-cran-forecast r-cran-fgarch r-cran-tseries python3-statsmodels ;;
esac
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 MKL_NUM_THREADS=1
dotnet build -c Release -v q "$root/benchmarks/peers/classical/Forecast.PeerBenchmarks.csproj" >&2
exec "$root/artifacts/bin/Forecast.PeerBenchmarks/release/Forecast.PeerBenchmarks" "$root/datasets" "$root/benchmarks/peers/classical/m3-monthly-sample.csv.gz" "$@"
