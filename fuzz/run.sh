#!/usr/bin/env bash
# run.sh [SECONDS [TARGET…]]: fuzzes each target (parse, render, front_matter) for so long, ten minutes by default.
# Needs nightly Rust, a C++ compiler and cargo-fuzz (`cargo install cargo-fuzz`).
#
# What is new goes to a scratch folder (FUZZ_SCRATCH keeps it from run to run), never to corpus/, which holds few
# and small files. A finding is left in artifacts/TARGET/ and fails the run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
seconds=${1:-600}
shift || true
[ $# -gt 0 ] || set -- parse render front_matter
scratch=${FUZZ_SCRATCH:-$(mktemp -d)}
[ -n "${FUZZ_SCRATCH:-}" ] || trap 'rm -rf "$scratch"' EXIT

# The versions that Anvil itself is built with.
cp "$here/../Cargo.lock" "$here/Cargo.lock"
cd "$here"
failed=()
for target; do
  mkdir -p "$scratch/$target"
  # One input may take ten seconds and 512 MiB, under a sanitizer that takes several times as much as a release build.
  cargo +nightly fuzz run "$target" "$scratch/$target" "corpus/$target" -- \
    -max_total_time="$seconds" -timeout=10 -rss_limit_mb=512 -max_len=65536 -print_final_stats=1 ||
    failed+=("$target")
done
[ ${#failed[@]} = 0 ] || { echo "fuzz: findings of ${failed[*]} are in fuzz/artifacts/"; exit 1; }
