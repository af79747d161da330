// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Thread-local variables through every model of access, in two threads.

#include <errno.h>
#include <pthread.h>
#include <stdio.h>

#include "testdata/moving/report.h"

#define NOINLINE __attribute__((noinline))
#define MODEL(model) __attribute__((tls_model(model)))

MODEL("global-dynamic") __thread int exported = 3;
MODEL("global-dynamic") static __thread int general = 5;
MODEL("local-dynamic") static __thread int local_first = 7;
MODEL("local-dynamic") static __thread int local_second = 11;
MODEL("local-dynamic") static __thread int zeros[8];
MODEL("initial-exec") static __thread int initial = 13;
static __thread int* pointer = 0;

NOINLINE static int next_exported(void) { return ++exported; }
NOINLINE static int next_general(void) { return ++general; }
NOINLINE static int next_local(void) {
  return ++local_first * 100 + ++local_second;
}
NOINLINE static int next_zero(int i) { return ++zeros[i & 7]; }
NOINLINE static int next_initial(void) { return ++initial; }
NOINLINE static int* address(void) { return &general; }
NOINLINE static int through_pointer(void) {
  if (!pointer) pointer = &local_first;
  return *pointer;
}

static void say_all(Report report, const char* who) {
  for (int i = 0; i < 3; ++i) {
    char line[128];
    snprintf(line, sizeof(line), "%s: %d %d %d %d %d %d %d", who,
             next_exported(), next_general(), next_local(), next_zero(i),
             next_initial(), through_pointer(), *address() == general);
    report(line);
  }
}

static Report report_of_thread;
static void* thread_main(void* address_in_main) {
  say_all(report_of_thread, "thread");
  report_of_thread(address_in_main == address() ? "shared" : "apart");
  errno = 5;
  return address_in_main;
}

void run(Report report) {
  say_all(report, "main");
  report_of_thread = report;
  errno = 0;
  pthread_t thread;
  void* result = 0;
  if (pthread_create(&thread, 0, thread_main, address()) != 0) return;
  pthread_join(thread, &result);
  report(result == address() ? "joined" : "lost");
  report(errno == 0 ? "own errno" : "its errno");
  say_all(report, "main again");
}
