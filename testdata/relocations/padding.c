// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Makes a file larger than what is read rather than mapped.
const char padding[128 * 1024] = {1};
