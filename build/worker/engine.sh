# Sourced by forecast and run-tests: builds the tensor engine's native half for the torch of this host, once, and says where it is.
# TORCH_DIR (a folder with include/ and lib/) is taken first, then the torch of $PYTHON (python3). Needs g++; nothing is fetched.
ensure_engine() {
  [ -n "${FORECAST_TORCH:-}" ] && return 0
  local torch="${TORCH_DIR:-}" abi=1 answer cuda=() stamp target="$here/native/built"
  if [ -z "$torch" ]; then
    answer="$("${PYTHON:-python3}" -c 'import os, torch; print(os.path.dirname(torch.__file__)); print(int(torch._C._GLIBCXX_USE_CXX11_ABI))' 2>/dev/null)" || answer=""
    torch="$(head -n 1 <<< "$answer")"
    abi="$(tail -n 1 <<< "$answer")"
  fi
  if [ -z "$torch" ] || [ ! -e "$torch/include/ATen/ATen.h" ]; then
    echo "no libtorch: set TORCH_DIR, or PYTHON to a Python with torch; networks will not run" >&2
    return 0
  fi
  stamp="$torch $abi $(cat "$torch/version.py" "$here"/native/*.cpp "$here"/native/*.h "$here"/native/*.cu 2>/dev/null | sha256sum | cut -d' ' -f1)"
  export FORECAST_TORCH="$target/libforecast_torch.so"
  if [ -f "$target/.stamp" ] && [ "$(cat "$target/.stamp")" = "$stamp" ] && [ -f "$FORECAST_TORCH" ]; then return 0; fi
  command -v "${CXX:-g++}" >/dev/null || { echo "error: g++ is needed once, to build the tensor engine for $torch" >&2; return 2; }
  echo "building the tensor engine for $torch ..." >&2
  mkdir -p "$target"
  [ -e "$torch/lib/libtorch_cuda.so" ] && cuda=(-ltorch_cuda -lc10_cuda)
  # Each source by itself, so that a host with many cores waits for the slowest alone.
  local source pids=() pid failed=0 nvcc toolkit kernels=()
  nvcc="$(command -v nvcc || echo /usr/local/cuda/bin/nvcc)"
  if [ "${#cuda[@]}" -gt 0 ] && [ -x "$nvcc" ]; then
    toolkit="$(dirname "$(dirname "$(readlink -f "$nvcc")")")"
    kernels=(-DFT_CUDA_KERNELS -isystem "$toolkit/include")
    cuda+=(-L"$toolkit/lib64" -L"$toolkit/targets/x86_64-linux/lib" -lcudart_static -lrt -lpthread)
    for source in "$here"/native/*.cu; do
      "$nvcc" -std=c++17 -O3 --compiler-options -fPIC,-fvisibility=hidden -gencode "arch=compute_80,code=[compute_80,sm_80]" \
        -gencode "arch=compute_90,code=[compute_90,sm_90]" -c "$source" -o "$target/$(basename "$source" .cu).o" &
      pids+=($!)
    done
  fi
  for source in "$here"/native/*.cpp; do
    "${CXX:-g++}" -std=c++17 -O2 -fPIC -fopenmp -fvisibility=hidden -w "-D_GLIBCXX_USE_CXX11_ABI=$abi" -isystem "$torch/include" \
      -isystem "$torch/include/torch/csrc/api/include" "${kernels[@]}" -c "$source" -o "$target/$(basename "$source" .cpp).o" &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" || failed=1; done
  # A torch of Python may bring an OpenMP of its own: one process has one, torch's.
  local openmp threads=()
  openmp="$(ldd "$torch/lib/libtorch_cpu.so" 2>/dev/null | awk '/libgomp/ && $3 ~ /^\// { print $3; exit }')"
  [ -z "$openmp" ] || threads=("$openmp" "-Wl,-rpath,$(dirname "$openmp")")
  # Nothing names a symbol of libtorch_cuda; without --no-as-needed the linker would drop it, and its kernels with it.
  [ "$failed" -eq 0 ] && "${CXX:-g++}" -shared -fopenmp "$target"/*.o -o "$FORECAST_TORCH.new" -L"$torch/lib" "-Wl,-rpath,$torch/lib" \
    -Wl,--no-as-needed "${threads[@]}" -ltorch -ltorch_cpu -lc10 "${cuda[@]}" -ldl || { echo "error: the tensor engine could not be built" >&2; return 2; }
  mv "$FORECAST_TORCH.new" "$FORECAST_TORCH"
  printf '%s' "$stamp" > "$target/.stamp"
}
