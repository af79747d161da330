// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/dlfcn/guest_dlfcn.h"

#include <dlfcn.h>

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/dlfcn/dl_error.h"
#include "relink/dlfcn/dl_info.h"
#include "relink/dlfcn/dl_lookup.h"
#include "relink/dlfcn/dl_modules.h"
#include "relink/dlfcn/dl_open.h"
#include "relink/runtime/host_dlfcn.h"
#include "relink/runtime/module_queries.h"

namespace relink {
namespace {

// Namespaces of contexts that are served, below those of dlmopen.
constexpr Lmid_t kFirstServed = 0x1000;

void* OpenForGuest(const DlOpen& open) {
  ClearDlError();
  if (!IsForHost(open)) {
    const absl::StatusOr<void*> handle = Open(open);
    if (handle.ok()) return *handle;
    if (!absl::IsUnavailable(handle.status()) &&
        (open.mode & RTLD_NOLOAD) == 0) {
      SetDlError(DlOpenErrorText(open.file, handle.status()));
      return nullptr;
    }
  }
  return Host().dlopen(open.file, open.mode);
}

void* FindForGuest(const DlLookup& lookup) {
  ClearDlError();
  const std::optional<void*> found = Find(lookup);
  if (found.has_value()) return *found;
  return lookup.version == nullptr
             ? Host().dlsym(lookup.handle, lookup.name)
             : Host().dlvsym(lookup.handle, lookup.name, lookup.version);
}

int CloseForGuest(void* handle) {
  ClearDlError();
  switch (DlModules::Process().Close(handle)) {
    case DlModules::Closed::kDone:
      return 0;
    case DlModules::Closed::kNotOpen:
      SetDlError(NotOpenText(handle));
      return -1;
    case DlModules::Closed::kNotOurs:
      break;
  }
  return Host().dlclose(handle);
}

char* ErrorForGuest() {
  char* const text = TakeDlError();
  return text != nullptr ? text : Host().dlerror();
}

int InfoForGuest(void* handle, int request, void* answer) {
  ClearDlError();
  DlModules& modules = DlModules::Process();
  const auto module = modules.FindHandle(handle);
  if (!module.has_value()) return Host().dlinfo(handle, request, answer);
  return DlInfo(modules, *module, request, answer);
}

// Functions of a context's own: who calls them is not always known by its
// return address, which is somebody else's where a call is the last thing that
// a function does.
template <size_t kSlot>
struct Functions {
  static constexpr Lmid_t kId = kFirstServed + static_cast<Lmid_t>(kSlot);

  static void* Dlopen(const char* file, int mode) {
    return OpenForGuest(
        {file, mode, std::nullopt, __builtin_return_address(0), kId});
  }
  static void* Dlmopen(Lmid_t name_space, const char* file, int mode) {
    return OpenForGuest(
        {file, mode, name_space, __builtin_return_address(0), kId});
  }
  static void* Dlsym(void* handle, const char* name) {
    return FindForGuest(
        {handle, name, nullptr, __builtin_return_address(0), kId});
  }
  static void* Dlvsym(void* handle, const char* name, const char* version) {
    return FindForGuest(
        {handle, name, version, __builtin_return_address(0), kId});
  }
  static constexpr HostDlfcn kTable = {
      .dlopen = Dlopen,
      .dlmopen = Dlmopen,
      .dlclose = CloseForGuest,
      .dlsym = Dlsym,
      .dlvsym = Dlvsym,
      .dlerror = ErrorForGuest,
      .dlinfo = InfoForGuest,
      .dladdr = FindAddress,
      .dladdr1 = FindAddressAndMore,
      .dl_iterate_phdr = IterateProgramHeaders};
};

template <size_t... kSlots>
constexpr std::array<const HostDlfcn*, sizeof...(kSlots)> Tables(
    std::index_sequence<kSlots...>) {
  return {&Functions<kSlots>::kTable...};
}

constexpr auto kTables =
    Tables(std::make_index_sequence<GuestDlfcn::kMaxContexts>());

// Which slots are taken, a bit each.
constinit std::atomic<uint64_t> taken = 0;
static_assert(GuestDlfcn::kMaxContexts == 64);

std::optional<size_t> TakeSlot() {
  uint64_t before = taken.load(std::memory_order_relaxed);
  while (~before != 0) {
    const auto slot = static_cast<size_t>(std::countr_one(before));
    if (taken.compare_exchange_weak(before, before | uint64_t{1} << slot)) {
      return slot;
    }
  }
  return std::nullopt;
}

void GiveBack(size_t slot) { taken.fetch_and(~(uint64_t{1} << slot)); }

}  // namespace

absl::StatusOr<GuestDlfcn> GuestDlfcn::Serve(const LinkContext& context,
                                             Linker& linker) {
  const std::optional<size_t> slot = TakeSlot();
  if (!slot.has_value()) {
    return absl::ResourceExhaustedError(
        absl::StrCat(kMaxContexts, " contexts have functions for dlopen"));
  }
  const absl::Status served =
      DlModules::Process().Serve(kFirstServed + static_cast<Lmid_t>(*slot),
                                 context, linker, *kTables[*slot]);
  if (!served.ok()) {
    GiveBack(*slot);
    return served;
  }
  return GuestDlfcn(*slot);
}

GuestDlfcn::~GuestDlfcn() {
  if (slot_ == kMaxContexts) return;
  DlModules::Process().Withdraw(kFirstServed + static_cast<Lmid_t>(slot_));
  GiveBack(slot_);
}

}  // namespace relink
