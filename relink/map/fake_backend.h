// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_MAP_FAKE_BACKEND_H_
#define RELINK_MAP_FAKE_BACKEND_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "relink/map/mapping_backend.h"
#include "relink/support/address.h"
#include "relink/support/result.h"

namespace relink {

// An address space that exists only in a test: chosen addresses, bytes on the
// heap (so that AddressSanitizer sees a step outside of a reservation), a log
// of every call, and a complaint about every call that a kernel would forgive.
class FakeBackend final : public MappingBackend {
 public:
  struct Options {
    RuntimeAddr base{0x100000};
    uint64_t size = uint64_t{1} << 28;  // Of the address space.
    uint64_t page_size = 4096;
  };

  FakeBackend() : FakeBackend(Options()) {}
  explicit FakeBackend(const Options& options) : options_(options) {}

  // A file for MapFile, which takes a descriptor of a real file as well.
  FileHandle AddFile(std::span<const std::byte> contents);

  // Makes the `n`th call from now fail with kExhausted, the next one being the
  // first. Neither releases nor hints count.
  void FailAtCall(uint64_t n) { calls_until_failure_ = n; }

  // One line a call, such as
  //   reserve 0x3000 align 0x1000 --- -> 0x100000
  //   map-file 0x100000+0x1000 offset 0x0 r-x
  //   map-zero 0x101000+0x1000
  //   protect 0x101000+0x1000 r--
  //   prefault 0x101000+0x1000 write
  //   huge-pages 0x101000+0x1000
  //   release 0x100000+0x3000
  // with "-> exhausted", "-> mismatch" or "-> refused" if it failed.
  const std::vector<std::string>& calls() const { return calls_; }

  // One line for each misuse: a call outside of a reservation, file or zeros
  // mapped where something was mapped before, a release of what is not
  // reserved. Such a call also fails with kInternal, if it can.
  const std::vector<std::string>& misuses() const { return misuses_; }

  size_t live_reservations() const { return regions_.size(); }

  // Nothing outside of a reservation.
  std::optional<Protection> ProtectionAt(RuntimeAddr address) const;

  uint64_t page_size() const override { return options_.page_size; }
  Result<RuntimeRange> Reserve(const Request& request) override;
  Result<void> MapFile(RuntimeRange pages, FileHandle file, FileOffset offset,
                       Protection protection) override;
  Result<void> MapZero(RuntimeRange pages) override;
  Result<void> Protect(RuntimeRange pages, Protection protection) override;
  void Prefault(RuntimeRange pages, bool write) override;
  void UseHugePages(RuntimeRange pages) override;
  void Release(RuntimeRange reservation) override;
  // Null outside of a reservation.
  std::byte* Bytes(RuntimeAddr address) override;
  bool runs_here() const override { return false; }

 private:
  struct Page {
    Protection protection;
    bool mapped = false;
  };
  struct Region {
    RuntimeRange range;
    std::vector<std::byte> bytes;
    std::vector<Page> pages;
  };

  // Whether this call is the one that shall fail.
  bool FailsNow();
  Result<void> Log(const std::string& call, Result<void> result);
  void LogHint(const std::string& call, RuntimeRange pages);
  Error Misuse(const char* what, RuntimeRange range);
  Region* FindRegion(RuntimeRange pages);
  std::span<Page> PagesIn(Region& region, RuntimeRange pages) const;
  Result<RuntimeRange> AddRegion(const Request& request);
  // The bytes to fill, which are `pages` of a region and were never mapped.
  Result<std::span<std::byte>> MapPages(RuntimeRange pages,
                                        Protection protection);
  Result<void> ReadFile(FileHandle file, FileOffset offset,
                        std::span<std::byte> into) const;

  Options options_;
  std::vector<Region> regions_;
  std::vector<std::vector<std::byte>> files_;
  std::vector<std::string> calls_;
  std::vector<std::string> misuses_;
  uint64_t calls_until_failure_ = 0;  // 0 for never.
};

}  // namespace relink

#endif  // RELINK_MAP_FAKE_BACKEND_H_
