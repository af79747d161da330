// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_LINK_GROUP_H_
#define RELINK_LINK_LINK_GROUP_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "relink/ir/module_source.h"
#include "relink/link/observer.h"
#include "relink/link/pipeline.h"
#include "relink/link/resolver.h"
#include "relink/map/mapping_backend.h"
#include "relink/reloc/lazy_binder.h"
#include "relink/reloc/relocation_handler.h"
#include "relink/reloc/scope.h"
#include "relink/reloc/symbol_reference.h"
#include "relink/reloc/tls_provider.h"
#include "relink/runtime/live_image.h"
#include "relink/runtime/module_store.h"
#include "relink/support/address.h"

namespace relink {

// What the root must be.
enum class RootKind : uint8_t {
  kDylib,
  kExecutable,
  kObject,  // Relocatable objects, archives and shared objects as one.
  kEither,  // Any of them.
};

// How a root is linked with all it needs. What it refers to must stay until
// that is done.
struct GroupOptions {
  MappingBackend& backend;
  Resolver& resolver;
  TlsProvider& tls;
  RootKind kind = RootKind::kEither;
  Observer* observer = nullptr;        // Null for nobody.
  const Pipeline* pipeline = nullptr;  // Null for no passes.
  RuntimeAddr hint = {};               // 0 for anywhere.

  // The context's modules, locked by the caller; null for none.
  ModuleStore* store = nullptr;
  // Searched before and after everything else.
  std::vector<const ScopeMember*> first_scope = {};
  std::vector<const ScopeMember*> last_scope = {};
  // Whether references see what the process has, needed or not.
  bool process_scope = true;
  // The root and what it needs come before all that is global.
  bool deep_bind = false;
  // How functions are bound when they are first called, where a module allows
  // it; nothing to bind everything now.
  std::optional<LazyBinder::Options> lazy = std::nullopt;
  // See BindingContext.
  RelocationHandler* relocation_handler = nullptr;
  UndefinedSymbolHandler find_undefined = nullptr;
};

// A group that Commit can make visible, and what binds it to other modules.
struct LinkedGroup {
  BoundImage image;
  ModuleStore::Links links;
};

// Goes the road from a file, or several if they are objects, to a relocated,
// protected image that nobody sees yet. Nothing of it but ifunc resolvers was
// executed. An error leaves nothing behind.
absl::StatusOr<LinkedGroup> LinkGroup(std::vector<ModuleSource> sources,
                                      const GroupOptions& options);

}  // namespace relink

#endif  // RELINK_LINK_LINK_GROUP_H_
