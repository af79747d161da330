// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Loads a library whose bytes are in memory, as if they came from an archive or
// the network, and lets a resolver of its own answer for what that needs.

#include <cstdio>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "relink/ir/module_source.h"
#include "relink/link/loader.h"
#include "relink/link/resolver.h"
#include "relink/link/search_path_resolver.h"

namespace {

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// The usual search, but what it asks for is printed.
class TalkingResolver final : public relink::Resolver {
 public:
  absl::StatusOr<relink::Resolution> Resolve(
      const relink::DependencyRequest& request) override {
    std::printf("%s needs %s\n", std::string(request.requester_name()).c_str(),
                std::string(request.name).c_str());
    return search_.Resolve(request);
  }

 private:
  relink::SearchPathResolver search_;
};

}  // namespace

int main() {
  const std::string bytes = ReadFile("/usr/lib/x86_64-linux-gnu/libz.so.1");
  TalkingResolver resolver;
  relink::Loader loader({.resolver = &resolver});
  auto zlib = loader.LoadDylib(relink::ModuleSource::FromMemory(
      std::as_bytes(std::span(bytes)), "zlib-from-memory"));
  if (!zlib.ok()) {
    std::fprintf(stderr, "%s\n", zlib.status().ToString().c_str());
    return 1;
  }
  const auto version = zlib->Get<const char*()>("zlibVersion");
  if (!version.ok()) {
    std::fprintf(stderr, "%s\n", version.status().ToString().c_str());
    return 1;
  }
  std::printf("zlib %s\n", (*version)());
  return 0;
}
