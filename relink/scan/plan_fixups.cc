// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/plan_fixups.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/arch/relocation_rule.h"
#include "relink/arch/retained_relocation.h"
#include "relink/arch/target.h"
#include "relink/ir/section.h"
#include "relink/scan/retained_tables.h"
#include "relink/support/byte_order.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

template <class E>
class Planner {
 public:
  Planner(const Module& module, const FileParts<E>& parts,
          std::span<const PlannedSection> plan, const SectionIndex& sections,
          SymbolId first_dynamic)
      : target_(*module.target),
        parts_(parts),
        plan_(plan),
        sections_(sections),
        first_dynamic_(first_dynamic),
        fixups_(sections.count()) {}

  absl::StatusOr<PlannedFixups> Plan() {
    const elf::RelocationTables<E>& tables = parts_.relocations;
    RETURN_IF_ERROR(AddRelr());
    RETURN_IF_ERROR(AddTable(tables.rela, "DT_RELA"));
    RETURN_IF_ERROR(AddTable(tables.rel, "DT_REL"));
    RETURN_IF_ERROR(AddTable(tables.jmprel_rela, "DT_JMPREL"));
    RETURN_IF_ERROR(AddTable(tables.jmprel_rel, "DT_JMPREL"));
    for (std::vector<Fixup>& fixups : fixups_) {
      RETURN_IF_ERROR(Sort(fixups));
    }
    for (const RetainedTable<E>& table :
         FindRetainedTables<E>(parts_, sections_)) {
      const Section& section = plan_[table.section].section;
      // Unwind records say themselves what they point to; those of lld, which
      // leaves out some, are not where its relocations are.
      if (section.memory_class != MemoryClass::kCode &&
          section.name != ".eh_frame") {
        AddRetained(table);
      }
    }
    return std::move(fixups_);
  }

 private:
  // A relocation as all tables have it.
  struct Entry {
    LinkAddr place;
    uint32_t symbol = 0;
    const RelocationRule* rule = nullptr;
    uint64_t addend = 0;
  };

  absl::Status AddRelr() {
    const RelocationRule& rule = target_.RelativeRule();
    absl::Status status;
    elf::ForEachRelr<E>(parts_.relocations.relr, [&](LinkAddr place) {
      const auto word =
          parts_.view.template Records<typename E::Addr>(place, 1);
      if (!word.ok()) {
        status = ToStatus(word.error(), "DT_RELR");
        return false;
      }
      status =
          Annotate(Add({place, 0, &rule, uint64_t{(*word)[0]}}), "DT_RELR");
      return status.ok();
    });
    return status;
  }

  template <class Record>
  absl::Status AddTable(std::span<const Record> table, absl::string_view name) {
    for (size_t i = 0; i < table.size(); ++i) {
      const Record& record = table[i];
      Entry entry{LinkAddr(uint64_t{record.r_offset}), record.sym(),
                  &target_.Rule(record.type()), 0};
      if (entry.rule->formula == Formula::kNone) continue;
      absl::Status status;
      if constexpr (requires { record.r_addend; }) {
        entry.addend = static_cast<uint64_t>(int64_t{record.r_addend});
      } else {
        status = ReadAddend(entry);
      }
      if (status.ok()) status = Add(entry);
      if (!status.ok()) {
        return Annotate(status, absl::StrCat(name, "[", i, "]"));
      }
    }
    return absl::OkStatus();
  }

  // The addend of a table without addends is what the place holds.
  absl::Status ReadAddend(Entry& entry) const {
    const auto size = static_cast<uint64_t>(entry.rule->field);
    const auto bytes = parts_.view.Slice(entry.place, size);
    if (!bytes.ok()) return ToStatus(bytes.error(), entry.rule->name);
    for (uint64_t i = 0; i < size; ++i) {
      const uint64_t at = E::kOrder == std::endian::little ? i : size - 1 - i;
      entry.addend |= static_cast<uint64_t>(bytes->bytes()[i]) << (8 * at);
    }
    return absl::OkStatus();
  }

  absl::Status Add(const Entry& entry) {
    const RelocationRule& rule = *entry.rule;
    if (rule.formula == Formula::kUnknown) {
      return absl::UnimplementedError(
          "relocation type is not known for this machine");
    }
    const uint32_t number = sections_.Find(entry.place);
    if (number == SectionIndex::kNone) {
      return absl::InvalidArgumentError(absl::StrCat(
          "place 0x", absl::Hex(entry.place.value()), " is in no section"));
    }
    const auto width = static_cast<uint64_t>(rule.field);
    if (!sections_.home(number).Contains(LinkRange{
            entry.place,
            rule.formula == Formula::kTlsDescriptor ? 2 * width : width})) {
      return absl::InvalidArgumentError(
          absl::StrCat("place 0x", absl::Hex(entry.place.value()),
                       " runs past the end of its section"));
    }
    Fixup fixup;
    fixup.offset =
        static_cast<uint32_t>(entry.place - sections_.home(number).begin) &
        ((1u << 30) - 1);
    fixup.origin = FixupOrigin::kDynamic;
    fixup.rule = entry.rule;
    fixup.addend = static_cast<int64_t>(entry.addend);
    RETURN_IF_ERROR(SetTarget(entry, fixup));
    fixups_[number].push_back(fixup);
    return absl::OkStatus();
  }

