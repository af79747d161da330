// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int times_pi(int value);  // Is nowhere.

int circle(int radius) { return times_pi(radius * radius); }
