// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TESTDATA_MOVING_REPORT_H_
#define RELINK_TESTDATA_MOVING_REPORT_H_

// Each of these libraries has one function to call, which does things that are
// easily broken by moving code and reports what came of them, line by line.
// Lines have no addresses in them: they are the same wherever code is.

#ifdef __cplusplus
extern "C" {
#endif

typedef void (*Report)(const char* line);
__attribute__((visibility("default"))) void run(Report report);

#ifdef __cplusplus
}
#endif

#endif  // RELINK_TESTDATA_MOVING_REPORT_H_
