// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_TESTING_PARSED_IMAGE_H_
#define RELINK_ELF_TESTING_PARSED_IMAGE_H_

#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include "relink/elf/address_view.h"
#include "relink/elf/definitions.h"
#include "relink/elf/dynamic.h"
#include "relink/elf/elf_file.h"
#include "relink/elf/symbol_table.h"
#include "relink/elf/versions.h"

// For tests only: a file that must parse, with all that its dynamic table
// names. Throws where a parser fails. The bytes must outlive it.
namespace relink::elf {

template <typename T>
T ValueOrThrow(Result<T> result) {
  if (!result.ok()) throw std::runtime_error(result.error().what);
  return *std::move(result);
}

template <class E>
std::span<const Dyn<E>> DynamicTable(const ElfFile<E>& file) {
  for (const Phdr<E>& segment : file.segments()) {
    if (segment.p_type != kPtDynamic) continue;
    const ByteView bytes = file.Contents(segment);
    return ValueOrThrow(
        bytes.template Records<Dyn<E>>(0, bytes.size() / sizeof(Dyn<E>)));
  }
  throw std::runtime_error("no PT_DYNAMIC");
}

template <class E>
struct ParsedImage {
  explicit ParsedImage(ByteView bytes)
      : file(ValueOrThrow(ElfFile<E>::Parse(bytes))) {
    versions.resize(ValueOrThrow(reader.Count()));
    if (auto read = reader.Read(versions); !read.ok()) {
      throw std::runtime_error(read.error().what);
    }
  }
  ParsedImage(const ParsedImage&) = delete;
  ParsedImage& operator=(const ParsedImage&) = delete;

  Definitions<E> definitions() const { return {symbols, versions}; }

  ElfFile<E> file;
  AddressView<E> view = AddressView<E>::OfFile(file);
  Dynamic dynamic = ValueOrThrow(ParseDynamic<E>(DynamicTable<E>(file)));
  SymbolTable<E> symbols = ValueOrThrow(SymbolTable<E>::Parse(view, dynamic));
  VersionReader<E> reader{view, dynamic, symbols.strings()};
  std::vector<Version> versions = {};
};

}  // namespace relink::elf

#endif  // RELINK_ELF_TESTING_PARSED_IMAGE_H_
