// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_MAP_PROC_MAPS_H_
#define RELINK_MAP_PROC_MAPS_H_

#include <cstddef>
#include <string>

#include "relink/support/address.h"

namespace relink {

// What the kernel says is mapped in this process, for tests.

// As /proc/self/maps has it ("rw-p"); empty where nothing is mapped.
std::string PermissionsAt(RuntimeAddr address);

// True if any page of this process is writable and executable.
bool AnythingWritableAndExecutable();

// False if this program is built with a sanitizer, which maps memory whenever
// it likes: then nothing can be said of what stayed mapped.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define RELINK_MAP_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define RELINK_MAP_SANITIZED 1
#endif
#endif
#ifdef RELINK_MAP_SANITIZED
inline constexpr bool kMapsAreOurs = false;
#undef RELINK_MAP_SANITIZED
#else
inline constexpr bool kMapsAreOurs = true;
#endif

// The text of /proc/self/maps, without the stack and the heap, which grow as
// they like.
// Taking one allocates nothing; a test that compares two allocates nothing
// between them either.
class MapsSnapshot {
 public:
  MapsSnapshot();

  friend bool operator==(const MapsSnapshot& a, const MapsSnapshot& b);

 private:
  static constexpr size_t kCapacity = size_t{1} << 18;

  // Hides the line of the mapping of that name.
  void Blank(const char* name);

  size_t size_ = 0;
  char text_[kCapacity + 1];
};

}  // namespace relink

#endif  // RELINK_MAP_PROC_MAPS_H_
