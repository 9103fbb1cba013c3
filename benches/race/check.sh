#!/usr/bin/env bash
# check.sh ANVIL [DELAY_MS]: runs race.sh and holds Anvil's rows: each under every peer's minimum, and no-op at most 0.5,
# warm resolve at most 0.6 and, with a delay of 20 ms or more, cold resolve at most 0.4 of uv's.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$(mktemp)
trap 'rm -f "$out"' EXIT
bash "$here/race.sh" "$@" | tee "$out"
python3 - "$out" "${2:-0}" <<'PY'
import re, sys

limits = {"no-op": 0.5, "warm resolve": 0.6}
if float(sys.argv[2]) >= 20:
    limits["cold resolve"] = 0.4
expected = ["cold resolve", "warm resolve", "no-op", "warm install", "cold install"]
section, rows, failed = None, {}, False
for line in open(sys.argv[1]):
    if line.startswith("# "):
        section = line[2:].split(" (")[0].strip()
    elif match := re.match(r"(\w+)\s+min\s+([\d.]+)", line):
        rows.setdefault(section, {})[match[1]] = float(match[2])
print("\n# Anvil's minimum over each peer's: below 1, and over uv's at most the limit where there is one")
for section in expected + [other for other in rows if other not in expected]:
    row = rows.get(section, {})
    peers = {peer: time for peer, time in row.items() if peer != "anvil"}
    if "anvil" not in row or (section in expected and "uv" not in peers):
        print(f"  {section:<30} a row is missing  OVER")
        failed = True
        continue
    ratios = {peer: row["anvil"] / time for peer, time in peers.items()}
    limit = limits.get(section, 1.0)
    over = any(ratio >= 1 for ratio in ratios.values()) or ratios.get("uv", 0) > limit
    failed |= over
    told = "  ".join(f"{peer} {ratio:.2f}" for peer, ratio in ratios.items())
    told += f"  (uv at most {limit})" if section in limits else ""
    print(f"  {section:<30} {row['anvil']:8.1f} ms  {told}{'  OVER' if over else ''}")
sys.exit(failed)
PY
