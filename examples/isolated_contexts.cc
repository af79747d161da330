// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Two tenants that load the same library get one each, with state of its own;
// a third module is shared because both are given it.

#include <cstdio>
#include <cstdlib>

#include "examples/example_path.h"
#include "relink/link/link_context.h"
#include "relink/link/linker.h"

namespace {

relink::Library MustLoad(const relink::LinkContext& context) {
  relink::Linker linker;
  auto library = linker.Load(context, ExamplePath("libcounter.so"));
  if (!library.ok()) {
    std::fprintf(stderr, "%s\n", library.status().ToString().c_str());
    std::exit(1);
  }
  return *std::move(library);
}

int Count(const relink::Library& library) {
  return (*library.Get<int()>("counter_next"))();
}

}  // namespace

int main() {
  const relink::LinkContext first;
  const relink::LinkContext second;
  const relink::Library of_first = MustLoad(first);
  const relink::Library of_second = MustLoad(second);
  Count(of_first);
  Count(of_first);
  if (Count(of_first) != 3 || Count(of_second) != 1) return 1;

  relink::LinkContext third;
  third.Share(of_first);
  const auto shared = third.Find("libcounter.so");
  if (!shared.has_value() || Count(*shared) != 4) return 1;
  std::printf("three of one's own, one of another's, four of the shared\n");
  return 0;
}
