// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Nothing defines these when it is linked.
extern int host_scale(int value);
extern int host_base;

int plugin_run(void) { return host_scale(host_base) + 1; }
