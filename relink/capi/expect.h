// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_CAPI_EXPECT_H_
#define RELINK_CAPI_EXPECT_H_

// What tests in C expect; they end with EXPECT_RESULT().

#include <stdio.h>
#include <string.h>

#include "relink/capi/relink.h"

static int expect_failures;

static inline void expect_that(int holds, const char* what, const char* file,
                               int line) {
  if (holds) return;
  ++expect_failures;
  fprintf(stderr, "%s:%d: not so: %s\n", file, line, what);
}
#define EXPECT(...) \
  expect_that((__VA_ARGS__) != 0, #__VA_ARGS__, __FILE__, __LINE__)

static inline void expect_equal(const char* is, const char* expected,
                                const char* file, int line) {
  if (is != NULL && strcmp(is, expected) == 0) return;
  ++expect_failures;
  fprintf(stderr, "%s:%d: \"%s\" instead of \"%s\"\n", file, line,
          is == NULL ? "(null)" : is, expected);
}
#define EXPECT_TEXT(is, expected) expect_equal(is, expected, __FILE__, __LINE__)

// Takes the error.
static inline void expect_error(relink_error* error, relink_code code,
                                const char* part, const char* file, int line) {
  if (relink_error_code(error) != code ||
      strstr(relink_error_message(error), part) == NULL) {
    ++expect_failures;
    fprintf(stderr, "%s:%d: %d \"%s\" instead of %d \"%s\"\n", file, line,
            (int)relink_error_code(error), relink_error_message(error),
            (int)code, part);
  }
  relink_error_free(error);
}
#define EXPECT_ERROR(error, code, part) \
  expect_error(error, code, part, __FILE__, __LINE__)
#define EXPECT_OK(error) EXPECT_ERROR(error, RELINK_OK, "")

#define EXPECT_RESULT() (expect_failures == 0 ? 0 : 1)

#endif  // RELINK_CAPI_EXPECT_H_
