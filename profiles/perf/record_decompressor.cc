// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/perf/record_decompressor.h"

#include <zstd.h>

#include <cstring>

#include "absl/strings/str_cat.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {
namespace {

// More than the largest record, and room to unpack into.
constexpr size_t kBufferSize = size_t{512} << 10;
constexpr int kMaxWindowLog = 24;

}  // namespace

RecordDecompressor::RecordDecompressor() = default;

RecordDecompressor::~RecordDecompressor() { ZSTD_freeDCtx(state_); }

absl::Status RecordDecompressor::Decompress(ByteView packed, Take take) {
  if (state_ == nullptr) {
    state_ = ZSTD_createDCtx();
    ZSTD_DCtx_setParameter(state_, ZSTD_d_windowLogMax, kMaxWindowLog);
    bytes_.resize(kBufferSize);
  }
  ZSTD_inBuffer in = {packed.data(), packed.size(), 0};
  while (true) {
    ZSTD_outBuffer out = {bytes_.data(), bytes_.size(), used_};
    const size_t before = in.pos;
    const size_t result = ZSTD_decompressStream(state_, &out, &in);
    if (ZSTD_isError(result)) {
      return absl::InvalidArgumentError(
          absl::StrCat("damaged zstd data: ", ZSTD_getErrorName(result)));
    }
    const bool moved = out.pos != used_ || in.pos != before;
    // All is out if there was room for more.
    const bool done = in.pos == in.size && out.pos < out.size;
    used_ = out.pos;
    ASSIGN_OR_RETURN(const size_t taken, take(ByteView(bytes_.data(), used_)));
    std::memmove(bytes_.data(), bytes_.data() + taken, used_ - taken);
    used_ -= taken;
    if (done) return absl::OkStatus();
    if (!moved) return absl::InvalidArgumentError("zstd data without an end");
  }
}

}  // namespace relink::profiles
