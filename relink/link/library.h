// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_LINK_LIBRARY_H_
#define RELINK_LINK_LIBRARY_H_

#include <concepts>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/elf/symbol_name.h"
#include "relink/runtime/live_image.h"
#include "relink/support/status.h"

namespace relink {

using elf::SymbolName;

// A symbol of a library, callable if `T` is a function type, pointer-like if it
// is an object type. Keeps the library's image alive.
template <typename T>
class Handle {
 public:
  Handle(std::shared_ptr<const LiveImage> image, T* address)
      : image_(std::move(image)), address_(address) {}

  T* get() const { return address_; }
  T& operator*() const { return *address_; }
  T* operator->() const requires(!std::is_function_v<T>) { return address_; }
  template <typename... Args>
  requires(std::is_function_v<T>) decltype(auto) operator()(
      Args&&... args) const {
    return address_(std::forward<Args>(args)...);
  }

 private:
  std::shared_ptr<const LiveImage> image_;
  T* address_;
};

// Text that is only known at run time; a literal becomes a SymbolName.
template <typename Text>
concept NotLiteral = std::convertible_to<const Text&, absl::string_view> &&
    !std::is_array_v<Text>;

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

// A loaded module and, through it, those it needs. Copies share the image; when
// the last copy and the last handle are gone, finalization functions run and
// the memory is given back. Thread-safe for concurrent const use.
class Library {
 public:
  explicit Library(std::shared_ptr<const LiveImage> image)
      : image_(std::move(image)) {}

  // The symbol called `name`: of the library itself, then of what it needs,
  // breadth-first, as dlsym finds it. With versions, the default one. The hash
  // of a literal name is computed by the compiler. NotFound: none of them
  // defines it.
  template <typename T>
  absl::StatusOr<Handle<T>> Get(SymbolName name) const {
    void* address = Find(name);
    if (address == nullptr) return NotFound(name);
    return Handle<T>(image_, reinterpret_cast<T*>(address));
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
    return image_->lookups().Find(name, &address) ? address : FindFirst(name);
  }
  template <NotLiteral Text>
  void* Find(const Text& name) const {
    return Find(SymbolName(Ref(name)));
  }

  const std::string& name() const;
  const std::string& soname() const;
  // What was added to its link addresses.
  uint64_t base() const;
  // For an executable.
  RuntimeAddr entry() const;

  // What the library itself defines.
  std::vector<LibrarySymbol> symbols() const;
  std::vector<LibrarySegment> segments() const;

  // The modules that were loaded with it, itself first; those that the process
  // already had are not among them.
  std::vector<std::string> loaded() const;

  const LiveImage& image() const { return *image_; }

 private:
  // A lookup that is not remembered yet.
  void* FindFirst(const SymbolName& name) const;
  absl::Status NotFound(const SymbolName& symbol) const;
  ModuleId root_id() const { return image_->image().graph().root_id; }

  std::shared_ptr<const LiveImage> image_;
};

}  // namespace relink

#endif  // RELINK_LINK_LIBRARY_H_
