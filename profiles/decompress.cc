// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "profiles/decompress.h"

#include <zlib.h>
#include <zstd.h>

#include <cstring>
#include <span>
#include <utility>

#include "absl/strings/str_cat.h"
#include "relink/support/status_macros.h"

namespace relink::profiles {
namespace {

// What of the packed bytes is looked at in one step.
constexpr size_t kWindow = size_t{64} << 10;
// The largest window that zstd writes unless told otherwise is 8 MiB.
constexpr int kMaxZstdWindowLog = 24;

class GzipSource final : public ByteSource {
 public:
  explicit GzipSource(ByteStream packed) : packed_(std::move(packed)) {}
  GzipSource(const GzipSource&) = delete;
  GzipSource& operator=(const GzipSource&) = delete;
  ~GzipSource() override { inflateEnd(&state_); }

  absl::StatusOr<size_t> Read(std::span<std::byte> into) override {
    while (true) {
      ASSIGN_OR_RETURN(const ByteView window, packed_.Peek(kWindow));
      if (window.size() == 0) {
        if (between_frames_) return 0;
        return packed_.Error(absl::StatusCode::kOutOfRange,
                             "gzip data is truncated");
      }
      // 16 + 15: a gzip header, and the largest window.
      if (between_frames_) {
        inflateEnd(&state_);
        state_ = {};
        if (inflateInit2(&state_, 16 + 15) != Z_OK) {
          return packed_.Error(absl::StatusCode::kResourceExhausted,
                               "no memory for zlib");
        }
        between_frames_ = false;
      }
      state_.next_in =
          reinterpret_cast<Bytef*>(const_cast<std::byte*>(window.data()));
      state_.avail_in = static_cast<uInt>(window.size());
      state_.next_out = reinterpret_cast<Bytef*>(into.data());
      state_.avail_out = static_cast<uInt>(into.size());
      const int result = inflate(&state_, Z_NO_FLUSH);
      packed_.Advance(window.size() - state_.avail_in);
      if (result == Z_STREAM_END) {
        between_frames_ = true;
      } else if (result != Z_OK && result != Z_BUF_ERROR) {
        return packed_.Malformed("damaged gzip data");
      }
      const size_t size = into.size() - state_.avail_out;
      if (size != 0) return size;
    }
  }

 private:
  ByteStream packed_;
  z_stream state_ = {};
  bool between_frames_ = true;
};

class ZstdSource final : public ByteSource {
 public:
  explicit ZstdSource(ByteStream packed)
      : packed_(std::move(packed)), state_(ZSTD_createDStream()) {
    ZSTD_DCtx_setParameter(state_.get(), ZSTD_d_windowLogMax,
                           kMaxZstdWindowLog);
  }

  absl::StatusOr<size_t> Read(std::span<std::byte> into) override {
    while (true) {
      ASSIGN_OR_RETURN(const ByteView window, packed_.Peek(kWindow));
      if (window.size() == 0 && between_frames_) return 0;
      ZSTD_inBuffer in = {window.data(), window.size(), 0};
      ZSTD_outBuffer out = {into.data(), into.size(), 0};
      const size_t result = ZSTD_decompressStream(state_.get(), &out, &in);
      packed_.Advance(in.pos);
      if (ZSTD_isError(result)) {
        return packed_.Malformed(
            absl::StrCat("damaged zstd data: ", ZSTD_getErrorName(result)));
      }
      between_frames_ = result == 0;
      if (out.pos != 0) return out.pos;
      if (window.size() == 0) {
        return packed_.Error(absl::StatusCode::kOutOfRange,
                             "zstd data is truncated");
      }
    }
  }

 private:
  struct Free {
    void operator()(ZSTD_DStream* state) const { ZSTD_freeDStream(state); }
  };

  ByteStream packed_;
  std::unique_ptr<ZSTD_DStream, Free> state_;
  bool between_frames_ = true;
};

bool BeginsWith(ByteView head, absl::string_view magic) {
  return head.size() >= magic.size() &&
         std::memcmp(head.data(), magic.data(), magic.size()) == 0;
}

}  // namespace

// RFC 1952, section 2.3.1.
bool IsGzip(ByteView head) { return BeginsWith(head, "\x1f\x8b"); }
// RFC 8878, section 3.1.1.
bool IsZstd(ByteView head) { return BeginsWith(head, "\x28\xb5\x2f\xfd"); }

std::unique_ptr<ByteSource> Gunzip(ByteStream packed) {
  return std::make_unique<GzipSource>(std::move(packed));
}

std::unique_ptr<ByteSource> Unzstd(ByteStream packed) {
  return std::make_unique<ZstdSource>(std::move(packed));
}

}  // namespace relink::profiles
