// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_SYMBOL_FILE_H_
#define RELINK_RUNTIME_SYMBOL_FILE_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "relink/reloc/scope.h"
#include "relink/support/address.h"
#include "relink/support/byte_view.h"

namespace relink {

// An ELF file for debuggers, which nothing is ever loaded from: it says which
// sections and symbols are where in this process.
class SymbolFile {
 public:
  struct Section {
    absl::string_view name;
    uint32_t type = elf::kShtNobits;
    uint64_t flags = elf::kShfAlloc;
    RuntimeRange memory;
    ByteView contents = {};  // Of any type but SHT_NOBITS.
  };

  SymbolFile();

  // Returns its number.
  uint16_t AddSection(const Section& section);
  // `type` is STT_*; `section` one that was added.
  void AddSymbol(absl::string_view name, RuntimeRange memory, uint8_t type,
                 uint16_t section);
  // Says that the file at `path` has the same sections at other addresses, and
  // all that there is to know about them: gdb looks into it for what it does
  // not find here, with every address shifted as that of the section of the
  // same name is. `crc` is the file's Checksum.
  void AddDebugLink(absl::string_view path, uint32_t crc);

  // The bytes of the file.
  std::vector<std::byte> Finish() &&;

  // The one that debug links have (GDB manual, "Separate Debug Files"): CRC-32
  // of ISO 3309.
  static uint32_t Checksum(ByteView bytes);

 private:
  uint32_t AddName(std::string& names, absl::string_view name);

  std::vector<elf::Shdr<NativeElf>> sections_;
  std::vector<std::byte> contents_;  // From the end of the ELF header on.
  std::vector<elf::Sym<NativeElf>> symbols_;
  std::string section_names_;
  std::string symbol_names_;
};

}  // namespace relink

#endif  // RELINK_RUNTIME_SYMBOL_FILE_H_
