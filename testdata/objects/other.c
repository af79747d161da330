// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int of_another_member(void) { return 41; }
