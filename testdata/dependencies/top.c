// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int middle_value(void);

int top_value(void) { return 100 + middle_value(); }
