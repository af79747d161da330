// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/verify/image_comparison.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "relink/arch/target.h"
#include "relink/elf/relocations.h"
#include "relink/map/mapping_backend.h"
#include "relink/runtime/symbol_overrides.h"
#include "relink/support/address.h"
#include "relink/support/address_map.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"
#include "tools/relink/verify/memory_map.h"
#include "tools/relink/verify/moved_sections.h"
#include "tools/relink/verify/tls_descriptor_call.h"

namespace relink::tools {
namespace {

constexpr size_t kMaxDisagreements = 10;

class Comparer {
 public:
  Comparer(const BoundImage& ours, const HostCopy& host, TlsProvider& tls)
      : ours_(ours),
        image_(ours.image),
        id_(ours.image.graph().root_id),
        module_(image_.module(id_)),
        where_(image_.placed(id_)),
        addresses_(where_.addresses()),
        bound_(ours.modules[id_.index()]),
        host_(host),
        tls_(tls),
        page_size_(image_.layout().page_size) {}

  absl::StatusOr<Comparison> Run() {
    RETURN_IF_ERROR(FindTlsBlocks());
    FindComparable();
    const elf::RelocationTables<NativeElf>& tables = bound_.relocations;
    elf::ForEachRelr<NativeElf>(tables.relr, [&](LinkAddr at) {
      CompareSite(module_.target->RelativeRule(), 0, at, "DT_RELR");
      return true;
    });
    CompareTable(tables.rela, "DT_RELA");
    CompareTable(tables.jmprel_rela, "DT_JMPREL");
    CompareMoved(ours_);
    CompareBytes();
    RETURN_IF_ERROR(CompareProtections());
    return std::move(result_);
  }

 private:
  const std::byte* Ours(LinkAddr at) const {
    return where_.Bytes({at, 0}).data();
  }
  const std::byte* Host(LinkAddr at) const {
    return reinterpret_cast<const std::byte*>(at.value() + host_.bias);
  }

  template <typename Record>
  void CompareTable(std::span<const Record> table, absl::string_view name) {
    for (size_t i = 0; i < table.size(); ++i) {
      const RelocationRule& rule = module_.target->Rule(table[i].type());
      if (rule.formula == Formula::kNone) continue;
      CompareSite(rule, table[i].sym(), LinkAddr(uint64_t{table[i].r_offset}),
                  absl::StrCat(name, "[", i, "]"));
    }
  }

  // The memory that relocating one site wrote.
  uint64_t SiteSize(const RelocationRule& rule, uint32_t symbol) const {
    if (rule.formula == Formula::kTlsDescriptor) return 16;
    if (rule.formula == Formula::kCopy) {
      return bound_.member.definitions.symbols[symbol].st_size;
    }
    return static_cast<uint64_t>(rule.field);
  }

  void CompareSite(const RelocationRule& rule, uint32_t symbol, LinkAddr at,
                   absl::string_view entry) {
    const uint64_t size = SiteSize(rule, symbol);
    sites_.push_back({at, size});
    if (!IsComparable(at)) {
      ++result_.unchecked;
      return;
    }
    uint64_t ours = 0;
    uint64_t host = 0;
    std::memcpy(&ours, Ours(at), std::min<uint64_t>(size, sizeof(ours)));
    std::memcpy(&host, Host(at), std::min<uint64_t>(size, sizeof(host)));
    if (Agree(rule, symbol, at, size, ours, host)) {
      ++result_.sites;
      return;
    }
    Disagree(absl::StrCat(entry, ": ", rule.name, SymbolText(symbol), " at 0x",
                          absl::Hex(at.value()), ": relink ",
                          Describe(ours, where_.bias()), ", ld.so ",
                          Describe(host, host_.bias)));
  }

  bool Agree(const RelocationRule& rule, uint32_t symbol, LinkAddr at,
             uint64_t size, uint64_t ours, uint64_t host) const {
    const uint64_t our_tls = bound_.member.tls_module;
    switch (rule.formula) {
      case Formula::kTlsModule:
        return ours == host ||
               (our_tls != 0 && ours == our_tls && host == host_.tls_module);
      case Formula::kThreadOffset:
        return ours == host || ours - our_block_ == host - host_block_;
      case Formula::kTlsDescriptor: {
        const uint64_t our_offset = CallTlsDescriptor(Ours(at));
        const uint64_t host_offset = CallTlsDescriptor(Host(at));
        return our_offset == host_offset ||
               our_offset - our_block_ == host_offset - host_block_;
      }
      case Formula::kCopy:
        return std::memcmp(Ours(at), Host(at), size) == 0;
      case Formula::kTlsOffset:
      case Formula::kGotOffset:
      case Formula::kSize:
        return ours == host;
      case Formula::kPcRelative:
        return SameTarget(ours + addresses_.At(at).value(),
                          host + at.value() + host_.bias, size, symbol);
      case Formula::kUnknown:
      case Formula::kNone:
      case Formula::kRelative:
      case Formula::kAddress:
      case Formula::kSymbol:
      case Formula::kIndirect:
        return SameTarget(ours, host, size, symbol);
    }
    return false;
  }

