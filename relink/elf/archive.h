// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_ARCHIVE_H_
#define RELINK_ELF_ARCHIVE_H_

#include <cstdint>

#include "relink/support/byte_order.h"
#include "relink/support/byte_view.h"
#include "relink/support/result.h"
#include "relink/support/string_ref.h"

namespace relink::elf {

// Recognises a library of object files, thin or not.
bool IsArchive(ByteView prefix);

// A library of object files (ar(5)), in the form of GNU and of System V: views
// of its bytes, which must outlive it. A thin one has only the names of its
// members, which are files beside it.
class Archive {
 public:
  struct Member {
    StringRef name;
    ByteView contents;  // Empty in a thin archive.
    uint64_t next = 0;  // Where the header of the next one begins.
  };

  // kMalformed: no archive.  kOutOfRange: it or its index of symbols is
  // truncated.
  static Result<Archive> Parse(ByteView bytes);

  bool thin() const { return thin_; }
  // Whether it says which member defines what.
  bool has_index() const { return has_index_; }

  // The header of the first member, and whether one is there at all.
  uint64_t first() const { return first_; }
  bool IsEnd(uint64_t offset) const { return offset >= bytes_.size(); }
  // The member whose header is at `offset`. kMalformed: none is.
  // kOutOfRange: it runs past the end.
  Result<Member> At(uint64_t offset) const;

  // Calls `visit(name, offset of its member's header)` for each symbol of the
  // index. kOutOfRange: it has fewer names than it says.
  template <typename Visit>
  Result<uint64_t> ForEachSymbol(Visit visit) const {
    uint64_t name_at = 0;
    for (uint64_t i = 0; i < symbol_count_; ++i) {
      RELINK_TRY_ASSIGN(const StringRef name, index_names_.CString(name_at));
      RELINK_TRY_ASSIGN(const uint64_t member, IndexWord(i));
      visit(name, member);
      name_at += name.size() + 1;
    }
    return symbol_count_;
  }

 private:
  explicit Archive(ByteView bytes) : bytes_(bytes) {}

  // A member's header and what it says, before its name is looked up.
  struct Header;
  Result<Header> HeaderAt(uint64_t offset) const;
  // The symbol index: how many, where their members are, their names.
  Result<uint64_t> ReadIndex(ByteView contents, bool wide);
  Result<uint64_t> IndexWord(uint64_t i) const;
  Result<StringRef> LongName(uint64_t offset) const;

  ByteView bytes_;
  bool thin_ = false;
  bool has_index_ = false;
  bool wide_index_ = false;
  uint64_t first_ = 0;
  uint64_t symbol_count_ = 0;
  ByteView index_offsets_;
  ByteView index_names_;
  ByteView long_names_;
};

}  // namespace relink::elf

#endif  // RELINK_ELF_ARCHIVE_H_
