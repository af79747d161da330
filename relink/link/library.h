// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_LIBRARY_H_
#define RELINK_LINK_LIBRARY_H_

#include <any>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/elf/symbol_name.h"
#include "relink/reloc/scope.h"
#include "relink/runtime/live_image.h"
#include "relink/runtime/loaded_module.h"
#include "relink/support/status.h"

namespace relink {

using elf::SymbolName;

// A symbol of a library, callable if `T` is a function type, pointer-like if it
// is an object type. Keeps the library loaded.
template <typename T>
class Handle {
 public:
  Handle(ModuleRef module, T* address)
      : module_(std::move(module)), address_(address) {}

  T* get() const { return address_; }
  T& operator*() const { return *address_; }
  T* operator->() const requires(!std::is_function_v<T>) { return address_; }
  template <typename... Args>
  requires(std::is_function_v<T>) decltype(auto) operator()(
      Args&&... args) const {
    return address_(std::forward<Args>(args)...);
  }

 private:
  ModuleRef module_;
  T* address_;
};

// Text that is only known at run time; a literal becomes a SymbolName.
template <typename Text>
concept NotLiteral = std::convertible_to<const Text&, absl::string_view> &&
    !std::is_array_v<Text>;

// The calling thread's block of a module's thread-local storage; null if it has
// none.
std::byte* ThreadBlock(const ScopeMember& owner);

// What a definition is to the calling thread: an address, that of its own copy
// of a thread-local variable, or what an ifunc resolver chooses.
void* AddressForCaller(const Definition& definition);

// A symbol that a library defines.
struct LibrarySymbol {
  absl::string_view name;     // Valid for as long as the library.
  absl::string_view version;  // Empty if none.
  RuntimeAddr address;        // For STT_TLS, the offset in its block.
  uint64_t size = 0;
  uint8_t type = 0;  // STT_*.
  uint8_t bind = 0;  // STB_*.
};

// A mapped segment of a library, or what passes placed elsewhere of it.
struct LibrarySegment {
  RuntimeRange memory;
  Protection protection = Protection::kNone;  // Final, but for RELRO.
};

// A loaded module and, through it, those it needs. When nobody has a copy or a
// handle any more, and no other module needs it, finalization functions run and
// its memory is given back. Thread-safe for concurrent const use.
class Library {
 public:
  explicit Library(ModuleRef module) : module_(std::move(module)) {}

  // The symbol called `name`: of the library itself, then of what it needs,
  // breadth-first, as dlsym finds it. With versions, the default one. The hash
  // of a literal name is computed by the compiler. NotFound: none of them
  // defines it.
  template <typename T>
  absl::StatusOr<Handle<T>> Get(SymbolName name) const {
    void* address = Find(name);
    if (address == nullptr) return NotFound(name);
    return Handle<T>(module_, reinterpret_cast<T*>(address));
  }
  template <typename T, NotLiteral Text>
  absl::StatusOr<Handle<T>> Get(const Text& name) const {
    return Get<T>(SymbolName(Ref(name)));
  }

  // The address only, or null; valid for as long as the library. For
  // thread-local variables, that of the calling thread; for ifuncs, of the
  // chosen function.
  void* Find(SymbolName name) const {
    void* address = nullptr;
    return module_->scope().lookups().Find(name, &address) ? address
                                                           : FindFirst(name);
  }
  template <NotLiteral Text>
  void* Find(const Text& name) const {
    return Find(SymbolName(Ref(name)));
  }

  // The definition of `name` with that version, hidden or not, in the same
  // order, as dlvsym finds it; null if there is none.
  void* FindVersion(SymbolName name, absl::string_view version) const;

  // Lookups in this library, by whomever, go on in `added` and what that needs,
  // which stay loaded as long as this.
  void ExtendScope(const Library& added) const;
  // Where symbols are looked up: names of modules, in order.
  std::vector<std::string> scope() const;

  const std::string& name() const { return module_->name(); }
  absl::string_view soname() const { return module_->soname(); }
  // What was added to its link addresses.
  uint64_t base() const;
  // For an executable.
  RuntimeAddr entry() const;

  // What the library itself defines.
  std::vector<LibrarySymbol> symbols() const;
  std::vector<LibrarySegment> segments() const;

  // The modules of its scope that Relink loaded, itself first.
  std::vector<std::string> loaded() const;

  // The embedder's own, one for each module. Not synchronized.
  std::any& user_data() const { return module_->user_data(); }

  // False for synthetic modules and those of the host: of them there is no
  // more than symbols, neither segments nor entry(), base() or image().
  bool has_image() const { return module_->image() != nullptr; }
  const LiveImage& image() const { return *module_->image(); }
  const ModuleRef& module() const { return module_; }

 private:
  // A lookup that is not remembered yet.
  void* FindFirst(const SymbolName& name) const;
  absl::Status NotFound(const SymbolName& symbol) const;
  const Module& file() const { return image().image().module(module_->id()); }
  const PlacedModule& placed() const {
    return image().image().placed(module_->id());
  }

  ModuleRef module_;
};

}  // namespace relink

#endif  // RELINK_LINK_LIBRARY_H_
