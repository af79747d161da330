// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Debian's archives of Abseil are compiled for programs: three of their objects
// have thread-local variables at a distance from the thread pointer that only a
// program's own are at, so that no shared object can have them. These are the
// functions of those objects, without thread-local variables; a linker that
// finds them here does not take the objects. Not needed where Abseil is built
// from source with -fPIC.

#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>

#include "absl/base/internal/sysinfo.h"
#include "absl/container/internal/raw_hash_set.h"
#include "absl/strings/internal/cordz_functions.h"

namespace absl {
ABSL_NAMESPACE_BEGIN
namespace cord_internal {

// Far from the sample that would be the next.
ABSL_CONST_INIT thread_local int64_t cordz_next_sample = INT64_MAX;

int32_t get_cordz_mean_interval() { return 0; }
void set_cordz_mean_interval(int32_t /*mean_interval*/) {}
bool cordz_should_profile_slow() { return false; }
void cordz_set_next_sample_for_testing(int64_t /*next_sample*/) {}

}  // namespace cord_internal

namespace base_internal {

double NominalCPUFrequency() { return 1; }
int NumCPUs() { return static_cast<int>(sysconf(_SC_NPROCESSORS_CONF)); }
pid_t GetTID() { return static_cast<pid_t>(syscall(SYS_gettid)); }
pid_t GetCachedTID() { return GetTID(); }

}  // namespace base_internal

namespace container_internal {

alignas(16) ABSL_CONST_INIT const ctrl_t kEmptyGroup[16] = {
    ctrl_t::kSentinel, ctrl_t::kEmpty, ctrl_t::kEmpty, ctrl_t::kEmpty,
    ctrl_t::kEmpty,    ctrl_t::kEmpty, ctrl_t::kEmpty, ctrl_t::kEmpty,
    ctrl_t::kEmpty,    ctrl_t::kEmpty, ctrl_t::kEmpty, ctrl_t::kEmpty,
    ctrl_t::kEmpty,    ctrl_t::kEmpty, ctrl_t::kEmpty, ctrl_t::kEmpty};

// Which of two good places an element gets.
bool ShouldInsertBackwards(size_t hash, const ctrl_t* ctrl) {
  return H1(hash, ctrl) % 13 > 6;
}

// The group behind the end is a copy of the first.
void ConvertDeletedToEmptyAndFullToDeleted(ctrl_t* ctrl, size_t capacity) {
  for (size_t i = 0; i < capacity; ++i) {
    ctrl[i] = IsFull(ctrl[i]) ? ctrl_t::kDeleted : ctrl_t::kEmpty;
  }
  ctrl[capacity] = ctrl_t::kSentinel;
  std::memcpy(ctrl + capacity + 1, ctrl, NumClonedBytes());
}

void HashTableSizeOverflow() { std::abort(); }

template FindInfo find_first_non_full(const ctrl_t*, size_t, size_t);

}  // namespace container_internal
ABSL_NAMESPACE_END
}  // namespace absl
