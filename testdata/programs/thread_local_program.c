// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Local-exec: at a distance from the thread pointer that only one program of a
// process can have.
static __thread int counter = 7;

int next(void) { return ++counter; }
int main(void) { return next(); }
