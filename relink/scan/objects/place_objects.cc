// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/objects/place_objects.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "relink/elf/constants.h"
#include "relink/scan/objects/merge_strings.h"
#include "relink/support/address.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

bool IsIdentifier(absl::string_view name) {
  return !name.empty() && !absl::ascii_isdigit(name[0]) &&
         std::ranges::all_of(
             name, [](char c) { return absl::ascii_isalnum(c) || c == '_'; });
}

// An array of functions to call before or after everything else.
struct FunctionArray {
  // Ascending: those with a number before those without.
  uint32_t priority = 0;
  uint32_t object = 0;
  uint32_t section = 0;
  bool reversed = false;
};

constexpr uint32_t kNoPriority = 65536;

// "" or ".00101".
uint32_t PriorityOf(absl::string_view suffix) {
  uint32_t number = 0;
  return absl::ConsumePrefix(&suffix, ".") && absl::SimpleAtoi(suffix, &number)
             ? std::min(number, kNoPriority)
             : kNoPriority;
}

class Placer {
 public:
  explicit Placer(LinkedObjects& linked) : linked_(linked) {}

  absl::Status Place() {
    const auto& objects = linked_.symbols->objects();
    linked_.places.resize(objects.size());
    for (uint32_t i = 0; i < objects.size(); ++i) {
      linked_.places[i].resize(objects[i].sections.size());
    }
    MergeStrings(linked_);
    for (uint32_t i = 0; i < objects.size(); ++i) {
      const std::vector<bool> named = NamedSections(objects[i]);
      for (uint32_t j = 1; j < objects[i].sections.size(); ++j) {
        absl::Status status = PlaceOne(i, j, named[j]);
        if (!status.ok()) {
          return Annotate(status, absl::StrCat(objects[i].name, ": ",
                                               objects[i].sections[j].name));
        }
      }
    }
    PlaceArrays(".init_array", init_, linked_.init_array_id);
    PlaceArrays(".fini_array", fini_, linked_.fini_array_id);
    for (auto& [id, bytes] : joined_) {
      linked_.section(SectionId(id)).contents =
          SectionContents(std::move(bytes));
    }
    DefineSymbols();
    return absl::OkStatus();
  }

 private:
  const ObjectFile& object(uint32_t i) const {
    return linked_.symbols->objects()[i];
  }

  // Sections that a symbol with a name is in.
  static std::vector<bool> NamedSections(const ObjectFile& object) {
    std::vector<bool> named(object.sections.size());
    for (uint32_t i = 1; i < object.symbols.size(); ++i) {
      if (object.symbols[i].type() != elf::kSttSection) {
        named[object.symbol_sections[i]] = true;
      }
    }
    return named;
  }

  absl::Status PlaceOne(uint32_t i, uint32_t j, bool named) {
    const ObjectSection& section = object(i).sections[j];
    if ((section.flags & elf::kShfAlloc) == 0 ||
        (section.flags & elf::kShfExclude) != 0 ||
        section.type == elf::kShtNote ||
        linked_.places[i][j].section_id.has_value() ||
        linked_.symbols->IsDiscarded(i, j) || (section.size == 0 && !named)) {
      return absl::OkStatus();
    }
    if ((section.flags & elf::kShfTls) != 0) {
      return JoinThreadLocal(i, j);
    }
    const absl::string_view name = section.name;
    if (name == ".eh_frame") {
      linked_.frames.emplace_back(i, j);
      return absl::OkStatus();
    }
    if (name == ".init" || name == ".fini") {
      return absl::UnimplementedError("is a part of a function for ld.so");
    }
    if (AddArray(i, j)) {
      return section.size % sizeof(uint64_t) == 0
                 ? absl::OkStatus()
                 : absl::InvalidArgumentError("array of odd size");
    }
    const bool code = (section.flags & elf::kShfExecinstr) != 0;
    const bool writable = (section.flags & elf::kShfWrite) != 0;
    if (code && writable) {
      return absl::InvalidArgumentError("is writable and executable");
    }
    const MemoryClass memory_class = code        ? MemoryClass::kCode
                                     : !writable ? MemoryClass::kReadOnly
                                     : absl::StartsWith(name, ".data.rel.ro")
                                         ? MemoryClass::kRelro
                                         : MemoryClass::kData;
    if (!code && IsIdentifier(name) && section.type != elf::kShtNobits) {
      Join(JoinedSection(name, memory_class), i, j);
      return absl::OkStatus();
    }
    const SectionId id = linked_.AddSection(
        name, code ? SectionKind::kFunction : SectionKind::kOutput,
        memory_class);
    Section& made = linked_.section(id);
    // A place for the symbols of an empty one.
    made.size = std::max<uint64_t>(section.size, 1);
    made.alignment = section.alignment;
    made.contents = SectionContents(section.contents.bytes());
    linked_.large[id.index()] = (section.flags & elf::kShfX86_64Large) != 0;
    linked_.places[i][j] = {id};
    return absl::OkStatus();
  }

