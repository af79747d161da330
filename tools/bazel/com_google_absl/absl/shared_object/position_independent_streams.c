// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// As position_independent.cc: a program's objects expect their C library's
// variables at a fixed distance, where no shared object has them. This one it
// can have.

struct _IO_FILE;
extern struct _IO_FILE _IO_2_1_stderr_;
__attribute__((visibility("hidden"))) struct _IO_FILE* stderr =
    &_IO_2_1_stderr_;
