// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// A mapping backend of one's own: it tells what a load asks of the kernel, and
// leaves the work to another backend.

#include <cstdio>

#include "relink/link/loader.h"
#include "relink/map/mapping_backend.h"
#include "relink/map/posix_backend.h"

namespace {

using relink::Protection;
using relink::Result;
using relink::RuntimeAddr;
using relink::RuntimeRange;

class LoggingBackend final : public relink::MappingBackend {
 public:
  uint64_t page_size() const override { return system_.page_size(); }
  Result<RuntimeRange> Reserve(const Request& request) override {
    auto range = system_.Reserve(request);
    if (range.ok()) Log("reserve", *range);
    return range;
  }
  Result<void> MapFile(RuntimeRange pages, relink::FileHandle file,
                       relink::FileOffset offset,
                       Protection protection) override {
    Log("map file", pages);
    return system_.MapFile(pages, file, offset, protection);
  }
  Result<void> MapZero(RuntimeRange pages) override {
    Log("map zeros", pages);
    return system_.MapZero(pages);
  }
  Result<void> Protect(RuntimeRange pages, Protection protection) override {
    Log("protect", pages);
    return system_.Protect(pages, protection);
  }
  void Release(RuntimeRange reservation) override {
    Log("release", reservation);
    system_.Release(reservation);
  }
  std::byte* Bytes(RuntimeAddr address) override {
    return system_.Bytes(address);
  }
  bool runs_here() const override { return system_.runs_here(); }

 private:
  static void Log(const char* call, RuntimeRange range) {
    std::printf("%-10s %4lu pages\n", call,
                static_cast<unsigned long>(range.size / 4096));
  }

  relink::PosixBackend system_;
};

}  // namespace

int main() {
  LoggingBackend backend;
  relink::Loader loader({.backend = &backend});
  const auto zlib = loader.LoadDylib("/usr/lib/x86_64-linux-gnu/libz.so.1");
  if (!zlib.ok()) {
    std::fprintf(stderr, "%s\n", zlib.status().ToString().c_str());
    return 1;
  }
  return 0;
}
