#!/usr/bin/env bash
# memory.sh ANVIL: the main job of one set with 225 prompts, and the most memory that each command holds.
# Exits with 1 where one of them holds 64 MiB or more. Needs git, python3 and GNU time.
set -euo pipefail
anvil=$(readlink -f "$1")
limit_kib=$((64 * 1024))
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch/home" ANVIL_CACHE_DIR="$scratch/cache" ANVIL_CONFIG_DIR="$scratch/config" GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=Bench GIT_AUTHOR_EMAIL=bench@example.com GIT_COMMITTER_NAME=Bench GIT_COMMITTER_EMAIL=bench@example.com
mkdir -p "$HOME" "$scratch/set/prompts" "$scratch/app"

python3 - "$scratch/set/prompts" <<'PY'
import pathlib, sys

for number in range(225):
    body = "\n".join(f"{line}. Weigh the point, say what follows from it, and name your source." for line in range(1, 60))
    pathlib.Path(sys.argv[1], f"task-{number:03}.prompt.md").write_text(
        f"---\ndescription: Task {number}.\nparameters:\n  input: {{ type: string, trust: untrusted }}\n---\n"
        f"{{% system %}}\nYou do task {number}.\n{body}\n{{% endsystem %}}\n{{% user %}}{{{{ input }}}}{{% enduser %}}\n"
    )
PY

worst=0
run() { # run FOLDER ARGUMENT...: runs Anvil there and prints its peak.
  local folder=$1 peak
  shift
  (cd "$folder" && /usr/bin/time -f '%M' -o "$scratch/peak" "$anvil" -q "$@" >/dev/null)
  peak=$(tail -n 1 "$scratch/peak")
  printf '%8.1f MiB  anvil %s\n' "$(echo "$peak / 1024" | bc -l)" "$*"
  if [ "$peak" -gt "$worst" ]; then worst=$peak; fi
}

cd "$scratch/set"
git init -q -b main
run . registry init ../registry --id bench
run . init --name bench/tasks --registry ../registry
git add -A
git commit -qm "Begin"
run . lint
run . version 1.0.0
run . push
run . diff v1.0.0
run "$scratch/app" init --app --registry ../registry
run "$scratch/app" add bench/tasks
run "$scratch/app" pull --locked
run "$scratch/app" verify
run "$scratch/app" render bench/tasks/task-007 -p input=hello
printf '\nthe most: %.1f of %.0f MiB allowed\n' "$(echo "$worst / 1024" | bc -l)" "$(echo "$limit_kib / 1024" | bc -l)"
[ "$worst" -lt "$limit_kib" ]
