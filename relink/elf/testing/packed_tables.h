// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_TESTING_PACKED_TABLES_H_
#define RELINK_ELF_TESTING_PACKED_TABLES_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "relink/elf/address_view.h"
#include "relink/elf/dynamic.h"
#include "relink/elf/records.h"

namespace relink::elf {

// For fuzz targets only: bytes that are one segment, which begins with a
// dynamic table. All of what a dynamic table names without the rest of a file,
// so that mutations hit tables.
template <class E>
class PackedTables {
 public:
  // Where the segment lies.
  static constexpr uint32_t kAddr = 0x1000;

  explicit PackedTables(ByteView bytes) : bytes_(bytes) {
    segment_.p_type = kPtLoad;
    segment_.p_vaddr = kAddr;
    segment_.p_memsz = static_cast<uint32_t>(bytes.size());
  }
  PackedTables(const PackedTables&) = delete;
  PackedTables& operator=(const PackedTables&) = delete;

  AddressView<E> view() const {
    return AddressView<E>::OfImage({&segment_, 1}, bytes_, LinkAddr(kAddr));
  }
  std::span<const Dyn<E>> table() const {
    const auto table =
        bytes_.template Records<Dyn<E>>(0, bytes_.size() / sizeof(Dyn<E>));
    return table.ok() ? *table : std::span<const Dyn<E>>();
  }
  Result<Dynamic> dynamic() const { return ParseDynamic<E>(table()); }

 private:
  ByteView bytes_;
  Phdr<E> segment_{};
};

// Calls `visit` with the packed tables that `data` is for each ELF class and
// byte order.
template <typename Visit>
void ForEachPacked(const uint8_t* data, size_t size, Visit visit) {
  const ByteView bytes(data, size);
  visit(PackedTables<Elf32Le>(bytes));
  visit(PackedTables<Elf32Be>(bytes));
  visit(PackedTables<Elf64Le>(bytes));
  visit(PackedTables<Elf64Be>(bytes));
}

}  // namespace relink::elf

#endif  // RELINK_ELF_TESTING_PACKED_TABLES_H_
