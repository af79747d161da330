#!/usr/bin/env bash
# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
#
# The command line of the example's README builds a plugin of nothing but the
# installed headers, which Relink takes.
set -euo pipefail
relink=$1 library=$2
here=examples/pass_plugin

fail() {
  echo "$1"
  exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/prefix/include/relink/plugin"
cp -L relink/plugin/relink_pass_*.h* "$work/prefix/include/relink/plugin"
cp -L "$here/popular.cc" "$work"

build=$(sed -n 's/^    \(g++ .*\)$/\1/p' "$here/README.md")
[[ "$(<"$here/popular.cc")" == *"$build"* ]] ||
  fail "the example says otherwise how it is built: $build"
(cd "$work" && eval "${build//PREFIX/prefix}")

plugin=--load-pass-plugin=$work/popular.so
"$relink" passes "$plugin" popular-first popularity > "$work/passes"
grep -q '^  popular-first ' "$work/passes" || fail "does not list popular-first"
grep -q '^  popularity ' "$work/passes" || fail "does not list popularity"

"$relink" load "$plugin" --remarks="$work/remarks" \
  --passes='split-functions,popular-first,require<popularity>,popular-arena<least=1>' \
  --call=top_value "$library" > "$work/loaded"
grep -q '^top_value() = 111$' "$work/loaded" || fail "does not run"
grep -q '"pass": "popular-arena", "kind": "moved"' "$work/remarks" ||
  fail "moved nothing: $(<"$work/remarks")"
