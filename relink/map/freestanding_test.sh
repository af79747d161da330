#!/bin/bash
# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# elf/ and map/ need nothing but a compiler: builds freestanding_program.cc with
# no library at all, at several optimization levels, and runs it.

set -euo pipefail

root="${TEST_SRCDIR:+$TEST_SRCDIR/$TEST_WORKSPACE}"
cd "${root:-$(dirname "$0")/../..}"
directory="${TEST_TMPDIR:-$(mktemp -d)}"

sources=(
  relink/elf/elf_file.cc
  relink/map/find_gap.cc
  relink/map/fixed_backend.cc
  relink/map/freestanding_program.cc
  relink/map/linux_syscall_backend.cc
  relink/support/freestanding_memory.cc
)
flags=(
  -std=c++20 -I. -Wall -Wextra -Werror
  -ffreestanding -fno-exceptions -fno-rtti -fno-stack-protector
  -fno-asynchronous-unwind-tables
  -nostdlib -static
)

for compiler in g++ clang++; do
  command -v "$compiler" > /dev/null || continue
  for level in -O0 -O2 -Os; do
    program="$directory/program-$compiler$level"
    "$compiler" "${flags[@]}" "$level" "${sources[@]}" -o "$program"
    status=0
    "$program" || status=$?
    echo "$compiler $level: exit code $status"
    [[ "$status" == 42 ]]
  done
done
