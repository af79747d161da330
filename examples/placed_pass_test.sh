#!/usr/bin/env bash
# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
#
# The example of a pass does what it says, and is the one of docs/passes.md.
set -euo pipefail
program=$1 library=$2 source=$3 document=$4

fail() {
  echo "$1"
  exit 1
}

said=$("$program" "$library" interposable_variable 42 read_interposable)
[[ "$said" == "read_interposable() = 42" ]] || fail "said: $said"

code=0
said=$("$program" "$library" absent 42 read_interposable 2>&1) || code=$?
[[ $code -eq 1 && "$said" == *"pass set-int: absent: not defined" ]] ||
  fail "ended with $code and said: $said"

example=$(sed -n '/^```c++$/,/^```$/{/^```/!p}' "$document")
[[ -n "$example" && "$(<"$source")" == *"$example"* ]] ||
  fail "the example of $document is not in $source"
