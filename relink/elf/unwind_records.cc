// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/elf/unwind_records.h"

#include <algorithm>

#include "relink/elf/call_frame_instructions.h"

namespace relink::elf {
namespace {

constexpr char kMalformed[] = "unwind record is malformed";
constexpr char kVersion[] = "unwind record is of an unknown version";
constexpr char kAugmentation[] = "unwind record has an unknown augmentation";
constexpr char kTooLong[] = "unwind record is longer than linkers write";
constexpr char kEncoding[] = "unwind record has a pointer of unknown encoding";

// What stands between the length and the fields that are each record's own.
constexpr uint64_t kHead = 8;
constexpr uint64_t kMaxAugmentation = 8;
// CIEs are read again for each run of their FDEs; a few dozen bytes are usual.
constexpr uint64_t kMaxCommonRecord = 1024;

// The bytes of a record's rest.
template <class E>
ByteView Rest(ByteView record, const DwarfCursor<E>& cursor) {
  return ByteView(record.bytes().subspan(cursor.offset()));
}

// The letters behind 'z', and what they say.
template <class E>
void ReadAugmentation(ByteView letters, DwarfCursor<E>& cursor,
                      CommonRecord& common) {
  for (const std::byte letter : letters.bytes()) {
    switch (static_cast<char>(letter)) {
      case 'L':
        common.lsda_encoding = cursor.Byte();
        break;
      case 'P': {
        const uint8_t encoding = cursor.Byte();
        if (!IsRelocatable<E>(encoding)) {
          common.problem = kEncoding;
          return;
        }
        common.personality = cursor.Pointer(encoding);
        break;
      }
      case 'R':
        common.code_encoding = cursor.Byte();
        break;
      case 'S':
        common.signal_frame = true;
        break;
      default:
        common.problem = kAugmentation;
        return;
    }
  }
}

// Everything but `record`.
template <class E>
void ReadCommon(ByteView record, LinkAddr at, CommonRecord& common) {
  DwarfCursor<E> cursor(record, at);
  cursor.Skip(kHead);
  const uint8_t version = cursor.Byte();
  if (version != 1 && version != 3) {
    common.problem = kVersion;
    return;
  }
  const uint64_t letters_at = cursor.offset();
  uint64_t letter_count = 0;
  while (cursor.Byte() != 0) {
    if (++letter_count > kMaxAugmentation) break;
  }
  common.code_alignment = cursor.Uleb128();
  cursor.Sleb128();  // Data alignment factor.
  common.return_column = version == 1 ? cursor.Byte() : cursor.Uleb128();
  if (letter_count > 0) {
    const auto letters = record.Slice(letters_at, letter_count);
    if (!letters.ok() || letter_count > kMaxAugmentation ||
        static_cast<char>(letters->bytes()[0]) != 'z') {
      common.problem = kAugmentation;
      return;
    }
    common.augmented = true;
    const uint64_t size = cursor.Uleb128();
    const uint64_t begin = cursor.offset();
    ReadAugmentation<E>(ByteView(letters->bytes().subspan(1)), cursor, common);
    if (common.problem != nullptr) return;
    if (cursor.offset() - begin > size) cursor.Fail();
    cursor.Skip(size - (cursor.offset() - begin));
  }
  if (!cursor.ok()) {
    common.problem = kMalformed;
    return;
  }
  if (!IsRelocatable<E>(common.code_encoding) ||
      (common.code_encoding & kPeIndirect) != 0 ||
      (common.lsda_encoding != kPeOmit &&
       !IsRelocatable<E>(common.lsda_encoding))) {
    common.problem = kEncoding;
    return;
  }
  const ByteView rest = Rest(record, cursor);
  common.instructions = {cursor.addr(), rest.size()};
  const AddressBinding binding = BindingOf<E>(rest, common.return_column);
  common.problem = binding.problem;
  common.address_modulo = binding.modulo;
}

}  // namespace

template <class E>
Result<ByteView> UnwindRecords<E>::RecordAt(uint64_t offset) const {
  RELINK_TRY_ASSIGN(const auto* length,
                    bytes_.template Record<typename E::Word>(offset));
  if (*length == 0) return ByteView();
  if (*length == UINT32_MAX) {
    return Error{ErrorCode::kUnsupported, ".eh_frame: 64-bit record length",
                 (begin_ + offset).value()};
  }
  auto record = bytes_.Slice(offset, uint64_t{*length} + 4);
  if (!record.ok()) {
    return Error{ErrorCode::kOutOfRange,
                 ".eh_frame: record runs past the end of the section",
                 (begin_ + offset).value()};
  }
  return record;
}

template <class E>
const CommonRecord& UnwindRecords<E>::Common(uint64_t offset) {
  const LinkAddr at = begin_ + offset;
  if (common_.record.size != 0 && common_.record.begin == at) return common_;
  common_ = {};
  const auto record = RecordAt(offset);
  const auto id = record.ok() ? record->template Record<typename E::Word>(4)
                              : Result<const typename E::Word*>(record.error());
  if (!id.ok() || **id != 0) {
    common_.problem = kMalformed;
    return common_;
  }
  common_.record = {at, record->size()};
  if (record->size() > kMaxCommonRecord) {
    common_.problem = kTooLong;
    return common_;
  }
  ReadCommon<E>(*record, at, common_);
  return common_;
}

template <class E>
FrameRecord UnwindRecords<E>::ReadFrame(uint64_t offset, ByteView record) {
  FrameRecord frame;
  frame.record = {begin_ + offset, record.size()};
  DwarfCursor<E> cursor(record, frame.record.begin);
  cursor.Skip(FrameRecord::kCommonPointerAt);
  const uint64_t back = cursor.template Fixed<uint32_t>();
  const uint64_t from = offset + FrameRecord::kCommonPointerAt;
  if (back > from) {
    frame.problem = kMalformed;
    return frame;
  }
  frame.common = Common(from - back);
  frame.problem = frame.common.problem;
  // Without its instructions a CIE was not read to the end.
  if (frame.common.instructions.begin.value() == 0) return frame;
  frame.code_pointer = cursor.Pointer(frame.common.code_encoding);
  const auto size = static_cast<typename E::Native>(
      cursor.Value(frame.common.code_encoding & kPeFormat));
  if (frame.common.augmented) {
    const uint64_t length = cursor.Uleb128();
    const uint64_t begin = cursor.offset();
    frame.lsda = cursor.Pointer(frame.common.lsda_encoding);
    if (cursor.offset() - begin > length) cursor.Fail();
    cursor.Skip(length - (cursor.offset() - begin));
  }
  if (!cursor.ok() || frame.code_pointer.target.value() + size < size) {
    frame.problem = kMalformed;
    return frame;
  }
  frame.code = {frame.code_pointer.target, size};
  const ByteView rest = Rest(record, cursor);
  frame.instructions = {cursor.addr(), rest.size()};
  const AddressBinding binding = BindingOf<E>(rest, frame.common.return_column);
  if (frame.problem == nullptr) frame.problem = binding.problem;
  frame.address_modulo = std::max(frame.common.address_modulo, binding.modulo);
  return frame;
}

template <class E>
Result<const FrameRecord*> UnwindRecords<E>::Next() {
  // A few bytes too few for a word are padding.
  while (bytes_.size() - offset_ >= sizeof(typename E::Word)) {
    const uint64_t offset = offset_;
    RELINK_TRY_ASSIGN(const ByteView record, RecordAt(offset));
    if (record.size() == 0) {
      offset_ += sizeof(typename E::Word);
      continue;
    }
    offset_ += record.size();
    const auto id =
        record.template Record<typename E::Word>(FrameRecord::kCommonPointerAt);
    if (!id.ok() || **id == 0) continue;  // A CIE.
    frame_ = ReadFrame(offset, record);
    return &frame_;
  }
  return static_cast<const FrameRecord*>(nullptr);
}

template <class E>
Result<FrameRecord> UnwindRecords<E>::Read(LinkAddr record) {
  const int64_t offset = record - begin_;
  const auto bytes = RecordAt(static_cast<uint64_t>(offset));
  if (offset >= 0 && bytes.ok()) {
    const auto id =
        bytes->template Record<typename E::Word>(FrameRecord::kCommonPointerAt);
    if (id.ok() && **id != 0) {
      return ReadFrame(static_cast<uint64_t>(offset), *bytes);
    }
  }
  return Error{ErrorCode::kNotFound, ".eh_frame: there is no FDE here",
               record.value()};
}

template class UnwindRecords<Elf32Le>;
template class UnwindRecords<Elf32Be>;
template class UnwindRecords<Elf64Le>;
template class UnwindRecords<Elf64Be>;

}  // namespace relink::elf
