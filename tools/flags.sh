# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
#
# Sourced by the scripts beside it: the flags that change what Relink is built of
# (docs/build_flags.md), each with the value that is not the default.

build_flags=(
  tls=false lazy_binding=false objects=false versions=false
  syscall_backend=true diagnostics=false environment=false
)
