// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_UNWIND_RECORDS_H_
#define RELINK_ELF_UNWIND_RECORDS_H_

#include <cstdint>

#include "relink/elf/dwarf_cursor.h"
#include "relink/elf/records.h"
#include "relink/support/address.h"
#include "relink/support/byte_view.h"

namespace relink::elf {

// A CIE of .eh_frame (LSB Core, "The Common Information Entry Format"): what
// FDEs have in common. Ranges include the length in front.
struct CommonRecord {
  LinkRange record;
  LinkRange instructions;  // Its last bytes.
  // How its FDEs point at code and at language-specific data.
  uint8_t code_encoding = kPeAbsptr;
  uint8_t lsda_encoding = kPeOmit;
  EncodedPointer personality;
  uint64_t return_column = 0;   // The register that stands for the address.
  uint64_t code_alignment = 1;  // In what units instructions advance.
  bool augmented = false;       // Its FDEs say how long their augmentation is.
  bool signal_frame = false;
  // Why Relink cannot read it, or cannot use it for a copy of the code; null
  // if it can, for one at the same address modulo this.
  const char* problem = nullptr;
  uint64_t address_modulo = 1;
};

// An FDE of .eh_frame (LSB Core, "The Frame Description Entry Format"): how to
// unwind through one range of code. Copied together with its CIE, and with the
// four pointers stored anew, it says the same of a copy of the code:
//   the distance from offset kCommonPointerAt back to the CIE's beginning,
//   `code_pointer`, `lsda`, and the CIE's `personality`.
struct FrameRecord {
  static constexpr uint32_t kCommonPointerAt = 4;

  LinkRange record;
  LinkRange instructions;  // Its last bytes.
  LinkRange code;          // Empty if it cannot be read.
  EncodedPointer code_pointer;
  EncodedPointer lsda;
  CommonRecord common;
  // As in CommonRecord, of both.
  const char* problem = nullptr;
  uint64_t address_modulo = 1;
};

// Reads the records of .eh_frame one after the other. Of both classes and byte
// orders; does not own the bytes.
//
// Records of a 64-bit length, or of a version or augmentation that linkers do
// not write today, have a `problem`, and so have those whose pointers are
// neither absolute nor PC-relative. A zero length is stepped over, for some
// unwinders search all of the section.
template <class E>
class UnwindRecords {
 public:
  // `bytes` lie at `begin`.
  UnwindRecords(ByteView bytes, LinkAddr begin)
      : bytes_(bytes), begin_(begin) {}

  // The next FDE; null after the last one. Valid until the next call.
  // kOutOfRange, kUnsupported: a record's length, so that no more can be read.
  Result<const FrameRecord*> Next();

  // The FDE at `record`, as Next had it. kNotFound: there is none.
  Result<FrameRecord> Read(LinkAddr record);

 private:
  // The bytes of the record at an offset; empty where a zero word ends.
  Result<ByteView> RecordAt(uint64_t offset) const;
  const CommonRecord& Common(uint64_t offset);
  FrameRecord ReadFrame(uint64_t offset, ByteView record);

  ByteView bytes_;
  LinkAddr begin_;
  uint64_t offset_ = 0;
  FrameRecord frame_;
  CommonRecord common_;  // The last that was read: FDEs come in runs.
};

extern template class UnwindRecords<Elf32Le>;
extern template class UnwindRecords<Elf32Be>;
extern template class UnwindRecords<Elf64Le>;
extern template class UnwindRecords<Elf64Be>;

}  // namespace relink::elf

#endif  // RELINK_ELF_UNWIND_RECORDS_H_
