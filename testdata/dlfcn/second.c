// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

const char* which(void) { return "second"; }
const char* second_only(void) { return "second"; }
