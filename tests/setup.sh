# Sourced by samples/demo and tests/run: what both need. Everything but Debian's packages stays inside the checkout.
# Safe to run again; does nothing where nothing is missing and nothing changed.

export PIP_CACHE_DIR="${PIP_CACHE_DIR:-$PWD/.cache/pip}" PIP_DISABLE_PIP_VERSION_CHECK=1
# Paths of the checkout are relative to ccache and no others: from / on, the system's headers would have another path in
# each folder of another depth, and nothing would be known again.
export CCACHE_DIR="${CCACHE_DIR:-$PWD/.cache/ccache}" CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1
# One name for the compiler, whoever calls it: what c++ has compiled ccache compiles again for g++, which Python asks for.
export CXX="${CXX:-g++}"
export CMAKE_BUILD_PARALLEL_LEVEL="${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}"
mkdir -p build

say() { printf '\n== %s\n' "$*" >&2; }

# install_packages NAME...: Debian packages that are not there yet.
install_packages() {
  command -v dpkg-query > /dev/null || { say "no dpkg here: $* must be there already"; return 0; }
  local missing=() name
  for name in "$@"; do
    dpkg-query -W -f='${Status}' "$name" 2> /dev/null | grep -q 'install ok installed' || missing+=("$name")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo > /dev/null || { echo "need root or sudo to install: ${missing[*]}" >&2; exit 1; }
    root=(sudo)
  fi
  say "installing ${missing[*]}"
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -qq
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" > build/apt.log 2>&1 ||
    { tail -20 build/apt.log >&2; exit 1; }
}

build_packages=(g++ cmake ninja-build pkg-config ccache git ca-certificates python3 python3-dev python3-venv
  libpugixml-dev libre2-dev libhowardhinnant-date-dev libtomlplusplus-dev zlib1g-dev)

# A hash of the names and contents of files below the places given.
hash_of() {
  find "$@" -type f -not -name '*.so' -not -path '*/__pycache__/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

find_python() {
  local name
  for name in python3 python3.14 python3.13 python3.12 python3.11; do
    if command -v "$name" > /dev/null && "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2> /dev/null; then
      command -v "$name"
      return
    fi
  done
  echo "need Python 3.11 or newer" >&2
  return 1
}

# install_synclens [EXTRAS]: builds and installs the checkout into .venv, when something of it changed.
install_synclens() {
  local extras=${1:-} stamp now wheel
  if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c '' 2> /dev/null; then
    say "making .venv"
    rm -rf .venv
    "$(find_python)" -m venv .venv
  fi
  stamp=.venv/installed${extras:+-$extras}
  now=$(hash_of CMakeLists.txt pyproject.toml README.md cpp/CMakeLists.txt cpp/cmake cpp/include cpp/src cpp/bindings python)
  [ -x .venv/bin/synclens ] && [ "$(cat "$stamp" 2> /dev/null)" = "$now" ] && return 0
  say "building synclens"
  .venv/bin/pip install -q 'scikit-build-core>=0.11' 'pybind11>=3'
  rm -rf build/install
  .venv/bin/pip wheel -q --no-build-isolation --no-deps -w build/install .
  wheel=$(ls build/install/*.whl)
  .venv/bin/pip install -q --force-reinstall --no-deps "$wheel"
  .venv/bin/pip install -q "$wheel${extras:+[$extras]}"
  rm -f .venv/installed*
  echo "$now" > "$stamp"
  [ -z "$extras" ] || echo "$now" > .venv/installed
}

# in_parts PROGRAM: the C++ tests in as many processes at once as may run, each with a share of the cases. Says nothing of
# those that hold.
in_parts() {
  local program=$1 cases share
  cases=$("$program" --count --no-colors=true | sed -n 's/.*filters: *//p')
  share=$(((cases + 15) / 16))
  seq 1 "$share" "$cases" | xargs -P "$CMAKE_BUILD_PARALLEL_LEVEL" -I{} \
    bash -c '"$0" --minimal=true --first="$1" --last=$(($1 + $2 - 1))' "$program" {} "$share"
  echo "$cases cases hold" >&2
}

sanitizer_packages=(clang libclang-rt-14-dev)
# Most of an instrumented build is headers: neighbouring sources of the core are compiled together there.
together=(-DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=8)

# configure_sanitized [FOLDER [OPTIMISATION]]: build/fuzz, with everything in it under ASan and UBSan by clang: fuzz
# targets and C++ tests. -O1 builds fast; what runs for hours is worth -O2.
configure_sanitized() {
  cmake -S . -B "${1:-build/fuzz}" -G Ninja "${together[@]}" -DSYNCLENS_FUZZ=ON -DSYNCLENS_TESTS=ON -DSYNCLENS_PYTHON=OFF \
    -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_CXX_FLAGS_RELEASE="${2:--O1} -g1" > build/fuzz-cmake.log || { cat build/fuzz-cmake.log; return 1; }
}

# configure_threads: build/threads, the tests that start threads under TSan.
configure_threads() {
  cmake -S . -B build/threads -G Ninja "${together[@]}" -DSYNCLENS_TESTS=ON -DSYNCLENS_PYTHON=OFF -DSYNCLENS_SANITIZE=thread \
    -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_CXX_FLAGS_RELEASE="-O1 -g1" \
    -DSYNCLENS_STAGES="read;decode;record;classify;render" \
    -DSYNCLENS_TEST_FILES="decode_evtx_parts_test.cpp;decode_evtx_damage_test.cpp;classify_matcher_test.cpp" \
    > build/threads-cmake.log || { cat build/threads-cmake.log; return 1; }
}
