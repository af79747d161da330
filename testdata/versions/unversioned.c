// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int answer(void) { return 3; }
