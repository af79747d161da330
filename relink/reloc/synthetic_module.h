// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_SYNTHETIC_MODULE_H_
#define RELINK_RELOC_SYNTHETIC_MODULE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/elf/records.h"
#include "relink/elf/versions.h"
#include "relink/reloc/scope.h"

namespace relink {

// Functions and data of the host as a module that others can need, and that
// symbol lookup treats as any other: it has a DT_SONAME, a dynamic symbol
// table, a DT_GNU_HASH and symbol versions, made in memory.
//
//   SyntheticModule::Builder builder("libhost.so");
//   builder.Add("print", &Print).Add("limits", &limits);
//   builder.AddVersion("open", "HOST_2", &Open2);
//   builder.AddVersion("open", "HOST_1", &Open1, Binding::kHidden);
//   ASSIGN_OR_RETURN(auto host, std::move(builder).Build());
//
// Immutable, so thread-safe. What its symbols stand for is not owned and must
// outlive every use.
class SyntheticModule {
 public:
  enum class Kind : uint8_t {
    kFunction,
    kObject,
    // The address is that of a function that returns the one to use; it must be
    // code of the host that is there for ever.
    kIndirectFunction,
  };
  // Whether references without a version can mean it.
  enum class Binding : uint8_t { kDefault, kHidden };

  struct Symbol {
    absl::string_view name;
    const void* address = nullptr;
    // In bytes; what an executable copies of an object (R_*_COPY).
    uint64_t size = 0;
    Kind kind = Kind::kFunction;
    absl::string_view version = {};  // Empty for none.
    Binding binding = Binding::kDefault;
    bool weak = false;
  };

  class Builder;

  SyntheticModule(const SyntheticModule&) = delete;
  SyntheticModule& operator=(const SyntheticModule&) = delete;

  // For scopes. Its address stays the same for as long as this lives.
  const ScopeMember& member() const { return member_; }
  absl::string_view soname() const { return soname_; }
  size_t size() const { return symbol_count_; }

 private:
  SyntheticModule() = default;

  std::string soname_;
  size_t symbol_count_ = 0;
  // The tables, and the program header through which they are read.
  std::vector<std::byte> tables_;
  elf::Phdr<NativeElf> tables_segment_{};
  // Its objects, each as a segment of its own.
  std::vector<elf::Phdr<NativeElf>> objects_;
  std::vector<elf::Version> versions_;
  ScopeMember member_;
};

// Collects symbols. The strings are copied.
class SyntheticModule::Builder {
 public:
  // Names longer than this are refused.
  static constexpr size_t kMaxNameSize = size_t{1} << 20;

  explicit Builder(absl::string_view soname) : soname_(soname) {}

  Builder& Add(const Symbol& symbol);

  // A function, or an object with its size.
  template <typename T>
  Builder& Add(absl::string_view name, T* address) {
    return Add(SymbolOf(name, address));
  }
  // With a version. The first version ever added is the oldest, which is what
  // references without a version bind to; dlsym takes the default one.
  template <typename T>
  Builder& AddVersion(absl::string_view name, absl::string_view version,
                      T* address, Binding binding = Binding::kDefault) {
    Symbol symbol = SymbolOf(name, address);
    symbol.version = version;
    symbol.binding = binding;
    return Add(symbol);
  }

  // InvalidArgument: a name or version is empty where it must not be, too long
  // or contains a NUL; an address is null; a symbol is hidden without a
  // version.  AlreadyExists: the same name with the same version, or with two
  // defaults.  OutOfRange: more symbols, names or versions than ELF can number.
  absl::StatusOr<std::shared_ptr<const SyntheticModule>> Build() &&;

 private:
  struct Entry {
    std::string name;
    std::string version;
    uint64_t address;
    uint64_t size;
    Kind kind;
    Binding binding;
    bool weak;
  };

  template <typename T>
  static Symbol SymbolOf(absl::string_view name, T* address) {
    static_assert(!std::is_void_v<T>, "add a Symbol, which says what it is");
    if constexpr (std::is_function_v<T>) {
      return {.name = name, .address = reinterpret_cast<const void*>(address)};
    } else {
      return {.name = name,
              .address = const_cast<const std::remove_cv_t<T>*>(address),
              .size = sizeof(T),
              .kind = Kind::kObject};
    }
  }

  static absl::Status Check(const Entry& entry);
  absl::Status CheckUnique() const;
  // The index of each distinct version, by name.
  absl::StatusOr<std::map<std::string, uint16_t>> NumberVersions() const;
  // The order of DT_GNU_HASH: by bucket. Returns how many buckets there are.
  uint32_t SortByBucket();
  // Fills the tables of `module`; its entries are sorted by then.
  absl::Status WriteTables(const std::map<std::string, uint16_t>& versions,
                           uint32_t bucket_count,
                           SyntheticModule& module) const;

  std::string soname_;
  std::vector<Entry> entries_;
};

}  // namespace relink

#endif  // RELINK_RELOC_SYNTHETIC_MODULE_H_
