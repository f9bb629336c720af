# Shared by run, test and forecast: finds what a step needs, installs what is missing, builds once.
# Sourced, not run. Everything it says goes to standard error, so that `forecast ... --json` stays clean.

say() { printf '%s\n' "$*" >&2; }

die() { say "error: $*"; exit 2; }

# Installs Debian packages that are missing. $1 = what needs them; the rest = packages.
ensure_packages() {
  local why="$1" missing=() p
  shift
  for p in "$@"; do
    dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'ok installed' || missing+=("$p")
  done
  [ "${#missing[@]}" -eq 0 ] && return 0
  command -v apt-get >/dev/null || die "$why needs ${missing[*]}; install them with your system's package manager"
  local sudo=""
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || die "$why needs ${missing[*]}; run as root: apt-get install ${missing[*]}"
    sudo="sudo"
  fi
  say "installing ${missing[*]} (for $why) ..."
  { $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >&2 \
    || die "could not install ${missing[*]}"
}

ensure_dotnet() {
  command -v dotnet >/dev/null || die "the .NET 10 SDK is missing; see https://dot.net"
  local version
  version="$(cd "$root" && dotnet --version 2>/dev/null)" || die "the .NET 10 SDK is missing (global.json asks for it); see https://dot.net"
  case "$version" in 10.*) ;; *) die "the .NET 10 SDK is needed, found $version" ;; esac
  export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
}

# A fingerprint of everything that a build depends on: a change makes the next start build again.
source_stamp() {
  (cd "$root" && find src tests benchmarks build Directory.*.props global.json .editorconfig Forecast.sln \
      -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name '*.sql' -o -name '*.json' -o -name '*.js' -o -name '*.css' \
        -o -name '*.cpp' -o -name '*.h' -o -name '*.sln' -o -name '.editorconfig' -o -name '*.sh' \) \
      ! -path '*/node_modules/*' -printf '%p %s %T@\n' 2>/dev/null | sort | sha256sum | cut -d' ' -f1)
}

# Builds the tensor engine's native half into artifacts/native when its sources or the libtorch it is built on have changed.
# Where TORCH_DIR or a Python's torch offers libtorch, that is used; else Debian's is installed. See src/Forecast.Torch/native.
ensure_native() {
  local folder="$root/artifacts/native" source="$root/src/Forecast.Torch/native" log="$root/artifacts/native.log" stamp
  [ -n "${FORECAST_TORCH:-}" ] && return 0
  stamp="$(native_stamp)"
  if [ -f "$folder/.built" ] && [ "$(cat "$folder/.built")" = "$stamp" ] && [ -f "$folder/libforecast_torch.so" ]; then return 0; fi
  ensure_packages "the tensor engine" cmake g++ make
  if [ -z "${TORCH_DIR:-}" ] && ! python3 -c 'import os, sys, torch; sys.exit(not os.path.exists(os.path.join(os.path.dirname(torch.__file__), "include", "ATen")))' 2>/dev/null; then
    ensure_packages "the tensor engine" libtorch-dev libopenblas0-pthread
  fi
  mkdir -p "$folder"
  rm -f "$folder/build/CMakeCache.txt"  # it remembers the libtorch of the last time
  say "building the tensor engine ..."
  run_logged "$log" cmake -S "$source" -B "$folder/build" -DCMAKE_BUILD_TYPE=Release || { tail -n 20 "$log" >&2; die "the tensor engine could not be configured; the whole log is $log"; }
  run_logged "$log" cmake --build "$folder/build" --parallel 2 || { grep -iE 'error' "$log" | head -n 20 >&2; die "the tensor engine could not be built; the whole log is $log"; }
  cp "$folder/build/libforecast_torch.so" "$folder/libforecast_torch.so.new"
  mv "$folder/libforecast_torch.so.new" "$folder/libforecast_torch.so"
  native_stamp > "$folder/.built"
}

# Fingerprint of the shim's sources and of the libtorch it is built on.
native_stamp() {
  local source="$root/src/Forecast.Torch/native"
  { cat "$source"/*.cpp "$source"/*.h "$source"/*.cu "$source/CMakeLists.txt"; printf '%s' "${TORCH_DIR:-}"; dpkg-query -W -f='${Version}' libtorch-dev 2>/dev/null || true; } | sha256sum | cut -d' ' -f1
}

# As ensure_native, for starts that may do without networks: a failure is said, once for the same sources, and not fatal.
try_native() {
  local mark="$root/artifacts/native/.failed"
  if [ -f "$mark" ] && [ "$(cat "$mark")" = "$(native_stamp)" ]; then return 0; fi
  if (ensure_native); then
    rm -f "$mark"
  else
    mkdir -p "$root/artifacts/native"
    native_stamp > "$mark"
    say "the tensor engine is missing, so networks will not run; everything else does (tried again when $mark is gone)"
  fi
}

# $1 = cli (what a user runs) or all (tests and benchmarks as well).
ensure_built() {
  local what="$1" stamp_file="$root/artifacts/.built-$1" stamp target
  stamp="$(source_stamp)"
  if [ -f "$stamp_file" ] && [ "$(cat "$stamp_file")" = "$stamp" ]; then return 0; fi
  ensure_dotnet
  ensure_packages "the .NET runtime" ca-certificates
  target="$root/src/Forecast.Cli/Forecast.Cli.csproj"
  [ "$what" = all ] && target="$root/Forecast.sln"
  mkdir -p "$root/artifacts"
  local log="$root/artifacts/build.log"
  say "restoring packages ..."
  run_logged "$log" dotnet restore "$target" || { tail -n 40 "$log" >&2; die "restore failed; the whole log is $log"; }
  say "building ($what) ..."
  run_logged "$log" dotnet build "$target" --no-restore -c Release -nologo || { grep -E 'error|warning' "$log" | sort -u | head -n 40 >&2; die "the build failed; the whole log is $log"; }
  stamp="$(source_stamp)"  # restoring may have touched a lock file
  printf '%s' "$stamp" > "$stamp_file"
  [ "$what" = all ] && printf '%s' "$stamp" > "$root/artifacts/.built-cli"
  return 0
}

# Builds the web pages into web/dist when Node is there; says why not and answers 1 when it is not.
build_pages() {
  if ! command -v node >/dev/null; then say "Node 20.19 or newer is missing (https://nodejs.org)"; return 1; fi
  "$root/web/build"
}

# Runs a command with its output in a log, and shows that it lives: a line each project on a terminal, dots elsewhere.
run_logged() {
  local log="$1" pid start=$SECONDS
  shift
  "$@" > "$log" 2>&1 &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    if [ -t 2 ]; then
      printf '\r\033[K  %3d s  %s' "$((SECONDS - start))" "$(grep -E ' -> |Restored' "$log" 2>/dev/null | tail -n 1 | sed -E 's/^ *//; s/ -> .*//; s#.*/##' | cut -c1-60)" >&2
    fi
    sleep 0.3
  done
  [ -t 2 ] && printf '\r\033[K' >&2
  wait "$pid"
}
