# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
#
# Sourced by the scripts beside it: goes to the top of the tree and defines what
# they share.

script=$(realpath "$0")
cd "$(dirname "$(realpath "${BASH_SOURCE[0]}")")/.."

# Prints the comment of the script from "usage:" on.
print_usage() {
  sed -n '/^# usage:/,/^[^#]/s/^# \{0,1\}//p' "$script"
}

# Ends a script that was given arguments that it does not take.
fail_usage() {
  print_usage >&2
  exit 2
}

# Bazel with a cache that clones on one machine share.
relink_bazel() {
  local command=$1
  shift
  local cache="${XDG_CACHE_HOME:-$HOME/.cache}/relink-bazel"
  mkdir -p "$cache"
  bazel "$command" --disk_cache="$cache" "$@"
}
