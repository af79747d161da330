// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// What a compiler hands to a linker, loaded without one: an object file, and of
// an archive the member that it needs.

#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "examples/example_path.h"
#include "relink/ir/module_source.h"
#include "relink/link/loader.h"

int main() {
  std::vector<relink::ModuleSource> sources;
  for (const char* name : {"area.o", "libshapes.a"}) {
    auto source = relink::ModuleSource::Open(ExamplePath(name));
    if (!source.ok()) {
      std::fprintf(stderr, "%s\n", source.status().ToString().c_str());
      return 1;
    }
    sources.push_back(*std::move(source));
  }
  relink::Loader loader;
  const auto library = loader.LoadObjects(std::move(sources));
  if (!library.ok()) {
    std::fprintf(stderr, "%s\n", library.status().ToString().c_str());
    return 1;
  }
  const auto area = library->Get<int(int)>("area_of_squares");
  if (!area.ok()) return 1;
  std::printf("%s: %d\n", library->name().c_str(), (*area)(3));
  // Nothing needs the other member, which would not link.
  return (*area)(3) == 14 && !library->Get<int(int)>("circle").ok() ? 0 : 1;
}
