// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/plan_sections.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/elf/constants.h"
#include "relink/support/status.h"

namespace relink {
namespace {

using elf::Shdr;
using Plan = std::vector<PlannedSection>;

// Fixup::offset holds less.
constexpr uint64_t kMaxSection = uint64_t{1} << 30;

const Segment* SegmentOf(const Module& module, LinkRange range) {
  for (const Segment& segment : module.segments) {
    if (segment.memory.Contains(range)) return &segment;
  }
  return nullptr;
}

MemoryClass ClassOf(const Module& module, LinkRange home, bool writable,
                    bool executable) {
  if (executable) return MemoryClass::kCode;
  if (!writable) return MemoryClass::kReadOnly;
  return module.relro.Contains(home) ? MemoryClass::kRelro : MemoryClass::kData;
}

// Whether a section header tells the truth about where its section lies.
template <class E>
bool AgreesWithSegments(const Module& module, const Shdr<E>& header) {
  const LinkRange home{LinkAddr(uint64_t{header.sh_addr}),
                       uint64_t{header.sh_size}};
  const Segment* segment = SegmentOf(module, home);
  if (segment == nullptr) return false;
  if ((header.sh_flags & elf::kShfExecinstr) != 0 && !segment->executable) {
    return false;
  }
  if (header.sh_type == elf::kShtNobits) return true;
  const auto inside = static_cast<uint64_t>(home.begin - segment->memory.begin);
  return inside + home.size <= segment->file.size &&
         header.sh_offset == segment->file.begin.value() + inside;
}

template <class E>
Section FromHeader(const Module& module, const elf::SectionTable<E>& table,
                   const Shdr<E>& header) {
  Section section;
  section.name = View(table.Name(header));
  section.home = {LinkAddr(uint64_t{header.sh_addr}), uint64_t{header.sh_size}};
  section.size = section.home.size;
  section.contents = SectionContents(table.Contents(header).bytes());
  const uint64_t alignment = header.sh_addralign;
  if (std::has_single_bit(alignment)) section.alignment = alignment;
  section.memory_class =
      (header.sh_flags & elf::kShfTls) != 0
          ? MemoryClass::kTls
          : ClassOf(module, section.home,
                    (header.sh_flags & elf::kShfWrite) != 0,
                    (header.sh_flags & elf::kShfExecinstr) != 0);
  return section;
}

bool IsThreadZeros(const PlannedSection& planned) {
  return planned.section.memory_class == MemoryClass::kTls &&
         planned.section.contents.size() == 0;
}

// By address. The zeros of a thread's block take no address space: whatever has
// theirs comes behind them.
void Sort(Plan& plan) {
  std::stable_sort(plan.begin(), plan.end(), [](const auto& a, const auto& b) {
    return std::pair(a.section.home.begin, !IsThreadZeros(a)) <
           std::pair(b.section.home.begin, !IsThreadZeros(b));
  });
}

// None if the headers are of no use.
template <class E>
std::optional<Plan> FromHeaders(const Module& module,
                                const elf::SectionTable<E>& table) {
  Plan plan;
  for (uint32_t i = 0; i < table.sections().size(); ++i) {
    const Shdr<E>& header = table.sections()[i];
    if ((header.sh_flags & elf::kShfAlloc) == 0 || header.sh_size == 0 ||
        header.sh_type == elf::kShtNull) {
      continue;
    }
    const bool thread_zeros = (header.sh_flags & elf::kShfTls) != 0 &&
                              header.sh_type == elf::kShtNobits;
    if (!thread_zeros && !AgreesWithSegments<E>(module, header)) return {};
    plan.push_back({FromHeader<E>(module, table, header), i, {}});
  }
  Sort(plan);
  LinkAddr end(0);
  for (const PlannedSection& planned : plan) {
    if (IsThreadZeros(planned)) continue;
    if (planned.section.home.begin < end) return {};
    end = planned.section.home.end();
  }
  if (plan.empty()) return {};
  return plan;
}

// Cuts segments where what their memory is for changes.
template <class E>
class SegmentCutter {
 public:
  SegmentCutter(const Module& module, const FileParts<E>& parts)
      : module_(module), parts_(parts) {}

  Plan Cut() {
    for (const Segment& segment : module_.segments) CutSegment(segment);
    if (module_.tls && module_.tls->size > module_.tls->image.size) {
      Add({module_.tls->image.end(),
           module_.tls->size - module_.tls->image.size},
          MemoryClass::kTls, "thread-zeros");
    }
    Sort(plan_);
    return std::move(plan_);
  }

 private:
  void CutSegment(const Segment& segment) {
    std::set<LinkAddr> cuts = {segment.memory.begin, segment.memory.end()};
    const auto cut_at = [&](LinkRange range) {
      if (range.size == 0) return;
      for (const LinkAddr cut : {range.begin, range.end()}) {
        if (segment.memory.Contains(cut)) cuts.insert(cut);
      }
    };
    cut_at(module_.relro);
    if (module_.tls) cut_at(module_.tls->image);
    for (auto cut = cuts.begin(); std::next(cut) != cuts.end(); ++cut) {
      const LinkRange home{*cut, static_cast<uint64_t>(*std::next(cut) - *cut)};
      const bool tls = module_.tls && module_.tls->image.size != 0 &&
                       module_.tls->image.Contains(home);
      Add(home,
          tls ? MemoryClass::kTls
              : ClassOf(module_, home, segment.writable, segment.executable),
          "segment");
    }
  }

  void Add(LinkRange home, MemoryClass memory_class, absl::string_view name) {
    PlannedSection planned;
    planned.made_name = absl::StrCat(name, plan_.size());
    planned.section.home = home;
    planned.section.size = home.size;
    planned.section.memory_class = memory_class;
    const auto place =
        static_cast<unsigned>(std::countr_zero(home.begin.value()));
    planned.section.alignment = uint64_t{1} << std::min(place, 12u);
    if (name == "segment") {
      const auto bytes = parts_.view.From(home.begin);
      if (bytes.ok()) {
        planned.section.contents = SectionContents(
            bytes->bytes().first(std::min(bytes->size(), home.size)));
      }
    }
    plan_.push_back(std::move(planned));
  }

  const Module& module_;
  const FileParts<E>& parts_;
  Plan plan_;
};

}  // namespace

template <class E>
absl::StatusOr<Plan> PlanSections(const Module& module,
                                  const FileParts<E>& parts) {
  std::optional<Plan> plan;
  if (parts.sections) plan = FromHeaders<E>(module, *parts.sections);
  if (!plan) plan = SegmentCutter<E>(module, parts).Cut();
  for (const PlannedSection& planned : *plan) {
    if (planned.section.size >= kMaxSection) {
      return absl::UnimplementedError(absl::StrCat(
          "section at 0x", absl::Hex(planned.section.home.begin.value()),
          " is larger than a GiB"));
    }
  }
  return *std::move(plan);
}

template absl::StatusOr<Plan> PlanSections(const Module&,
                                           const FileParts<elf::Elf64Le>&);

}  // namespace relink
