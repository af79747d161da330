/* Part of Relink, under the LICENSE. */
/* SPDX-License-Identifier: Apache-2.0 */

#include "relink/plugin/relink_pass_plugin.h"

/* A plugin in C: one pass, which counts modules. */

static relink_code count_modules(const relink_host* host, relink_run* run,
                                 void* data, void* state) {
  relink_counts counts = {sizeof(counts)};
  const relink_string name = {"modules", 7};
  relink_code code = host->counts(run, &counts);
  (void)data;
  (void)state;
  if (code != RELINK_OK) return code;
  code = host->preserve_all(run);
  return code != RELINK_OK ? code : host->count(run, name, counts.modules);
}

static relink_code register_passes(const relink_host* host,
                                   relink_registry* registry) {
  relink_pass pass = {sizeof(pass)};
  pass.name.data = "count-modules";
  pass.name.size = 13;
  pass.unit = RELINK_UNIT_GRAPH;
  pass.run = count_modules;
  return host->add_pass(registry, &pass);
}

const relink_pass_plugin* relink_pass_plugin_info(void) {
  static const relink_pass_plugin plugin = {sizeof(plugin),
                                            RELINK_PASS_PLUGIN_API_VERSION,
                                            {"plain", 5},
                                            {"1.0", 3},
                                            register_passes};
  return &plugin;
}