  // Both inside their own copy, at the same place; or both the same place
  // outside. A field narrower than an address is compared modulo its size.
  bool SameTarget(uint64_t ours, uint64_t host, uint64_t size,
                  uint32_t symbol) const {
    const uint64_t mask =
        size >= 8 ? ~uint64_t{0} : (uint64_t{1} << 8 * size) - 1;
    const uint64_t expected =
        addresses_.At(LinkAddr(host - host_.bias)).value();
    if ((ours & mask) == (expected & mask)) return true;
    if ((ours & mask) != (host & mask)) {
      return IsOverride(ours, symbol);
    }
    // Two copies must not share what each should have for itself, unless it is
    // one for the whole process.
    const bool in_host_copy =
        bound_.member.span.Contains(LinkAddr(host - host_.bias));
    return !in_host_copy || host_.in_use ||
           bound_.member.definitions.symbols[symbol].bind() ==
               elf::kStbGnuUnique;
  }

  // Whether the symbol is one that Relink has a function of its own for.
  bool IsOverride(uint64_t ours, uint32_t symbol) const {
    const auto overrides = SymbolOverrides(tls_);
    const auto& symbols = bound_.member.definitions.symbols;
    return std::ranges::any_of(overrides, [&](const SymbolOverride& override) {
      return override.address == ours &&
             override.name.text() == symbols.Name(symbols[symbol]);
    });
  }

  void CompareMoved(const BoundImage& ours) {
    MovedSections moved = CompareMovedSections(ours, host_.bias);
    result_.moved_functions = moved.functions;
    result_.moved_exports = moved.exports;
    result_.references = moved.references;
    sites_.insert(sites_.end(), moved.redirected.begin(),
                  moved.redirected.end());
    for (std::string& what : moved.disagreements) Disagree(std::move(what));
  }

  // The bytes that no relocation wrote.
  void CompareBytes() {
    sites_.push_back(module_.dynamic_table);
    if (host_.in_use) sites_.push_back(LazyBindingWords());
    if (host_.is_linker) sites_.push_back(module_.relro);
    std::ranges::sort(sites_, {}, &LinkRange::begin);
    auto site = sites_.begin();
    for (const LinkRange& range : comparable_) {
      LinkAddr at = range.begin;
      while (at < range.end()) {
        while (site != sites_.end() && site->end() <= at) ++site;
        LinkAddr end = range.end();
        if (site != sites_.end() && site->begin < end) end = site->begin;
        if (at < end) CompareRun({at, static_cast<uint64_t>(end - at)});
        if (end == range.end()) break;
        at = std::max(at, site->end());
      }
    }
  }

  void CompareRun(LinkRange run) {
    if (std::memcmp(Ours(run.begin), Host(run.begin), run.size) == 0) {
      result_.bytes += run.size;
      return;
    }
    const std::byte* ours = Ours(run.begin);
    const std::byte* host = Host(run.begin);
    const auto [mine, theirs] = std::mismatch(ours, ours + run.size, host);
    const auto at = static_cast<uint64_t>(mine - ours);
    Disagree(absl::StrCat("byte at 0x", absl::Hex((run.begin + at).value()),
                          ": relink 0x", absl::Hex(static_cast<int>(*mine)),
                          ", ld.so 0x", absl::Hex(static_cast<int>(*theirs))));
  }

  absl::Status CompareProtections() {
    ASSIGN_OR_RETURN(const MemoryMap map, MemoryMap::Read());
    CheckArenaProtections(map);
    if (where_.in_arenas()) return absl::OkStatus();
    for (const Segment& segment : module_.segments) {
      const LinkRange pages = PagesOf(segment.memory, page_size_);
      for (LinkAddr page = pages.begin; page < pages.end();
           page = page + page_size_) {
        const absl::string_view ours =
            map.Protection(where_.Bulk({page, 0}).begin);
        const absl::string_view host =
            map.Protection(RuntimeAddr(page.value() + host_.bias));
        if (ours == host) continue;
        Disagree(absl::StrCat("page at 0x", absl::Hex(page.value()),
                              ": relink ", ours, ", ld.so ", host));
      }
    }
    return absl::OkStatus();
  }

