// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_PERF_RECORD_DECOMPRESSOR_H_
#define RELINK_PROFILES_PERF_RECORD_DECOMPRESSOR_H_

#include <cstddef>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "relink/support/byte_view.h"

struct ZSTD_DCtx_s;

namespace relink::profiles {

// What `perf record -z` packs: one zstd stream, cut into records anywhere, of
// records that are cut anywhere, too.
class RecordDecompressor {
 public:
  RecordDecompressor();
  ~RecordDecompressor();
  RecordDecompressor(const RecordDecompressor&) = delete;
  RecordDecompressor& operator=(const RecordDecompressor&) = delete;

  // Takes whole records from the beginning of bytes, and returns their size.
  using Take = absl::FunctionRef<absl::StatusOr<size_t>(ByteView bytes)>;

  // Gives `take` what comes of `packed`, and what it did not take before.
  absl::Status Decompress(ByteView packed, Take take);

 private:
  ZSTD_DCtx_s* state_ = nullptr;
  std::vector<std::byte> bytes_;
  size_t used_ = 0;
};

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_PERF_RECORD_DECOMPRESSOR_H_
