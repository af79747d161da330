// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "relink/capi/error.h"
#include "relink/capi/handles.h"
#include "relink/capi/relink.h"
#include "relink/capi/struct_size.h"
#include "relink/elf/symbol_name.h"
#include "relink/link/library.h"
#include "relink/link/link_context.h"
#include "relink/reloc/synthetic_module.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

using relink::Library;
using relink::LinkContext;
using relink::SyntheticModule;
using relink::capi::Answer;
using relink::capi::CheckFlags;
using relink::capi::Require;

namespace {

absl::StatusOr<SyntheticModule::Symbol> SymbolOf(
    const relink_host_symbol& given) {
  constexpr uint32_t kKnown =
      RELINK_SYMBOL_HIDDEN | RELINK_SYMBOL_WEAK | RELINK_SYMBOL_INDIRECT;
  RETURN_IF_ERROR(Require({{"symbols[].name", given.name}}));
  RETURN_IF_ERROR(CheckFlags(given.name, given.flags, kKnown));
  const bool is_function = given.function != nullptr;
  const bool indirect = (given.flags & RELINK_SYMBOL_INDIRECT) != 0;
  if (is_function == (given.object != nullptr) || (indirect && !is_function)) {
    return absl::InvalidArgumentError(
        absl::StrCat(given.name, ": must be either a function or an object"));
  }
  SyntheticModule::Symbol symbol;
  symbol.name = given.name;
  symbol.address = is_function ? reinterpret_cast<const void*>(given.function)
                               : given.object;
  symbol.size = is_function ? 0 : given.object_size;
  symbol.kind = !is_function ? SyntheticModule::Kind::kObject
                : indirect   ? SyntheticModule::Kind::kIndirectFunction
                             : SyntheticModule::Kind::kFunction;
  symbol.version = absl::NullSafeStringView(given.version);
  symbol.binding = (given.flags & RELINK_SYMBOL_HIDDEN) != 0
                       ? SyntheticModule::Binding::kHidden
                       : SyntheticModule::Binding::kDefault;
  symbol.weak = (given.flags & RELINK_SYMBOL_WEAK) != 0;
  return symbol;
}

absl::StatusOr<LinkContext::Reach> ReachOf(relink_reach reach) {
  switch (reach) {
    case RELINK_REACH_NEEDED:
      return LinkContext::Reach::kNeeded;
    case RELINK_REACH_GLOBAL:
      return LinkContext::Reach::kGlobal;
    case RELINK_REACH_FIRST:
      return LinkContext::Reach::kFirst;
  }
  return absl::InvalidArgumentError("argument `reach` is none");
}

absl::Status Add(LinkContext& context, const char* soname,
                 std::span<const relink_host_symbol> symbols,
                 relink_reach given) {
  ASSIGN_OR_RETURN(const LinkContext::Reach reach, ReachOf(given));
  SyntheticModule::Builder builder(soname);
  for (const relink_host_symbol& symbol : symbols) {
    ASSIGN_OR_RETURN(const SyntheticModule::Symbol added, SymbolOf(symbol));
    builder.Add(added);
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const SyntheticModule> module,
                   std::move(builder).Build());
  return context.Add(std::move(module), reach);
}

absl::StatusOr<void*> Find(const relink_context* context, const char* symbol,
                           const char* version) {
  RETURN_IF_ERROR(Require({{"context", context}, {"symbol", symbol}}));
  const relink::elf::SymbolName name(relink::Ref(symbol));
  void* const address = version == nullptr
                            ? context->context.FindSymbol(name)
                            : context->context.FindSymbol(name, version);
  if (address != nullptr) return address;
  return absl::NotFoundError(
      absl::StrCat("no symbol ", symbol, version == nullptr ? "" : "@",
                   absl::NullSafeStringView(version),
                   " in the process or what the context made global"));
}

absl::StatusOr<relink_library*> Found(std::optional<Library> library,
                                      absl::string_view what) {
  if (library.has_value()) return new relink_library(*std::move(library));
  return absl::NotFoundError(
      absl::StrCat(what, ": is not loaded in this context"));
}

}  // namespace

relink_context* relink_context_create(uint32_t flags, relink_error** error) {
  const auto create = [&]() -> absl::StatusOr<relink_context*> {
    RETURN_IF_ERROR(
        CheckFlags("relink_context", flags, RELINK_CONTEXT_WITHOUT_PROCESS));
    return new relink_context(
        {.process_scope = (flags & RELINK_CONTEXT_WITHOUT_PROCESS) == 0});
  };
  return Answer(create(), error);
}

void relink_context_free(relink_context* context) { delete context; }

bool relink_context_add(relink_context* context, const char* soname,
                        const relink_host_symbol* symbols, size_t count,
                        relink_reach reach, relink_error** error) {
  const auto add = [&]() -> absl::Status {
    RETURN_IF_ERROR(Require(
        {{"context", context}, {"soname", soname}, {"symbols", symbols}}));
    return Add(context->context, soname, std::span(symbols, count), reach);
  };
  return Answer(add(), error);
}

bool relink_context_share(relink_context* context,
                          const relink_library* library, relink_error** error) {
  const absl::Status status =
      Require({{"context", context}, {"library", library}});
  if (status.ok()) context->context.Share(library->library);
  return Answer(status, error);
}

bool relink_context_make_global(relink_context* context,
                                const relink_library* library,
                                relink_error** error) {
  const absl::Status status =
      Require({{"context", context}, {"library", library}});
  if (status.ok()) context->context.MakeGlobal(library->library);
  return Answer(status, error);
}

relink_library* relink_context_library(const relink_context* context,
                                       const char* name, relink_error** error) {
  const auto find = [&]() -> absl::StatusOr<relink_library*> {
    RETURN_IF_ERROR(Require({{"context", context}, {"name", name}}));
    return Found(context->context.Find(name), name);
  };
  return Answer(find(), error);
}

relink_library* relink_context_library_at(const relink_context* context,
                                          const void* address,
                                          relink_error** error) {
  const auto find = [&]() -> absl::StatusOr<relink_library*> {
    RETURN_IF_ERROR(Require({{"context", context}}));
    return Found(
        context->context.FindByAddress(address),
        absl::StrCat("0x", absl::Hex(reinterpret_cast<uintptr_t>(address))));
  };
  return Answer(find(), error);
}

void relink_context_libraries(const relink_context* context,
                              bool (*each)(void* data, const char* name),
                              void* data) {
  if (context == nullptr || each == nullptr) return;
  for (const Library& library : context->context.libraries()) {
    if (!each(data, library.name().c_str())) return;
  }
}

void* relink_context_find(const relink_context* context, const char* symbol,
                          const char* version, relink_error** error) {
  return Answer(Find(context, symbol, version), error);
}

relink_function relink_context_find_function(const relink_context* context,
                                             const char* symbol,
                                             const char* version,
                                             relink_error** error) {
  return reinterpret_cast<relink_function>(
      Answer(Find(context, symbol, version), error));
}

void relink_context_finalize(relink_context* context) {
  if (context != nullptr) context->context.FinalizeAll();
}
