// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// A library with what it needs, loaded into a context: modules are loaded once,
// shared by all that need them, and go when nobody needs them any more.

#include <cstdio>
#include <cstdlib>
#include <string>

#include "relink/link/link_context.h"
#include "relink/link/linker.h"

namespace {

relink::Library MustLoad(relink::Linker& linker,
                         const relink::LinkContext& context, const char* name) {
  auto library = linker.Load(context, name);
  if (!library.ok()) {
    std::fprintf(stderr, "%s\n", library.status().ToString().c_str());
    std::exit(1);
  }
  return *std::move(library);
}

}  // namespace

int main() {
  relink::Linker linker;
  const relink::LinkContext context;
  {
    // By its soname, as ld.so finds it.
    const relink::Library sqlite = MustLoad(linker, context, "libsqlite3.so.0");
    const relink::Library zlib = MustLoad(linker, context, "libz.so.1");
    const relink::Library again = MustLoad(linker, context, "libz.so.1");
    if (again.module() != zlib.module()) return 1;
    for (const relink::Library& library : context.libraries()) {
      std::printf("loaded %s\n", library.name().c_str());
    }
    for (const std::string& name : sqlite.scope()) {
      std::printf("searched for its symbols: %s\n", name.c_str());
    }
  }
  return context.libraries().empty() ? 0 : 1;
}
