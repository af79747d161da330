// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/library.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/reloc/tls_provider.h"
#include "relink/support/status.h"

extern "C" void* __tls_get_addr(void* index);

namespace relink {
namespace {

// What lies in arenas; neighbours as one.
std::vector<LibrarySegment> MovedParts(const PlacedModule& where,
                                       const Layout& layout) {
  // More than functions are apart to be aligned, less than another one takes.
  constexpr uint64_t kPadding = 16;
  std::vector<LibrarySegment> parts;
  for (size_t i = 0; i < where.pieces.size(); ++i) {
    const AddressMap::Piece& piece = where.pieces[i];
    const ArenaId arena_id = layout.sections[where.piece_sections[i]].arena_id;
    parts.push_back(
        {{piece.to, piece.from.size}, layout.arenas[arena_id].protection});
  }
  std::ranges::sort(
      parts, {}, [](const LibrarySegment& part) { return part.memory.begin; });
  std::vector<LibrarySegment> merged;
  for (const LibrarySegment& part : parts) {
    if (!merged.empty() && merged.back().protection == part.protection &&
        part.memory.begin - merged.back().memory.end() <
            static_cast<int64_t>(kPadding)) {
      RuntimeRange& last = merged.back().memory;
      last.size = static_cast<uint64_t>(part.memory.end() - last.begin);
    } else {
      merged.push_back(part);
    }
  }
  return merged;
}

}  // namespace

std::byte* ThreadBlock(const ScopeMember& owner) {
  if (owner.tls_module == 0) return nullptr;
  TlsIndex index{owner.tls_module, 0};
  if (owner.tls_get_addr == 0) {
    return static_cast<std::byte*>(__tls_get_addr(&index));
  }
  return reinterpret_cast<std::byte* (*)(TlsIndex*)>(owner.tls_get_addr)(
      &index);
}

void* AddressForCaller(const Definition& definition) {
  const elf::Sym<NativeElf>& symbol = definition.symbol();
  if (symbol.type() == elf::kSttTls) {
    return ThreadBlock(*definition.owner) + uint64_t{symbol.st_value};
  }
  const uint64_t address = definition.address();
  if (symbol.type() == elf::kSttGnuIfunc) {
    return reinterpret_cast<void* (*)()>(address)();
  }
  return reinterpret_cast<void*>(address);
}

void* Library::FindFirst(const SymbolName& name) const {
  elf::Definitions<NativeElf>::Request request;
  request.newest = true;
  request.skip_undefined = true;
  const LookupScope& scope = module_->scope();
  const Definition found = scope.Find(name, request);
  if (found.owner == nullptr) {
    scope.lookups().Add(name, nullptr);
    return nullptr;
  }
  void* const address = AddressForCaller(found);
  // The others are the same in every thread.
  if (found.symbol().type() != elf::kSttTls) scope.lookups().Add(name, address);
  return address;
}

void* Library::FindVersion(SymbolName name, absl::string_view version) const {
  const Definition found =
      relink::FindVersion(module_->scope().members(), name, Ref(version));
  return found.owner == nullptr ? nullptr : AddressForCaller(found);
}

absl::Status Library::NotFound(const SymbolName& symbol) const {
  return absl::NotFoundError(
      absl::StrCat(name(), ": no symbol ", View(symbol.text()),
                   " in the library or in what it needs"));
}

void Library::ExtendScope(const Library& added) const {
  module_->ExtendScope(added.module());
}

std::vector<std::string> Library::scope() const {
  std::vector<std::string> names;
  for (const ScopeMember* member : module_->scope().members()) {
    names.emplace_back(member->name);
  }
  return names;
}

uint64_t Library::base() const { return placed().bias(); }
RuntimeAddr Library::entry() const { return placed().At(file().entry); }

std::vector<LibrarySymbol> Library::symbols() const {
  const ScopeMember& root = module_->member();
  const elf::SymbolTable<NativeElf>& table = root.definitions.symbols;
  std::vector<LibrarySymbol> symbols;
  const uint32_t count = table.CountSymbols();
  for (uint32_t i = 1; i < count; ++i) {
    const elf::Sym<NativeElf>& symbol = table[i];
    if (symbol.undefined() || symbol.bind() == elf::kStbLocal) continue;
    const bool in_image =
        symbol.type() != elf::kSttTls && symbol.st_shndx != elf::kShnAbs;
    symbols.push_back(
        {.name = View(table.Name(symbol)),
         .version = View(root.definitions.VersionAt(table.Version(i)).name),
         .address = in_image ? root.addresses.At(LinkAddr(symbol.st_value))
                             : RuntimeAddr(symbol.st_value),
         .size = symbol.st_size,
         .type = symbol.type(),
         .bind = symbol.bind()});
  }
  return symbols;
}

std::vector<LibrarySegment> Library::segments() const {
  std::vector<LibrarySegment> segments;
  if (!placed().in_arenas()) {
    for (const Segment& segment : file().segments) {
      segments.push_back(
          {placed().Bulk(segment.memory), FinalProtection(segment)});
    }
  }
  std::vector<LibrarySegment> moved =
      MovedParts(placed(), image().image().layout());
  segments.insert(segments.end(), moved.begin(), moved.end());
  return segments;
}

std::vector<std::string> Library::loaded() const {
  std::vector<std::string> names;
  for (const ScopeMember* member : module_->scope().members()) {
    if (!member->host) names.emplace_back(member->name);
  }
  return names;
}

}  // namespace relink
