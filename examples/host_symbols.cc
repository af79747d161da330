// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// A plugin that calls functions of the host, which are a module of their own:
// nothing of the host has to be exported, and each context can be given others.

#include <cstdio>
#include <string>
#include <utility>

#include "examples/example_path.h"
#include "relink/link/link_context.h"
#include "relink/link/linker.h"
#include "relink/reloc/synthetic_module.h"

namespace {

int Twice(int value) { return 2 * value; }
int Thrice(int value) { return 3 * value; }
int base = 20;

// What the plugin makes of a host that has `scale`; negative if it has not.
int RunPlugin(int (*scale)(int)) {
  relink::SyntheticModule::Builder builder("libhost.so");
  builder.Add("host_scale", scale).Add("host_base", &base);
  auto host = std::move(builder).Build();
  if (!host.ok()) return -1;
  relink::LinkContext context;
  if (!context.Add(*host, relink::LinkContext::Reach::kGlobal).ok()) return -1;
  relink::Linker linker;
  auto plugin = linker.Load(context, ExamplePath("libhost_plugin.so"));
  if (!plugin.ok()) {
    std::fprintf(stderr, "%s\n", plugin.status().ToString().c_str());
    return -1;
  }
  return (*plugin->Get<int()>("plugin_run"))();
}

}  // namespace

int main() {
  const int twice = RunPlugin(&Twice);
  const int thrice = RunPlugin(&Thrice);
  std::printf("%d %d\n", twice, thrice);
  return twice == 41 && thrice == 61 ? 0 : 1;
}
