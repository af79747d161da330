#!/usr/bin/env bash
# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
#
# Sourced by the scripts beside it: goes to the top of the tree and defines
# relink_bazel, which is Bazel with a cache that clones on one machine share.

cd "$(dirname "${BASH_SOURCE[0]}")/.."

relink_bazel() {
  local command=$1
  shift
  local cache="${XDG_CACHE_HOME:-$HOME/.cache}/relink-bazel"
  mkdir -p "$cache"
  bazel "$command" --disk_cache="$cache" "$@"
}
