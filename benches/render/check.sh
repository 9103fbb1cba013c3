#!/usr/bin/env bash
# check.sh: parsing and rendering one prompt of 2 KB with a loop over 20 items, Anvil beside the `liquid` crate,
# minijinja, liquidjs and python-liquid in one run; then `Anvil::get` with rendering of a small prompt, and what
# rendering allocates. Exit code 1 where a promise is missed (they stand in `promises` below).
#
# Needs Rust; node with npm, and python3 with venv, for the two engines that are not Rust (a line says so where they
# are missing). Those are installed into a scratch folder from their registries.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The versions that Anvil itself is built with.
cp "$here/../../Cargo.lock" "$here/Cargo.lock"
cargo build --quiet --release --manifest-path "$here/Cargo.toml"
built=${CARGO_TARGET_DIR:-$here/target}/release

"$built/times" "$work" >"$work/times"
if command -v npm >/dev/null; then
  npm install --silent --no-audit --no-fund --no-save --prefix "$work" liquidjs@10 >&2
  node "$here/peer.mjs" "$work" >>"$work/times"
else
  echo "liquidjs is not measured: there is no npm"
fi
if command -v python3 >/dev/null && python3 -m venv "$work/venv" 2>/dev/null; then
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check 'python-liquid>=2,<3'
  "$work/venv/bin/python" "$here/peer.py" "$work" >>"$work/times"
else
  echo "python-liquid is not measured: there is no python3 with venv"
fi

status=0
awk -F'\t' '
  # promises: what is measured, beside which engine, and the least that it must take of Anvil'"'"'s time.
  BEGIN {
    least["parse", "liquid"] = least["render", "liquid"] = 3
    least["parse", "minijinja"] = least["render", "minijinja"] = 1
    most["get and render"] = 2000 # nanoseconds
  }
  { order[NR] = $1 "\t" $2; time[$1, $2] = $3 }
  END {
    printf "%-16s %-14s %12s %16s  %s\n", "what", "engine", "µs", "of Anvil'"'"'s time", "promise"
    for (row = 1; row <= NR; row++) {
      split(order[row], key, "\t")
      what = key[1]; engine = key[2]; it = time[what, engine]
      ratio = it / time[what, "anvil"]
      promise = ""
      if ((what, engine) in least) {
        seen++
        promise = sprintf("at least %.1fx: %s", least[what, engine], ratio >= least[what, engine] ? "kept" : "MISSED")
      }
      if (what in most) {
        seen++
        promise = sprintf("under %.1f µs: %s", most[what] / 1000, it < most[what] ? "kept" : "MISSED")
      }
      if (promise ~ /MISSED/) missed++
      printf "%-16s %-14s %12.2f %15.2fx  %s\n", what, engine, it / 1000, ratio, promise
    }
    if (seen != 5) { print "a row is missing"; missed++ }
    exit missed > 0
  }' "$work/times" || status=1

echo
"$built/allocations" || status=1
exit $status
