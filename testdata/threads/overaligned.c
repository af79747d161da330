// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

__thread struct { char byte; } aligned __attribute__((aligned(512))) = {5};

void* aligned_address(void) { return &aligned; }
int byte(void) { return aligned.byte; }
