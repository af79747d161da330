// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/plan_fixups.h"

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/arch/relocation_rule.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

template <class E>
class Planner {
 public:
  Planner(const Module& module, const FileParts<E>& parts,
          const SectionIndex& sections, SymbolId first_dynamic)
      : target_(*module.target),
        parts_(parts),
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

  absl::Status Sort(std::vector<Fixup>& fixups) const {
    const auto before = [](const Fixup& a, const Fixup& b) {
      return a.offset < b.offset;
    };
    if (!std::is_sorted(fixups.begin(), fixups.end(), before)) {
      std::stable_sort(fixups.begin(), fixups.end(), before);
    }
    uint64_t end = 0;
    for (const Fixup& fixup : fixups) {
      if (fixup.offset < end) {
        return absl::InvalidArgumentError(
            absl::StrCat("two relocations of one place: ", fixup.rule->name));
      }
      end = fixup.offset + static_cast<uint64_t>(fixup.rule->field);
    }
    return absl::OkStatus();
  }

  const Target& target_;
  const FileParts<E>& parts_;
  const SectionIndex& sections_;
  SymbolId first_dynamic_;
  PlannedFixups fixups_;
};

}  // namespace

template <class E>
absl::StatusOr<PlannedFixups> PlanFixups(const Module& module,
                                         const FileParts<E>& parts,
                                         const SectionIndex& sections,
                                         SymbolId first_dynamic) {
  return Planner<E>(module, parts, sections, first_dynamic).Plan();
}

template absl::StatusOr<PlannedFixups> PlanFixups(
    const Module&, const FileParts<elf::Elf64Le>&, const SectionIndex&,
    SymbolId);

}  // namespace relink
