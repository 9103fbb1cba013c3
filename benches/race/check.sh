#!/usr/bin/env bash
# check.sh ANVIL [DELAY_MS]: runs race.sh and holds Anvil's rows against uv's: each of the rows below at most FACTOR of uv's minimum.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$(mktemp)
trap 'rm -f "$out"' EXIT
bash "$here/race.sh" "$@" | tee "$out"
python3 - "$out" "${FACTOR:-0.8}" <<'PY'
import re, sys

limit = float(sys.argv[2])
held = {"cold resolve", "warm resolve", "no-op", "warm install"}
section, rows = None, {}
for line in open(sys.argv[1]):
    if line.startswith("# "):
        section = line[2:].split(" (")[0]
    elif match := re.match(r"(\w+)\s+min\s+([\d.]+)", line):
        rows.setdefault(section, {})[match[1]] = float(match[2])
failed = False
print(f"\n# Anvil's minimum over uv's, at most {limit} in the rows marked *")
for section, row in rows.items():
    if "anvil" not in row or "uv" not in row:
        print(f"  {section:<14} a row is missing")
        failed = True
        continue
    ratio = row["anvil"] / row["uv"]
    mark = "*" if section in held else " "
    over = mark == "*" and ratio > limit
    failed |= over
    print(f"{mark} {section:<14} {row['anvil']:8.1f} / {row['uv']:8.1f} ms = {ratio:5.2f}{'  OVER' if over else ''}")
sys.exit(failed)
PY
