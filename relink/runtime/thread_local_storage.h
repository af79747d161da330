// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_THREAD_LOCAL_STORAGE_H_
#define RELINK_RUNTIME_THREAD_LOCAL_STORAGE_H_

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include "absl/status/statusor.h"
#include "relink/reloc/tls_provider.h"

namespace relink {

// Thread-local storage of the modules that Relink loaded, beside that of ld.so,
// which does not know them.
//
// General- and local-dynamic code reaches a block that each thread allocates
// when it first uses the module. Initial-exec code needs a fixed distance from
// the thread pointer: its blocks are cut from a reserve of kStaticReserve bytes
// that Relink itself has in static TLS. New threads find it initialized; a
// module with initialized initial-exec data cannot be loaded once there are
// other threads, since nothing can reach their copies.
//
// One per process, because code is compiled to call functions without context.
// Thread-safe.
class ThreadLocalStorage final : public TlsProvider {
 public:
  static constexpr uint64_t kStaticReserve = 4096;  // Bytes per thread.
  static constexpr uint64_t kMaxAlignment = 4096;

  static ThreadLocalStorage& Process();

  // InvalidArgument: alignment is more than kMaxAlignment.
  absl::StatusOr<uint64_t> Register(const TlsTemplate& tls) override;
  void Unregister(uint64_t module) override;
  // ResourceExhausted: the reserve is used up.  FailedPrecondition: initialized
  // data while there are other threads.
  absl::StatusOr<int64_t> MakeStatic(uint64_t module) override;
  absl::StatusOr<int64_t> HostStaticOffset(uint64_t module) override;
  absl::Status InitializeStatic(uint64_t module) override;
  Functions functions() const override;

  // This thread's block of the module, allocated if need be. For the functions
  // that compiled code calls.
  std::byte* FindBlock(uint64_t slot);

  // Ends this thread's part: frees its blocks.
  void ReleaseThread(void* blocks);

 private:
  struct Slot {
    TlsTemplate tls;
    bool used = false;
    bool is_static = false;
    bool was_visible = false;   // Threads may have written to the block.
    uint64_t static_begin = 0;  // In the reserve.
  };

  // A part of the reserve.
  struct Slice {
    uint64_t begin;
    uint64_t end;
  };

  ThreadLocalStorage() = default;

  // Where a block fits into the reserve; past its end if nowhere.
  uint64_t FindStaticRoom(uint64_t size, uint64_t alignment) const;

  std::mutex mutex_;
  std::vector<Slot> slots_;
  std::vector<void*> threads_;  // Each thread's ThreadBlocks.
  std::vector<Slice> spent_;    // Of the reserve, never to be used again.
};

}  // namespace relink

#endif  // RELINK_RUNTIME_THREAD_LOCAL_STORAGE_H_
