#!/usr/bin/env bash
# Times `anvil diff` against `git diff` between two tags 100 commits apart, in a generated repository
# of 2,700 commits and 225 prompts, both in one run. The target is at most twice git's time.
#
#   benches/diff.sh [ANVIL]        the binary; default target/release/anvil
#   RUNS=40 KEEP=DIR benches/diff.sh        more runs; keep the repository in DIR and use it again
set -euo pipefail
anvil=$(realpath "${1:-$(dirname "$0")/../target/release/anvil}")
runs=${RUNS:-20}
if [ -n "${KEEP:-}" ]; then repository=$KEEP; else repository=$(mktemp -d); trap 'rm -rf "$repository"' EXIT; fi

generate() {
  git init --quiet --initial-branch=main "$repository"
  cd "$repository"
  git config user.name Bench
  git config user.email bench@example.com
  # One stream for `git fast-import`: 2,700 commits in about a second.
  awk 'BEGIN {
    srand(7); commits = 2700; prompts = 225; n = 0
    split("answer reply customer tone ticket brief warm list explain summarize context order policy refund", word, " ")
    for (p = 1; p <= prompts; p++) { kind[p] = 1 + int(rand() * 3); count[p] = 20 + int(rand() * 40); optional[p] = 0
      for (l = 1; l <= count[p]; l++) text[p, l] = sentence() }
    for (c = 1; c <= commits; c++) {
      printf "commit refs/heads/main\nmark :%d\ncommitter Bench <bench@example.com> %d +0000\n", c, 1700000000 + c * 600
      data("change " c)
      if (c == 1) {
        print "M 644 inline anvil.toml"
        data("[set]\nname = \"bench/prompts\"\nversion = \"0.1.0\"\n")
        print "M 644 inline README.md"; data("# Prompts for a benchmark\n")
        for (p = 1; p <= prompts; p++) write(p)
      } else {
        p = 1 + int(rand() * prompts); l = 1 + int(rand() * count[p])
        if (c % 10 == 0) text[p, ++count[p]] = sentence()
        else text[p, l] = sentence()
        if (c % 25 == 0) optional[p]++
        write(p)
      }
      if (c % 100 == 0) printf "reset refs/tags/v0.%d.0\nfrom :%d\n", ++n, c
    }
  }
  function sentence(   s, w) { s = ""; for (w = 0; w < 12; w++) s = s word[1 + int(rand() * 14)] " "; return s "." }
  function data(s) { printf "data %d\n%s\n", length(s), s }
  function write(p,   s, l, o) {
    s = "---\ndescription: Prompt " p ".\nparameters:\n  ticket: { type: string, trust: untrusted }\n"
    for (o = 1; o <= optional[p]; o++) s = s "  extra_" o ": { type: string, optional: true }\n"
    s = s "---\n"
    if (kind[p] > 1) s = s "{% system %}\n"
    for (l = 1; l <= count[p]; l++) s = s text[p, l] "\n"
    for (o = 1; o <= optional[p]; o++) s = s "{% if extra_" o " %}{{ extra_" o " }}{% endif %}\n"
    if (kind[p] > 1) s = s "{% endsystem %}\n{% user %}{{ ticket }}{% enduser %}\n"; else s = s "{{ ticket }}\n"
    printf "M 644 inline prompts/team%d/prompt-%d.prompt.md\n", p % 9, p
    data(s)
  }' | git fast-import --quiet
  git reset --quiet --hard
  git gc --quiet
}

[ -d "$repository/.git" ] || (generate)
cd "$repository"
old=v0.25.0 new=v0.26.0
[ "$(git rev-list --count $old..$new)" = 100 ] || { echo "the tags are not 100 commits apart" >&2; exit 1; }
anvil_diff="$anvil diff ${old#v} ${new#v}" git_diff="git diff --no-ext-diff $old $new"
# Both must have the same to say, or the times mean nothing.
$anvil_diff | grep -v '^#' | git apply --numstat > "${TMPDIR:-/tmp}/anvil-diff.$$"
git diff --numstat $old $new | cmp - "${TMPDIR:-/tmp}/anvil-diff.$$" || { echo "anvil and git disagree" >&2; exit 1; }
rm -f "${TMPDIR:-/tmp}/anvil-diff.$$"

if command -v hyperfine >/dev/null; then
  hyperfine --warmup 3 --runs "$runs" --output=pipe "$git_diff" "$anvil_diff"
  exit
fi
# Turn by turn, so that whatever else the machine does falls on both.
measure() { local start=$EPOCHREALTIME; "$@" > /dev/null; local end=$EPOCHREALTIME; echo $(( ${end/./} - ${start/./} )); }
git_times=() anvil_times=()
for (( run = 0; run < runs + 3; run++ )); do
  g=$(measure $git_diff); a=$(measure $anvil_diff)
  if (( run >= 3 )); then git_times+=("$g"); anvil_times+=("$a"); fi
done
smallest() { printf '%s\n' "$@" | sort -n | head -1; }
middle() { printf '%s\n' "$@" | sort -n | sed -n "$(( ($# + 1) / 2 ))p"; }
report() { printf '%-12s %8.2f %8.2f\n' "$1" "$(echo "$2" | awk '{print $1/1000}')" "$(echo "$3" | awk '{print $1/1000}')"; }
gm=$(smallest "${git_times[@]}") am=$(smallest "${anvil_times[@]}")
printf '%-12s %8s %8s   (ms, %s runs)\n' "" minimum median "$runs"
report "git diff" "$gm" "$(middle "${git_times[@]}")"
report "anvil diff" "$am" "$(middle "${anvil_times[@]}")"
awk -v a="$am" -v g="$gm" 'BEGIN { printf "anvil takes %.2f times as long as git (minimum)\n", a / g }'
