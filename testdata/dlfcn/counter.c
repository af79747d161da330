// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

_Thread_local int counter = 5;
int* counter_address(void) { return &counter; }
