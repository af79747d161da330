// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Must not be taken from its archive: this is nowhere.
int defined_nowhere(void);
int not_asked_for(void) { return defined_nowhere(); }
