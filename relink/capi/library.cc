// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/library.h"

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "relink/capi/error.h"
#include "relink/capi/handles.h"
#include "relink/capi/module_data.h"
#include "relink/capi/relink.h"
#include "relink/map/mapping_backend.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

using relink::Library;
using relink::LibrarySegment;
using relink::LibrarySymbol;
using relink::Protection;
using relink::capi::Answer;
using relink::capi::ModuleData;
using relink::capi::Require;

namespace {

absl::StatusOr<void*> Find(const relink_library* handle, const char* symbol,
                           const char* version) {
  RETURN_IF_ERROR(Require({{"library", handle}, {"symbol", symbol}}));
  const Library& library = handle->library;
  const relink::SymbolName name(relink::Ref(symbol));
  void* const address = version == nullptr ? library.Find(name)
                                           : library.FindVersion(name, version);
  if (address != nullptr) return address;
  return absl::NotFoundError(absl::StrCat(
      library.name(), ": no symbol ", symbol, version == nullptr ? "" : "@",
      absl::NullSafeStringView(version),
      " in the library or in what it needs"));
}

}  // namespace

void relink_library_free(relink_library* library) { delete library; }

relink_library* relink_library_copy(const relink_library* library,
                                    relink_error** error) {
  const absl::Status status = Require({{"library", library}});
  return Answer(status.ok() ? absl::StatusOr<relink_library*>(
                                  new relink_library(*library))
                            : status,
                error);
}

void* relink_library_find(const relink_library* library, const char* symbol,
                          const char* version, relink_error** error) {
  return Answer(Find(library, symbol, version), error);
}

relink_function relink_library_find_function(const relink_library* library,
                                             const char* symbol,
                                             const char* version,
                                             relink_error** error) {
  return reinterpret_cast<relink_function>(
      Answer(Find(library, symbol, version), error));
}

bool relink_library_extend_scope(const relink_library* library,
                                 const relink_library* added,
                                 relink_error** error) {
  const absl::Status status = Require({{"library", library}, {"added", added}});
  if (status.ok()) library->library.ExtendScope(added->library);
  return Answer(status, error);
}

void relink_library_scope(const relink_library* library,
                          bool (*each)(void* data, const char* name),
                          void* data) {
  if (library == nullptr || each == nullptr) return;
  for (const std::string& name : library->library.scope()) {
    if (!each(data, name.c_str())) return;
  }
}

const char* relink_library_name(const relink_library* library) {
  return library == nullptr ? nullptr : library->library.name().c_str();
}

const char* relink_library_soname(const relink_library* library) {
  return library == nullptr ? nullptr : library->soname.c_str();
}

uintptr_t relink_library_base(const relink_library* library) {
  if (library == nullptr || !library->library.has_image()) return 0;
  return library->library.base();
}

uintptr_t relink_library_entry(const relink_library* library) {
  if (library == nullptr || !library->library.has_image()) return 0;
  return library->library.entry().value();
}

void relink_library_symbols(const relink_library* library,
                            bool (*each)(void* data,
                                         const relink_symbol* symbol),
                            void* data) {
  if (library == nullptr || each == nullptr) return;
  for (const LibrarySymbol& symbol : library->library.symbols()) {
    const std::string name(symbol.name);
    const std::string version(symbol.version);
    const relink_symbol shown = {.name = name.c_str(),
                                 .version = version.c_str(),
                                 .address = symbol.address.value(),
                                 .size = symbol.size,
                                 .type = symbol.type,
                                 .bind = symbol.bind};
    if (!each(data, &shown)) return;
  }
}

void relink_library_segments(const relink_library* library,
                             bool (*each)(void* data,
                                          const relink_segment* segment),
                             void* data) {
  if (library == nullptr || each == nullptr || !library->library.has_image()) {
    return;
  }
  for (const LibrarySegment& segment : library->library.segments()) {
    const relink_segment shown = {
        .memory = reinterpret_cast<const void*>(segment.memory.begin.value()),
        .size = segment.memory.size,
        .readable = segment.protection != Protection::kNone,
        .writable = segment.protection == Protection::kReadWrite,
        .executable = segment.protection == Protection::kReadExecute};
    if (!each(data, &shown)) return;
  }
}

bool relink_library_set_data(const relink_library* library, void* data,
                             void (*release)(void* data),
                             relink_error** error) {
  const absl::Status status = Require({{"library", library}});
  if (status.ok()) {
    ModuleData::Of(library->library.user_data()).Set(data, release);
  }
  return Answer(status, error);
}

void* relink_library_data(const relink_library* library) {
  if (library == nullptr) return nullptr;
  const ModuleData* const data = ModuleData::In(library->library.user_data());
  return data == nullptr ? nullptr : data->get();
}