  // What is in arenas has the protections of its class: never those of two.
  void CheckArenaProtections(const MemoryMap& map) {
    for (uint32_t i = 0; i < image_.graph().arenas.size(); ++i) {
      const RuntimeRange range = image_.ArenaRange(ArenaId(i));
      const absl::string_view expected =
          Name(image_.layout().arenas[ArenaId(i)].protection);
      for (RuntimeAddr page = range.begin; page < range.end();
           page = page + page_size_) {
        const absl::string_view actual = map.Protection(page);
        if (absl::StartsWith(actual, expected)) continue;
        Disagree(absl::StrCat("arena ", image_.graph().arenas[ArenaId(i)].name,
                              ": is ", actual, ", not ", expected));
        break;
      }
    }
  }

  // Where this thread's TLS blocks of both copies lie, from the thread pointer.
  absl::Status FindTlsBlocks() {
    if (bound_.member.tls_module == 0) return absl::OkStatus();
    using GetAddr = uint64_t (*)(TlsIndex*);
    const auto get_addr = reinterpret_cast<GetAddr>(tls_.functions().get_addr);
    TlsIndex ours{bound_.member.tls_module, 0};
    TlsIndex host{host_.tls_module, 0};
    our_block_ = get_addr(&ours);
    host_block_ = get_addr(&host);
    return absl::OkStatus();
  }

  // What nothing but relocation changes: of a module in use, what is read-only,
  // at first or after relocation; of another, all.
  void FindComparable() {
    const LinkAddr relro_end(
        AlignDown(module_.relro.end().value(), page_size_));
    if (where_.in_arenas()) {
      AddComparableSections();
      return;
    }
    for (const Segment& segment : module_.segments) {
      LinkRange range = segment.memory;
      if (host_.in_use && segment.writable) {
        const LinkAddr begin = std::max(range.begin, module_.relro.begin);
        const LinkAddr end = std::min(range.end(), relro_end);
        if (begin >= end) continue;
        range = {begin, static_cast<uint64_t>(end - begin)};
      }
      comparable_.push_back(range);
    }
  }

  // Of a module in arenas: its data. Code is compared as moved sections.
  void AddComparableSections() {
    for (size_t i = 0; i < where_.pieces.size(); ++i) {
      const Section& section =
          image_.graph().sections[where_.piece_sections[i]];
      const bool is_data = section.memory_class == MemoryClass::kRelro ||
                           section.memory_class == MemoryClass::kTls ||
                           section.memory_class == MemoryClass::kData;
      if (!is_data ||
          (host_.in_use && section.memory_class == MemoryClass::kData)) {
        continue;
      }
      comparable_.push_back(section.home);
    }
  }

  bool IsComparable(LinkAddr at) const {
    return std::ranges::any_of(comparable_, [&](const LinkRange& range) {
      return range.Contains(at);
    });
  }

  // The two entries of the global offset table that are ld.so's own (psABI),
  // for binding lazily, as it does for what a program starts with.
  LinkRange LazyBindingWords() const {
    const LinkAddr table = module_.dynamic.pltgot;
    if (table == LinkAddr()) return {};
    return {table + sizeof(uint64_t), 2 * sizeof(uint64_t)};
  }

  std::string SymbolText(uint32_t symbol) const {
    if (symbol == 0) return "";
    const auto& symbols = bound_.member.definitions.symbols;
    return absl::StrCat(" against ", View(symbols.Name(symbols[symbol])));
  }

  // A value as base + offset if it points into its copy.
  std::string Describe(uint64_t value, uint64_t bias) const {
    if (bound_.member.span.Contains(LinkAddr(value - bias))) {
      return absl::StrCat("base+0x", absl::Hex(value - bias));
    }
    return absl::StrCat("0x", absl::Hex(value));
  }

  void Disagree(std::string what) {
    ++result_.disagreement_count;
    if (result_.disagreements.size() < kMaxDisagreements) {
      result_.disagreements.push_back(std::move(what));
    }
  }

  const BoundImage& ours_;
  const LinkedImage& image_;
  const ModuleId id_;
  const Module& module_;
  const PlacedModule& where_;
  const AddressMap addresses_;
  const BoundModule& bound_;
  const HostCopy host_;
  TlsProvider& tls_;
  const uint64_t page_size_;
  std::vector<LinkRange> sites_;
  std::vector<LinkRange> comparable_;  // Ascending.
  uint64_t our_block_ = 0;
  uint64_t host_block_ = 0;
  Comparison result_;
};

}  // namespace

absl::StatusOr<Comparison> CompareImages(const BoundImage& ours,
                                         const HostCopy& host,
                                         TlsProvider& tls) {
  return Comparer(ours, host, tls).Run();
}

}  // namespace relink::tools