  // .init_array, .init_array.N, .ctors.N and so on, to be put in a row later.
  // The numbers of .ctors count the other way, and its functions are called
  // from the last to the first.
  bool AddArray(uint32_t i, uint32_t j) {
    absl::string_view name = object(i).sections[j].name;
    for (const auto& [prefix, arrays, reversed] :
         {std::tuple(".preinit_array", &init_, false),
          std::tuple(".init_array", &init_, false),
          std::tuple(".fini_array", &fini_, false),
          std::tuple(".ctors", &init_, true),
          std::tuple(".dtors", &fini_, true)}) {
      absl::string_view suffix = name;
      if (!absl::ConsumePrefix(&suffix, prefix)) continue;
      if (!suffix.empty() && suffix[0] != '.') continue;
      uint32_t priority = PriorityOf(suffix);
      if (reversed && priority < kNoPriority) {
        priority = kNoPriority - 1 - priority;
      }
      if (absl::StartsWith(name, ".preinit")) priority = 0;
      arrays->push_back({priority, i, j, reversed});
      return true;
    }
    return false;
  }

  void PlaceArrays(absl::string_view name, std::vector<FunctionArray>& arrays,
                   SectionId& id) {
    std::ranges::stable_sort(arrays, {}, &FunctionArray::priority);
    for (const FunctionArray& array : arrays) {
      if (!id.has_value()) id = NewJoined(name, MemoryClass::kRelro);
      Join(id, array.object, array.section);
      linked_.places[array.object][array.section].reversed = array.reversed;
    }
  }

  absl::Status JoinThreadLocal(uint32_t i, uint32_t j) {
    const bool zeros = object(i).sections[j].type == elf::kShtNobits;
    SectionId& id = zeros ? linked_.tls_zeros_id : linked_.tls_image_id;
    if (!id.has_value()) {
      id = NewJoined(zeros ? ".tbss" : ".tdata", MemoryClass::kTls);
    }
    Join(id, i, j);
    return absl::OkStatus();
  }

  SectionId NewJoined(absl::string_view name, MemoryClass memory_class) {
    const SectionId id =
        linked_.AddSection(name, SectionKind::kOutput, memory_class);
    joined_.try_emplace(id.index());
    return id;
  }

  SectionId JoinedSection(absl::string_view name, MemoryClass memory_class) {
    const auto [known, is_new] =
        by_name_.try_emplace(std::pair(name, memory_class), SectionId());
    if (is_new) known->second = NewJoined(name, memory_class);
    return known->second;
  }

