// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_ELF_TESTING_MALFORMED_LIST_H_
#define RELINK_ELF_TESTING_MALFORMED_LIST_H_

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "relink/elf/testing/image_builder.h"
#include "relink/elf/testing/malformed_images.h"

// For tests only: how the parts of MalformedImages are made.
namespace relink::elf {

class MalformedList {
 public:
  using Edit = std::function<void(Image<Elf64Le>&)>;

  explicit MalformedList(Image<Elf64Le> base) : base_(std::move(base)) {}

  // No loader may accept it, and the parsers say so.
  void Refused(std::string name, ErrorCode code, const char* what,
               const Edit& edit) {
    Add({std::move(name), {}, true, code, what}, edit);
  }
  // No loader may give its symbol `answer`; the parsers may accept it.
  void Unusable(std::string name, const Edit& edit) {
    Add({std::move(name), {}, true, {}, nullptr}, edit);
  }
  // A loader may accept it. `code` is what the parsers say.
  void Odd(std::string name, const Edit& edit,
           std::optional<ErrorCode> code = {}) {
    Add({std::move(name), {}, false, code, nullptr}, edit);
  }

  Image<Elf64Le>& base() { return base_; }
  std::vector<MalformedImage>& images() { return images_; }

 private:
  void Add(MalformedImage entry, const Edit& edit) {
    Image<Elf64Le> image = base_;
    edit(image);
    entry.bytes = std::move(image.bytes);
    images_.push_back(std::move(entry));
  }

  Image<Elf64Le> base_;
  std::vector<MalformedImage> images_;
};

// Addresses that nothing of the loadable image lies at.
struct BadAddress {
  const char* name;
  uint64_t addr;
};
inline constexpr BadAddress kBadAddresses[] = {
    {"past the image", 0x7fff0000},
    {"in the hole between segments", 0x2800},
    {"in the upper half", uint64_t{1} << 63},
    {"wrapping", UINT64_MAX - 7},
};

// One per file, malformed_<part>.cc.
void AddMalformedHeaders(MalformedList* list);
void AddMalformedSegments(MalformedList* list);
void AddMalformedDynamic(MalformedList* list);
void AddMalformedSymbols(MalformedList* list);
void AddMalformedSysvHash(MalformedList* list);  // Of an image that has one.
void AddMalformedVersions(MalformedList* list);
void AddMalformedRelocations(MalformedList* list);
void AddMalformedUnwind(MalformedList* list);  // .eh_frame_hdr and notes.
void AddTruncations(MalformedList* list);

}  // namespace relink::elf

#endif  // RELINK_ELF_TESTING_MALFORMED_LIST_H_
