// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_SYMBOLS_FILE_SYMBOLS_H_
#define RELINK_PROFILES_SYMBOLS_FILE_SYMBOLS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "profiles/profile.h"
#include "relink/support/address.h"
#include "relink/support/byte_view.h"

namespace relink::profiles {

// Whose word it is that code is a function; the first has the last word.
enum class FunctionOrigin : uint8_t {
  kSymtab,
  kDynsym,
  kPlt,     // All of a section of stubs.
  kUnwind,  // .eh_frame: without a name.
};

struct NamedFunction {
  LinkRange range;
  FunctionOrigin origin = FunctionOrigin::kUnwind;
  std::string name;
};

// The functions of an ELF file, by what the file itself says, and where the
// bytes of the file have their addresses. Owns all that it has.
class FileSymbols {
 public:
  // Of a file of any class and byte order. InvalidArgument, OutOfRange: its
  // header or its program headers are malformed; of broken symbol tables and
  // unwind records, what can be read is taken.
  static absl::StatusOr<FileSymbols> Read(ByteView file);

  // Its bytes; empty if there is none.
  const std::string& build_id() const { return build_id_; }
  // By address; none overlaps another.
  const std::vector<NamedFunction>& functions() const { return functions_; }

  // Nothing if no segment has the place, or if it is a symbol's.
  std::optional<LinkAddr> AddressOf(const Place& place) const;
  // Nothing if no segment has the address in the file.
  std::optional<FileOffset> OffsetOf(LinkAddr address) const;
  // Null if the address is in no known function.
  const NamedFunction* Find(LinkAddr address) const;

 private:
  struct Segment {
    FileRange file;
    LinkAddr address;
  };

  template <class E>
  absl::Status ReadAs(ByteView file);

  std::string build_id_;
  std::vector<Segment> segments_;
  std::vector<NamedFunction> functions_;
};

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_SYMBOLS_FILE_SYMBOLS_H_
