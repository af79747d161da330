// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/link/library.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "relink/support/status.h"

namespace relink {
namespace {

const ScopeMember& RootMember(const LiveImage& image) {
  return image.modules()[image.image().graph().root_id.index()].member;
}

// What a definition means to a caller in this thread.
void* AddressOf(const Definition& definition, TlsProvider& tls) {
  const elf::Sym<NativeElf>& symbol = definition.symbol();
  if (symbol.type() == elf::kSttTls) {
    TlsIndex index{definition.owner->tls_module, uint64_t{symbol.st_value}};
    return reinterpret_cast<void* (*)(TlsIndex*)>(tls.functions().get_addr)(
        &index);
  }
  const uint64_t address = definition.address();
  if (symbol.type() == elf::kSttGnuIfunc) {
    return reinterpret_cast<void* (*)()>(address)();
  }
  return reinterpret_cast<void*>(address);
}

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

void* Library::FindFirst(const SymbolName& name) const {
  elf::Definitions<NativeElf>::Request request;
  request.newest = true;
  request.skip_undefined = true;
  const Definition found = FindInScope(image_->local_scope(), name, request);
  void* address = nullptr;
  if (found.owner != nullptr) address = AddressOf(found, image_->tls());
  const bool thread_local_address =
      found.owner != nullptr && found.symbol().type() == elf::kSttTls;
  if (!thread_local_address) image_->lookups().Add(name, address);
  return address;
}

absl::Status Library::NotFound(const SymbolName& symbol) const {
  return absl::NotFoundError(
      absl::StrCat(name(), ": no symbol ", View(symbol.text()),
                   " in the library or in what it needs"));
}

const std::string& Library::name() const {
  return image_->image().module(root_id()).name();
}
const std::string& Library::soname() const {
  return image_->image().module(root_id()).soname;
}
uint64_t Library::base() const {
  return image_->image().placed(root_id()).bias();
}
RuntimeAddr Library::entry() const {
  return image_->image().placed(root_id()).At(
      image_->image().module(root_id()).entry);
}

std::vector<LibrarySymbol> Library::symbols() const {
  const ScopeMember& root = RootMember(*image_);
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
  const PlacedModule& where = image_->image().placed(root_id());
  std::vector<LibrarySegment> segments;
  if (!where.in_arenas()) {
    for (const Segment& segment : image_->image().module(root_id()).segments) {
      segments.push_back(
          {where.Bulk(segment.memory), FinalProtection(segment)});
    }
  }
  std::vector<LibrarySegment> moved =
      MovedParts(where, image_->image().layout());
  segments.insert(segments.end(), moved.begin(), moved.end());
  return segments;
}

std::vector<std::string> Library::loaded() const {
  std::vector<std::string> names;
  for (const Module& module : image_->image().graph().modules) {
    names.push_back(module.name());
  }
  return names;
}

}  // namespace relink
