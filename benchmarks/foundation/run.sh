#!/usr/bin/env bash
# Zero-shot TiRex and sLSTM training steps beside Python's PyTorch, in one run on this machine, and TTM where its weights are at hand.
#   benchmarks/foundation/run.sh [--device cpu|cuda] [--python PATH] [--threads N] [--quick] [--ttm-weights DIR]
# PATH: a Python with PyTorch for the peers and for libtorch (python3, or Debian's /usr/bin/python3 with python3-torch, which is installed
# where no torch is found). --quick: fewer sizes. On a GPU host without .NET: build/bundle --benchmark foundation/tirex, see build/worker.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck source=build/common.sh
. "$root/build/common.sh"
device=cpu python="" threads="$(nproc)" quick="" weights=""
while [ $# -gt 0 ]; do
  case "$1" in
    --device) device="${2:?--device needs cpu or cuda}"; shift ;;
    --python) python="${2:?--python needs a path}"; shift ;;
    --threads) threads="${2:?--threads needs a number}"; shift ;;
    --quick) quick=yes ;;
    --ttm-weights) weights="${2:?--ttm-weights needs a folder}"; shift ;;
    -h | --help) sed -n '2,5s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) die "unknown option '$1'; see --help" ;;
  esac
  shift
done
has_torch() { "$1" -c 'import torch' 2>/dev/null; }
if [ -z "$python" ]; then
  python="$(command -v python3 || true)"
  if [ -z "$python" ] || ! has_torch "$python"; then
    python=/usr/bin/python3
    has_torch "$python" || ensure_packages "the benchmarks' peer" python3-torch
  fi
fi
has_torch "$python" || die "$python has no PyTorch for the peer"
ensure_dotnet
ensure_native
precision=float32 contexts=512,2048 horizons=32,128 batches=1,16
[ "$device" = cpu ] || { precision=bfloat16; batches=1,16,256,1024; }
[ -z "$quick" ] || { contexts=2048; horizons=32; }
project="$root/benchmarks/foundation/tirex"
say "building ..."
run_logged "$root/artifacts/benchmark.log" dotnet build "$project" -c Release -nologo || die "the build failed; the whole log is $root/artifacts/benchmark.log"
tirex() { dotnet run -c Release --no-build --project "$project" -- --device "$device" --threads "$threads" --python "$python" "$@"; }
tirex --rate --precision "$precision" --context "$contexts" --horizon "$horizons" --batch "$batches"
tirex --training --batch "${batches%,1024}"
[ -z "$weights" ] || dotnet run -c Release --project "$root/benchmarks/foundation/ttm" -- --weights "$weights" --python "$python"
