// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

int square(int side) { return side * side; }
