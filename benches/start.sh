#!/usr/bin/env bash
# start.sh ANVIL: how long `anvil --version` takes; exits with 1 where the minimum is 5 ms or more. Needs hyperfine and python3.
set -euo pipefail
anvil=$(readlink -f "$1")
out=$(mktemp)
trap 'rm -f "$out"' EXIT
hyperfine -N --warmup 5 --runs 50 --export-json "$out" "$anvil --version" >/dev/null 2>&1
python3 - "$out" <<'PY'
import json, sys

result = json.load(open(sys.argv[1]))["results"][0]
print(f"anvil --version: min {result['min'] * 1e3:.2f} ms, median {result['median'] * 1e3:.2f} ms, at most 5")
sys.exit(result["min"] >= 0.005)
PY
