// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/archive.h"

#include <bit>
#include <cstddef>

namespace relink::elf {
namespace {

constexpr StringRef kMagic = "!<arch>\n";
constexpr StringRef kThinMagic = "!<thin>\n";

using BigWord = Packed<uint32_t, std::endian::big>;
using BigXword = Packed<uint64_t, std::endian::big>;

// ar_hdr: text, filled up with spaces.
struct RawHeader {
  char name[16];
  char date[12];
  char uid[6];
  char gid[6];
  char mode[8];
  char size[10];
  char end[2];
};
static_assert(sizeof(RawHeader) == 60);

StringRef Text(const char* field, size_t size) {
  while (size > 0 && field[size - 1] == ' ') --size;
  return StringRef(field, size);
}

// False if it is no decimal number. Ten digits cannot overflow.
bool ParseNumber(StringRef text, uint64_t* number) {
  *number = 0;
  if (text.size() == 0 || text.size() > 16) return false;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    *number = *number * 10 + static_cast<uint64_t>(c - '0');
  }
  return true;
}

bool StartsWith(ByteView bytes, StringRef text) {
  return bytes.size() >= text.size() &&
         __builtin_memcmp(bytes.data(), text.data(), text.size()) == 0;
}

}  // namespace

struct Archive::Header {
  StringRef name;  // As it stands in the header.
  uint64_t size = 0;
  uint64_t contents = 0;  // Where they begin.
};

bool IsArchive(ByteView prefix) {
  return StartsWith(prefix, kMagic) || StartsWith(prefix, kThinMagic);
}

Result<Archive::Header> Archive::HeaderAt(uint64_t offset) const {
  RELINK_TRY_ASSIGN(const RawHeader* raw, bytes_.Record<RawHeader>(offset));
  Header header;
  header.name = Text(raw->name, sizeof(raw->name));
  header.contents = offset + sizeof(RawHeader);
  if (raw->end[0] != '`' || raw->end[1] != '\n' ||
      !ParseNumber(Text(raw->size, sizeof(raw->size)), &header.size)) {
    return Error{ErrorCode::kMalformed, "no header of a member", offset};
  }
  return header;
}

Result<uint64_t> Archive::ReadIndex(ByteView contents, bool wide) {
  has_index_ = true;
  wide_index_ = wide;
  const uint64_t word = wide ? sizeof(BigXword) : sizeof(BigWord);
  if (wide) {
    RELINK_TRY_ASSIGN(const BigXword* count, contents.Record<BigXword>(0));
    symbol_count_ = *count;
  } else {
    RELINK_TRY_ASSIGN(const BigWord* count, contents.Record<BigWord>(0));
    symbol_count_ = *count;
  }
  if (symbol_count_ > contents.size() / word - 1) {
    return Error{ErrorCode::kOutOfRange, "symbol index is truncated",
                 symbol_count_};
  }
  RELINK_TRY_ASSIGN(index_offsets_, contents.Slice(word, symbol_count_ * word));
  RELINK_TRY_ASSIGN(index_names_, contents.From(word + symbol_count_ * word));
  return symbol_count_;
}

Result<uint64_t> Archive::IndexWord(uint64_t i) const {
  if (wide_index_) {
    RELINK_TRY_ASSIGN(const BigXword* word,
                      index_offsets_.Record<BigXword>(i * sizeof(BigXword)));
    return uint64_t{*word};
  }
  RELINK_TRY_ASSIGN(const BigWord* word,
                    index_offsets_.Record<BigWord>(i * sizeof(BigWord)));
  return uint64_t{*word};
}

Result<Archive> Archive::Parse(ByteView bytes) {
  if (!IsArchive(bytes)) {
    return Error{ErrorCode::kMalformed, "no archive", 0};
  }
  Archive archive(bytes);
  archive.thin_ = StartsWith(bytes, kThinMagic);
  archive.first_ = kMagic.size();
  // What is about the others comes first.
  while (!archive.IsEnd(archive.first_)) {
    RELINK_TRY_ASSIGN(const Header header, archive.HeaderAt(archive.first_));
    const bool is_index = header.name == "/";
    const bool is_wide_index = header.name == "/SYM64/";
    const bool is_names = header.name == "//";
    if (!is_index && !is_wide_index && !is_names) break;
    RELINK_TRY_ASSIGN(const ByteView contents,
                      bytes.Slice(header.contents, header.size));
    if (is_names) {
      archive.long_names_ = contents;
    } else if (!archive.has_index_) {
      RELINK_TRY_ASSIGN(const uint64_t count,
                        archive.ReadIndex(contents, is_wide_index));
      (void)count;
    }
    archive.first_ = header.contents + header.size + header.size % 2;
  }
  return archive;
}

Result<StringRef> Archive::LongName(uint64_t offset) const {
  RELINK_TRY_ASSIGN(const ByteView rest, long_names_.From(offset));
  const char* text = reinterpret_cast<const char*>(rest.data());
  // GNU's end with "/\n"; a thin archive's may have a '/' inside.
  for (size_t i = 0; i < rest.size(); ++i) {
    if (text[i] != '\n' && text[i] != '\0') continue;
    if (i > 0 && text[i - 1] == '/') --i;
    return StringRef(text, i);
  }
  return Error{ErrorCode::kMalformed, "name without an end", offset};
}

Result<Archive::Member> Archive::At(uint64_t offset) const {
  RELINK_TRY_ASSIGN(const Header header, HeaderAt(offset));
  Member member;
  uint64_t contents = header.contents;
  uint64_t size = header.size;
  const char* name = header.name.data();
  uint64_t number = 0;
  if (header.name.size() > 1 && name[0] == '/' &&
      ParseNumber(StringRef(name + 1, header.name.size() - 1), &number)) {
    RELINK_TRY_ASSIGN(member.name, LongName(number));
  } else if (header.name.size() > 3 && name[0] == '#' && name[1] == '1' &&
             name[2] == '/' &&
             ParseNumber(StringRef(name + 3, header.name.size() - 3),
                         &number)) {
    // BSD's: in front of the contents, filled up with NULs.
    RELINK_TRY_ASSIGN(const ByteView text, bytes_.Slice(contents, number));
    if (number > size) {
      return Error{ErrorCode::kMalformed, "name is longer than its member",
                   offset};
    }
    const char* begin = reinterpret_cast<const char*>(text.data());
    size_t length = number;
    while (length > 0 && begin[length - 1] == '\0') --length;
    member.name = StringRef(begin, length);
    contents += number;
    size -= number;
  } else {
    const size_t length = header.name.size();
    const bool slash = length > 1 && name[length - 1] == '/';
    member.name = StringRef(name, slash ? length - 1 : length);
  }
  if (thin_) {
    member.next = contents;
    return member;
  }
  RELINK_TRY_ASSIGN(member.contents, bytes_.Slice(contents, size));
  member.next = contents + size + (contents + size) % 2;
  return member;
}

}  // namespace relink::elf
