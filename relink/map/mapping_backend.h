// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_MAP_MAPPING_BACKEND_H_
#define RELINK_MAP_MAPPING_BACKEND_H_

#include <cstddef>
#include <cstdint>

#include "relink/support/address.h"
#include "relink/support/result.h"

namespace relink {

// What pages allow. There is no writable and executable: W^X cannot be broken
// through this interface.
enum class Protection : uint8_t { kNone, kRead, kReadWrite, kReadExecute };

// As in /proc/self/maps: "r-x".
constexpr const char* Name(Protection protection) {
  switch (protection) {
    case Protection::kNone:
      return "---";
    case Protection::kRead:
      return "r--";
    case Protection::kReadWrite:
      return "rw-";
    case Protection::kReadExecute:
      return "r-x";
  }
  return "?";
}

// An open file as a backend knows it: a POSIX descriptor, or whatever the
// embedder's backend takes.
struct FileHandle {
  int value = -1;
  uint64_t size = UINT64_MAX;  // Of the file in bytes, where it is known.
};

// How Relink gets memory: the one seam between the linker and the machine the
// image will run on.
//
// All ranges are whole pages inside one reservation. Backends are freestanding
// (no heap, no Abseil) and are never destroyed through this type. A backend may
// be used by several threads if it says so; the shipped ones that call the
// kernel may.
//
// Errors: kExhausted when memory or the kernel refuses (os_error says why),
// kMismatch when a fixed address is already taken, kUnsupported when the
// backend has no such operation.
class MappingBackend {
 public:
  // Bytes; a power of two.
  virtual uint64_t page_size() const = 0;

  // Where and how to reserve.
  struct Request {
    uint64_t size = 0;       // Whole pages, not zero.
    uint64_t alignment = 0;  // A power of two, at least a page.
    // Wanted address; 0 for anywhere. With `fixed`, there or nowhere (never on
    // top of another mapping); otherwise a hint.
    RuntimeAddr address{};
    bool fixed = false;
    // kNone claims address space only; kReadWrite also backs it by zeros, which
    // saves a call when the caller will copy everything in.
    Protection initial = Protection::kNone;
  };
  virtual Result<RuntimeRange> Reserve(const Request& request) = 0;

  // Backs `pages` by a private copy of the file's pages from `offset`, which is
  // a multiple of the page size. Bytes past the end of the file in its last
  // page are zero.
  virtual Result<void> MapFile(RuntimeRange pages, FileHandle file,
                               FileOffset offset, Protection protection) = 0;

  // Backs `pages` by writable zeros.
  virtual Result<void> MapZero(RuntimeRange pages) = 0;

  virtual Result<void> Protect(RuntimeRange pages, Protection protection) = 0;

  // Says that all of `pages` will be used soon, written if `write`: bringing
  // them in at once costs less than one page fault each. A hint, which may do
  // nothing.
  virtual void Prefault(RuntimeRange /*pages*/, bool /*write*/) {}

  // Says that `pages`, of zeros, will all be written: where that can be huge
  // pages, they are had faster. A hint, which may do nothing.
  virtual void UseHugePages(RuntimeRange /*pages*/) {}

  // Says that single pages of `pages` will change their protections many times:
  // preparing for it costs something once. A hint, which may do nothing.
  virtual void ExpectProtectionChanges(RuntimeRange /*pages*/) {}

  // Gives a whole reservation, as `Reserve` returned it, back. Cannot fail.
  virtual void Release(RuntimeRange reservation) = 0;

  // The same for one that did its work, was reserved writable, and had no file
  // mapped over it: a backend may keep its memory for another.
  virtual void Retire(RuntimeRange reservation) { Release(reservation); }

  // The bytes at `address` as this process sees them. The same as the address
  // itself unless the image is being built for another machine or place.
  virtual std::byte* Bytes(RuntimeAddr address) = 0;

  // True if code in the image can be called from this process.
  virtual bool runs_here() const = 0;

 protected:
  ~MappingBackend() = default;
};

}  // namespace relink

#endif  // RELINK_MAP_MAPPING_BACKEND_H_