  absl::Status SetTarget(const Entry& entry, Fixup& fixup) const {
    const Formula formula = entry.rule->formula;
    uint32_t number = SectionIndex::kNone;
    if (formula == Formula::kRelative || formula == Formula::kIndirect) {
      number = sections_.FindNearest(LinkAddr(entry.addend));
      fixup.addend = LinkAddr(entry.addend) - sections_.home(number).begin;
    } else if (entry.symbol == 0) {
      number = sections_.first_tls();
    } else if (entry.symbol < parts_.dynamic_symbol_count) {
      fixup.target = SymbolId(first_dynamic_.index() + entry.symbol - 1);
      return absl::OkStatus();
    }
    if (number == SectionIndex::kNone) {
      return absl::InvalidArgumentError(absl::StrCat(
          entry.rule->name, ": there is no symbol ", entry.symbol));
    }
    fixup.target = sections_.symbol(number);
    return absl::OkStatus();
  }

  static bool Before(const Fixup& a, const Fixup& b) {
    return a.offset < b.offset;
  }
  static uint64_t EndOf(const Fixup& fixup) {
    return fixup.offset + static_cast<uint64_t>(fixup.rule->field);
  }

  void AddRetained(const RetainedTable<E>& table) {
    std::vector<Fixup>& fixups = fixups_[table.section];
    std::vector<Fixup> retained;
    for (const elf::Rela<E>& entry : table.entries) {
      const RetainedRelocation* type = target_.FindRetained(entry.type());
      if (type == nullptr || !type->pc_relative) continue;
      const std::optional<Fixup> fixup =
          Retained(table.section, LinkAddr(uint64_t{entry.r_offset}), *type);
      if (fixup && !Overlaps(fixups, *fixup)) retained.push_back(*fixup);
    }
    std::stable_sort(retained.begin(), retained.end(), Before);
    uint64_t end = 0;
    std::erase_if(retained, [&](const Fixup& fixup) {
      if (fixup.offset < end) return true;
      end = EndOf(fixup);
      return false;
    });
    const auto middle = static_cast<std::ptrdiff_t>(fixups.size());
    fixups.insert(fixups.end(), retained.begin(), retained.end());
    std::inplace_merge(fixups.begin(), fixups.begin() + middle, fixups.end(),
                       Before);
  }

  // Whether one of the fixups, which ascend and do not overlap, does.
  static bool Overlaps(std::span<const Fixup> fixups, const Fixup& fixup) {
    const auto after =
        std::lower_bound(fixups.begin(), fixups.end(), fixup, Before);
    return (after != fixups.end() && after->offset < EndOf(fixup)) ||
           (after != fixups.begin() && EndOf(*(after - 1)) > fixup.offset);
  }

  // What is stored, whatever it was computed from, is the distance from the
  // place to an address.
  std::optional<Fixup> Retained(uint32_t number, LinkAddr place,
                                const RetainedRelocation& type) const {
    const LinkRange home = sections_.home(number);
    const auto bytes = plan_[number].section.contents.bytes();
    const auto offset = static_cast<uint64_t>(place - home.begin);
    const RelocationRule* rule = target_.FindRule(
        Formula::kPcRelative, type.size == 8 ? Field::k64 : Field::k32);
    if (!LinkRange{home.begin, bytes.size()}.Contains(
            LinkRange{place, type.size}) ||
        (type.size != 4 && type.size != 8) || rule == nullptr) {
      return std::nullopt;
    }
    const std::byte* at = bytes.data() + offset;
    const int64_t distance =
        type.size == 4
            ? int64_t{*reinterpret_cast<const typename E::Sword*>(at)}
            : int64_t{*reinterpret_cast<const Packed<int64_t, E::kOrder>*>(at)};
    const LinkAddr address = place + static_cast<uint64_t>(distance);
    const uint32_t target = sections_.FindNearest(address);
    Fixup fixup;
    fixup.offset = static_cast<uint32_t>(offset) & ((1u << 30) - 1);
    fixup.origin = FixupOrigin::kRetained;
    fixup.target = sections_.symbol(target);
    fixup.rule = rule;
    fixup.addend = address - sections_.home(target).begin;
    return fixup;
  }

  absl::Status Sort(std::vector<Fixup>& fixups) const {
    if (!std::is_sorted(fixups.begin(), fixups.end(), Before)) {
      std::stable_sort(fixups.begin(), fixups.end(), Before);
    }
    uint64_t end = 0;
    for (const Fixup& fixup : fixups) {
      if (fixup.offset < end) {
        return absl::InvalidArgumentError(
            absl::StrCat("two relocations of one place: ", fixup.rule->name));
      }
      end = EndOf(fixup);
    }
    return absl::OkStatus();
  }

  const Target& target_;
  const FileParts<E>& parts_;
  std::span<const PlannedSection> plan_;
  const SectionIndex& sections_;
  SymbolId first_dynamic_;
  PlannedFixups fixups_;
};

}  // namespace

template <class E>
absl::StatusOr<PlannedFixups> PlanFixups(const Module& module,
                                         const FileParts<E>& parts,
                                         std::span<const PlannedSection> plan,
                                         const SectionIndex& sections,
                                         SymbolId first_dynamic) {
  return Planner<E>(module, parts, plan, sections, first_dynamic).Plan();
}

template absl::StatusOr<PlannedFixups> PlanFixups(
    const Module&, const FileParts<elf::Elf64Le>&,
    std::span<const PlannedSection>, const SectionIndex&, SymbolId);

}  // namespace relink
