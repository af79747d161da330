// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_STAGED_MODULES_H_
#define RELINK_RELOC_STAGED_MODULES_H_

#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/image_spec.h"
#include "relink/layout/layout.h"
#include "relink/map/fake_backend.h"
#include "relink/reloc/bound_module.h"
#include "relink/reloc/relocate.h"
#include "relink/reloc/tls_provider.h"
#include "relink/scan/scan_module.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// For tests only: thread-local storage that only hands out numbers. Module n
// has its static block 0x100 * n below the thread pointer.
class NumberedTls final : public TlsProvider {
 public:
  absl::StatusOr<uint64_t> Register(const TlsTemplate&) override {
    ++live_;
    return ++count_;
  }
  void Unregister(uint64_t) override { --live_; }
  absl::StatusOr<int64_t> MakeStatic(uint64_t module) override {
    if (refuses_static) return absl::ResourceExhaustedError("reserve is full");
    return -0x100 * static_cast<int64_t>(module);
  }
  absl::StatusOr<int64_t> HostStaticOffset(uint64_t) override { return -0x10; }
  absl::Status InitializeStatic(uint64_t) override { return absl::OkStatus(); }
  Functions functions() const override {
    return {.get_addr = 0xa1,
            .static_descriptor = 0xa2,
            .dynamic_descriptor = 0xa3,
            .undefined_weak_descriptor = 0xa4};
  }

  int live() const { return live_; }

  bool refuses_static = false;

 private:
  uint64_t count_ = 0;
  int live_ = 0;
};

// For tests only: images staged in an address space that exists only here,
// ready to be bound; nothing of them can run. Each refers to the others by the
// scopes that the test gives it.
class StagedModules {
 public:
  // The base keeps apart the addresses of several of these.
  explicit StagedModules(std::vector<elf::Image<elf::Elf64Le>> images,
                         uint64_t base = 0x100000)
      : images_(std::move(images)),
        backend_({.base = RuntimeAddr(base)}),
        placed_(MakePlaced(images_, backend_)) {
    if (!placed_.ok()) {
      status_ = placed_.status();
      return;
    }
    for (uint32_t i = 0; i < placed_->graph().modules.size(); ++i) {
      auto module = ReadPlacedModule(*placed_, ModuleId(i), tls_);
      if (!module.ok()) {
        status_ = module.status();
        return;
      }
      modules_.push_back(*std::move(module));
    }
    for (const BoundModule& module : modules_) {
      scope_.push_back(&module.member);
    }
  }
  StagedModules(const StagedModules&) = delete;
  StagedModules& operator=(const StagedModules&) = delete;

  const absl::Status& status() const { return status_; }
  PlacedGraph& placed() { return *placed_; }
  std::vector<BoundModule>& modules() { return modules_; }
  NumberedTls& tls() { return tls_; }

  // All of them, in order.
  Scope scope() const { return scope_; }
  // A context with that as the local scope.
  BindingContext Context() {
    BindingContext context;
    context.local = scope_;
    context.tls = &tls_;
    context.modules = modules_;
    return context;
  }
  absl::StatusOr<std::vector<PendingIndirect>> RelocateAll() {
    const BindingContext context = Context();
    std::vector<ModuleId> order;
    for (uint32_t i = 0; i < modules_.size(); ++i) order.emplace_back(i);
    return Relocate(*placed_, context, order);
  }

  // Where a part of a module is.
  uint64_t Address(size_t module, const std::string& section) {
    return images_[module].place(section).addr +
           modules_[module].member.addresses.bias();
  }
  uint64_t SymbolAddress(size_t module, const std::string& symbol) {
    return images_[module].symbol(symbol).st_value +
           modules_[module].member.addresses.bias();
  }
  // The word at `offset` into a section.
  uint64_t Word(size_t module, const std::string& section, uint64_t offset) {
    uint64_t word = 0;
    const std::byte* bytes =
        backend_.Bytes(RuntimeAddr(Address(module, section) + offset));
    std::memcpy(&word, bytes, sizeof(word));
    return word;
  }

 private:
  static absl::StatusOr<PlacedGraph> MakePlaced(
      const std::vector<elf::Image<elf::Elf64Le>>& images,
      FakeBackend& backend) {
    LinkGraph graph;
    for (const elf::Image<elf::Elf64Le>& image : images) {
      const auto name = "image" + std::to_string(graph.modules.size());
      auto module = ScanModule(ModuleSource::FromMemory(image.bytes, name));
      if (!module.ok()) return module.status();
      graph.modules.Add(*std::move(module));
    }
    graph.root_id = ModuleId(0);
    auto layout =
        PlanLayout(graph, {.page_size = backend.page_size(), .hint = {}});
    if (!layout.ok()) return layout.status();
    return Stage(std::move(graph), *std::move(layout), backend);
  }

  std::vector<elf::Image<elf::Elf64Le>> images_;
  FakeBackend backend_;
  NumberedTls tls_;
  absl::Status status_;
  absl::StatusOr<PlacedGraph> placed_;
  std::vector<BoundModule> modules_;
  std::vector<const ScopeMember*> scope_;
};

}  // namespace relink

#endif  // RELINK_RELOC_STAGED_MODULES_H_
