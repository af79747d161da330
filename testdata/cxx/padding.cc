// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

extern const char padding[128 * 1024];
const char padding[128 * 1024] = {1};
