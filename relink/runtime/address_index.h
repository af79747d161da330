// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_ADDRESS_INDEX_H_
#define RELINK_RUNTIME_ADDRESS_INDEX_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "relink/support/address.h"

namespace relink {

// From an address to who owns the memory there.
//
// Readers never wait, neither for each other nor for a writer, and allocate
// nothing, so they may run in signal handlers: there are two copies, writers
// change the one that is not in use and then swap them, and a reader that was
// overtaken by two writers begins again. What an entry names must be kept alive
// by who asks.
class AddressIndex {
 public:
  struct Entry {
    RuntimeRange memory;
    const void* owner = nullptr;
  };

  AddressIndex() = default;
  AddressIndex(const AddressIndex&) = delete;
  AddressIndex& operator=(const AddressIndex&) = delete;

  // The entry whose memory has `addr`; one without owner if there is none.
  // Thread-safe, also while Replace runs.
  Entry Find(RuntimeAddr addr) const;

  // Makes these all entries, ascending and apart from each other. One at a
  // time.
  void Replace(std::span<const Entry> entries);

 private:
  struct Rest {
    std::atomic<uint64_t> size;
    std::atomic<const void*> owner;
  };
  struct Copy {
    explicit Copy(size_t room)
        : capacity(room),
          begins(std::make_unique<std::atomic<uint64_t>[]>(room)),
          rests(std::make_unique<Rest[]>(room)) {}

    const size_t capacity;
    std::atomic<size_t> count = 0;
    // What is searched lies together, so that it stays in the cache.
    const std::unique_ptr<std::atomic<uint64_t>[]> begins;
    const std::unique_ptr<Rest[]> rests;
  };

  static Entry FindIn(const Copy& copy, RuntimeAddr addr);

  std::atomic<uint64_t> version_ = 0;  // Its lowest bit says which is in use.
  std::atomic<Copy*> copies_[2] = {};
  // All that there ever were, since readers may be late. Each is at least twice
  // as large as the one before it, so they take no more than twice the last.
  std::vector<std::unique_ptr<Copy>> kept_;
};

}  // namespace relink

#endif  // RELINK_RUNTIME_ADDRESS_INDEX_H_
