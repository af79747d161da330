#!/bin/bash
# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

# usage: mini_loader_test.sh MINI_LOADER
#
# It stands alone, and what it starts does what it does when the kernel starts it.

set -euo pipefail

loader=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

fail() { echo "$*"; exit 1; }
# Whether the loader refuses $2... with $1 in its message.
refuses() {
  local code=0
  "$loader" "${@:2}" >out 2>err || code=$?
  [[ $code == 1 && ! -s out ]] || fail "$2: exit code $code"
  grep -q "$1" err || fail "$2: $(cat err)"
}

[[ -z "$(nm -u "$loader")" ]] || fail "it needs something from outside"
readelf -dW "$loader" | grep -q "no dynamic section" || fail "it is dynamic"
! readelf -lW "$loader" | grep -q INTERP || fail "it has an interpreter"
! readelf -lW "$loader" | grep -q RWE || fail "it is writable and executable"

cat >program.c <<'SOURCE'
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>
extern char** environ;
static _Thread_local int local = 20;
static int zeros[5000];
static void* other(void* sum) {
  *(int*)sum += ++local + zeros[4999];
  return NULL;
}
int main(int argc, char** argv) {
  for (int i = 0; i < argc; ++i) printf("argument %s\n", argv[i]);
  for (char** e = environ; *e != NULL; ++e) printf("environment %s\n", *e);
  printf("%s %lu %lu\n", (char*)getauxval(AT_EXECFN), getauxval(AT_PHNUM),
         getauxval(AT_PAGESZ));
  int sum = 21;
  pthread_t thread;
  pthread_create(&thread, NULL, other, &sum);
  pthread_join(thread, NULL);
  return sum;
}
SOURCE
for flags in "-fPIE -pie" "-fno-pie -no-pie" "-fPIE -static-pie" "-static"; do
  # shellcheck disable=SC2086
  gcc -O1 -pthread $flags program.c -o program
  code=0
  env -i A=1 B= ./program one '' 'two words' >expected || code=$?
  [[ $code == 42 ]] || fail "$flags: exit code $code from the kernel"
  code=0
  env -i A=1 B= "$loader" ./program one '' 'two words' >out || code=$?
  [[ $code == 42 ]] || fail "$flags: exit code $code"
  cmp expected out || fail "$flags: prints something else"
done

[[ "$("$loader" /bin/bash -c 'echo "$1"; exec /bin/echo b' - a)" == $'a\nb' ]] ||
  fail "bash prints something else"

refuses usage
refuses "cannot be opened" ./none
refuses "not an ELF file" ./program.c
head -c 5000 program >truncated
refuses "past the end of the file" ./truncated
gcc -O1 -pthread program.c -o bad -Wl,--dynamic-linker=/none
refuses "/none: cannot be opened" ./bad
gcc -O1 -pthread program.c -o bad -Wl,--dynamic-linker=./bad
refuses "needs an interpreter itself" ./bad
gcc -O1 -pthread program.c -o bad
printf '\267' | dd of=bad bs=1 seek=18 conv=notrunc status=none  # EM_AARCH64
refuses "another machine" ./bad
echo passed
