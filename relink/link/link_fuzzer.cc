// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <span>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/elf/eh_frame.h"
#include "relink/link/loader.h"
#include "relink/map/fake_backend.h"
#include "relink/runtime/init_functions.h"

namespace {

using namespace relink;  // NOLINT: the fuzz target is of that namespace

constexpr FakeBackend::Options kSpace = {.size = 1 << 20};

// Finds what the process has, and nothing else.
class HostResolver final : public Resolver {
 public:
  absl::StatusOr<Resolution> Resolve(
      const DependencyRequest& request) override {
    const HostModuleId id = request.host.Find(request.name);
    if (id.has_value()) return id;
    return absl::NotFoundError(
        absl::StrCat(request.name, ": is not in the process"));
  }
};

// What Commit reads of an image before it runs anything of it.
void ReadBeforeCommit(const BoundImage& bound) {
  for (ModuleId id : bound.init_order) {
    (void)FindInitFunctions(bound.image, id);
    const Module& module = bound.image.module(id);
    if (module.eh_frame_hdr.size == 0) continue;
    (void)elf::FindEhFrame<NativeElf>(bound.image.View<NativeElf>(id),
                                      module.eh_frame_hdr);
  }
}

}  // namespace

// Everything that loading does with a file before any of it runs: scan, layout,
// mapping (of memory that is not executable), relocation, final protections.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static FakeBackend& backend = *new FakeBackend(kSpace);
  static HostResolver& resolver = *new HostResolver();
  static Loader& loader =
      *new Loader({.backend = &backend, .resolver = &resolver});
  {
    const auto bound = loader.Link(
        ModuleSource::FromMemory(std::as_bytes(std::span(data, size)), "fuzz"));
    if (bound.ok()) ReadBeforeCommit(*bound);
  }
  if (!backend.misuses().empty() || backend.live_reservations() != 0) {
    __builtin_trap();
  }
  backend = FakeBackend(kSpace);
  return 0;
}
