// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// usage: smallest_program FILE SYMBOL
// Loads a module and calls a function of it: what a program needs of Relink at
// least. tools/sizes builds it with each of the flags of docs/build_flags.md.

#include <cstdio>

#include "absl/strings/string_view.h"
#include "relink/link/link_context.h"
#include "relink/link/linker.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  relink::Linker linker;
  auto library = linker.Load(relink::LinkContext(), argv[1]);
  if (!library.ok()) {
    std::fprintf(stderr, "%s\n", library.status().ToString().c_str());
    return 1;
  }
  auto function = library->Get<int()>(absl::string_view(argv[2]));
  if (!function.ok()) {
    std::fprintf(stderr, "%s\n", function.status().ToString().c_str());
    return 1;
  }
  std::printf("%d\n", (*function)());
  return 0;
}
