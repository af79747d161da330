// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_SCAN_SECTION_INDEX_H_
#define RELINK_SCAN_SECTION_INDEX_H_

#include <cstdint>
#include <span>
#include <vector>

#include "relink/ir/section.h"
#include "relink/ir/symbol.h"
#include "relink/scan/plan_sections.h"
#include "relink/support/address.h"

namespace relink {

// Where the sections of one file are in the graph. They are numbered in the
// order of the plan, and so are their ids and those of their own symbols.
class SectionIndex {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  SectionIndex(std::span<const PlannedSection> plan, SectionId first_section,
               SymbolId first_symbol);

  uint32_t count() const { return static_cast<uint32_t>(homes_.size()); }
  LinkRange home(uint32_t number) const { return homes_[number]; }
  SectionId id(uint32_t number) const {
    return SectionId(first_section_.index() + number);
  }
  // The symbol without a name at its beginning.
  SymbolId symbol(uint32_t number) const {
    return SymbolId(first_symbol_.index() + number);
  }

  // The section that contains the address, or kNone.
  uint32_t Find(LinkAddr address) const;

  // The same, and for an address between two sections the one before: what is
  // there is most likely its end. Not code, though, whose parts go where they
  // like: its end stays where the data before it is. kNone if there is no
  // section at all.
  uint32_t FindNearest(LinkAddr address) const;

  // The one of a section header, or kNone.
  uint32_t FindHeader(uint32_t header) const;

  // The first section of the thread's block, or kNone.
  uint32_t first_tls() const { return first_tls_; }

 private:
  struct Entry {
    LinkRange home;
    uint32_t number;
    bool code;
  };
  const Entry* LastFrom(LinkAddr address) const;

  SectionId first_section_;
  SymbolId first_symbol_;
  std::vector<LinkRange> homes_;
  std::vector<Entry> addressed_;  // Those in the address space: no .tbss.
  std::vector<uint32_t> headers_;
  uint32_t first_tls_ = kNone;
};

}  // namespace relink

#endif  // RELINK_SCAN_SECTION_INDEX_H_