  // Appends a section of an object.
  void Join(SectionId id, uint32_t i, uint32_t j) {
    const ObjectSection& from = object(i).sections[j];
    Section& to = linked_.section(id);
    const uint64_t offset = AlignUp(to.size, from.alignment);
    to.size = offset + from.size;
    to.alignment = std::max(to.alignment, from.alignment);
    linked_.places[i][j] = {id, offset};
    if (from.type == elf::kShtNobits) return;
    std::vector<std::byte>& bytes = joined_[id.index()];
    bytes.resize(offset);
    const auto added = from.contents.bytes();
    bytes.insert(bytes.end(), added.begin(), added.end());
  }

  // A section for what each common symbol stands for.
  InSection PlaceCommon(const GroupSymbol& symbol) {
    const bool tls = symbol.type == elf::kSttTls;
    SectionId id;
    uint64_t offset = 0;
    if (tls) {
      if (!linked_.tls_zeros_id.has_value()) {
        linked_.tls_zeros_id = NewJoined(".tbss", MemoryClass::kTls);
      }
      id = linked_.tls_zeros_id;
      offset = AlignUp(linked_.section(id).size, symbol.alignment);
    } else {
      id = linked_.AddSection("COMMON", SectionKind::kOutput,
                              MemoryClass::kData);
    }
    Section& section = linked_.section(id);
    section.size = offset + std::max<uint64_t>(symbol.size, 1);
    section.alignment = std::max(section.alignment, symbol.alignment);
    return {id, offset};
  }

  void DefineSymbols() {
    const std::vector<GroupSymbol>& symbols = linked_.symbols->symbols();
    linked_.symbol_ids.resize(symbols.size());
    for (size_t i = 0; i < symbols.size(); ++i) {
      const GroupSymbol& from = symbols[i];
      Symbol symbol;
      if (from.defined()) {
        const auto& entry = object(from.object).symbols[from.index];
        const InputPlace& place =
            linked_.places[from.object]
                          [object(from.object).symbol_sections[from.index]];
        if (entry.st_shndx == elf::kShnAbs) {
          symbol.definition = External{RuntimeAddr(uint64_t{entry.st_value})};
        } else if (from.state == GroupSymbol::State::kCommon) {
          symbol.definition = PlaceCommon(from);
        } else if (place.section_id.has_value()) {
          symbol.definition = InSection{
              place.section_id, linked_.OffsetOf(place, entry.st_value)};
        } else {
          continue;  // In what is not loaded.
        }
        symbol.bind = entry.bind();
      } else if (!DefineBounds(from.name, symbol)) {
        continue;
      }
      symbol.name = from.name;
      symbol.module_id = linked_.module_id;
      symbol.size = from.size;
      symbol.type = from.type == elf::kSttCommon ? elf::kSttObject : from.type;
      symbol.visibility = from.visibility;
      symbol.exported =
          from.defined() && (from.visibility == elf::kStvDefault ||
                             from.visibility == elf::kStvProtected);
      linked_.symbol_ids[i] = linked_.graph->symbols.Add(symbol);
    }
  }

  // What linkers define: where sections begin and end that were put in a row.
  bool DefineBounds(absl::string_view name, Symbol& symbol) {
    const bool start = absl::ConsumePrefix(&name, "__start_");
    if (!start && !absl::ConsumePrefix(&name, "__stop_")) return false;
    for (const MemoryClass memory_class :
         {MemoryClass::kReadOnly, MemoryClass::kRelro, MemoryClass::kData}) {
      const auto found = by_name_.find(std::pair(name, memory_class));
      if (found == by_name_.end()) continue;
      symbol.definition = InSection{
          found->second, start ? 0 : linked_.section(found->second).size};
      return true;
    }
    return false;
  }

  LinkedObjects& linked_;
  std::vector<FunctionArray> init_;
  std::vector<FunctionArray> fini_;
  absl::flat_hash_map<uint32_t, std::vector<std::byte>> joined_;  // By id.
  absl::flat_hash_map<std::pair<absl::string_view, MemoryClass>, SectionId>
      by_name_;
};

}  // namespace

absl::Status PlaceObjects(LinkedObjects& linked) {
  return Placer(linked).Place();
}

}  // namespace relink
