// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/lazy_binder.h"

#include <atomic>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "relink/arch/relocation_rule.h"
#include "relink/reloc/describe_failure.h"
#include "relink/support/status.h"

extern "C" {
void relink_lazy_fxsave();
void relink_lazy_xsave();
void relink_lazy_xsavec();

// For the trampolines: the address to jump to.
[[gnu::visibility("hidden")]] uint64_t relink_lazy_resolve(
    const relink::LazyLink* link, uint64_t index) {
  const absl::StatusOr<uint64_t> address = link->binder->Bind(*link, index);
  if (!address.ok()) link->binder->Fail(address.status());
  return *address;
}
}

namespace relink {
namespace {

static_assert(offsetof(LazyLink, save_size) == 0 &&
                  offsetof(LazyLink, features) == 8,
              "as lazy_trampoline_x86_64.S has it");

uint64_t TrampolineOf(VectorState::Method method) {
  switch (method) {
    case VectorState::Method::kFxsave:
      return reinterpret_cast<uint64_t>(&relink_lazy_fxsave);
    case VectorState::Method::kXsave:
      return reinterpret_cast<uint64_t>(&relink_lazy_xsave);
    case VectorState::Method::kXsavec:
      return reinterpret_cast<uint64_t>(&relink_lazy_xsavec);
  }
  return 0;
}

}  // namespace

LazyBinder::LazyBinder(const BindingContext& context, Options options)
    : first_(context.first.begin(), context.first.end()),
      global_(context.global.begin(), context.global.end()),
      local_(context.local.begin(), context.local.end()),
      overrides_(context.overrides.begin(), context.overrides.end()),
      options_(std::move(options)) {
  context_.first = first_;
  context_.global = global_;
  context_.local = local_;
  context_.overrides = overrides_;
  context_.find_undefined = context.find_undefined;
  context_.on_bound = context.on_bound;
  // Several threads bind symbols of one module at once.
  context_.record_owners = false;
}

LazyBinder::Entry LazyBinder::Attach(BoundModule& module,
                                     const Target& target) {
  const LazyLink& link =
      links_.emplace_back(LazyLink{.save_size = options_.vector_state.size,
                                   .features = options_.vector_state.features,
                                   .binder = this,
                                   .module = &module,
                                   .target = &target});
  return {.link = reinterpret_cast<uint64_t>(&link),
          .trampoline = TrampolineOf(options_.vector_state.method)};
}

absl::StatusOr<uint64_t> LazyBinder::Bind(const LazyLink& link,
                                          uint64_t index) const {
  const ScopeMember& member = link.module->member;
  const auto table = link.module->relocations.jmprel_rela;
  if (index >= table.size() ||
      link.target->Rule(table[index].type()).formula != Formula::kAddress) {
    return absl::InvalidArgumentError(absl::StrCat(
        member.name, ": DT_JMPREL[", index, "]: is not about a jump slot"));
  }
  const elf::Rela<NativeElf>& record = table[index];
  std::vector<PendingIndirect> none;
  SymbolBinder binder(context_, *link.module, none);
  const BoundSymbol* bound =
      binder.Bind(record.sym(), link.target->Rule(record.type()));
  if (bound == nullptr) return Annotate(binder.status(), member.name);
  if (!binder.undefined().empty()) {
    return absl::NotFoundError(
        absl::StrCat(member.name, ": ", DescribeUndefined(binder.undefined())));
  }
  uint64_t address = bound->address;
  if (bound->indirect) {
    address = reinterpret_cast<uint64_t (*)()>(address)();
  }
  // Others may call through the slot meanwhile: they see the old or the new
  // address, and both are right.
  auto* slot = reinterpret_cast<uint64_t*>(member.addresses.bias() +
                                           uint64_t{record.r_offset});
  std::atomic_ref<uint64_t>(*slot).store(address, std::memory_order_release);
  return address;
}

std::unique_ptr<LazyBinder> MakeLazyBinder(const BindingContext& context,
                                           LazyBinder::Options options) {
  return std::make_unique<LazyBinder>(context, std::move(options));
}

void LazyBinder::Fail(const absl::Status& status) const {
  if (options_.on_failure != nullptr) options_.on_failure(status);
  const std::string message(status.message());
  std::fprintf(stderr, "relink: symbol lookup error: %s\n", message.c_str());
  std::abort();
}

}  // namespace relink
