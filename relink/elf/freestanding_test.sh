#!/usr/bin/env bash
# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
#
# relink/elf and the part of relink/support that it stands on are freestanding:
# every header compiles by itself, and every source links into a program without
# a C library, which then runs. With each compiler there is.
set -euo pipefail

flags=(-std=c++20 -ffreestanding -fno-exceptions -fno-rtti -fno-stack-protector
       -fno-threadsafe-statics -Wall -Wextra -Werror -I. -O2)
headers=(relink/support/{address,byte_order,byte_view,result,string_ref}.h
         "$@")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

tested=0
for compiler in g++ clang++; do
  command -v "$compiler" >/dev/null || continue
  sources=()
  for file in "${headers[@]}"; do
    case "$file" in
      *.h)
        echo "#include \"$file\"" >"$work/only.cc"
        "$compiler" "${flags[@]}" -fsyntax-only "$work/only.cc" ||
          { echo "$file is not freestanding with $compiler"; exit 1; }
        ;;
      *.cc) sources+=("$file") ;;
    esac
  done
  # A position-independent program has a dynamic table to read.
  "$compiler" "${flags[@]}" -fpie -nostdlib -static-pie -Wl,--export-dynamic \
    -Wl,--no-dynamic-linker -Wl,--build-id=0x1234 -Wl,--eh-frame-hdr \
    "${sources[@]}" relink/support/freestanding_memory.cc \
    relink/elf/freestanding_program.cc -o "$work/program"
  if nm -u "$work/program" | grep .; then
    echo "$compiler: the program needs something from outside"
    exit 1
  fi
  code=0
  "$work/program" || code=$?
  if [[ $code -ne 42 ]]; then
    echo "$compiler: the program ended with $code instead of 42"
    exit 1
  fi
  tested=$((tested + 1))
done
[[ $tested -gt 0 ]] || { echo "no compiler to test with"; exit 1; }
echo "freestanding with $tested compilers"
