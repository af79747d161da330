// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "profiles/byte_stream.h"
#include "profiles/formats.h"
#include "relink/support/byte_view.h"

// A text, read as each of the formats that are text, and as what it seems to
// be.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace relink::profiles;  // NOLINT: a function of a few lines
  const auto stream = [&] {
    return ByteStream(
        "x", std::make_unique<MemorySource>(relink::ByteView(data, size)));
  };
  for (const ProfileFormat& format : ProfileFormats()) {
    if (!format.is_binary) (void)format.read(stream(), {});
  }
  (void)ReadProfile(stream());
  return 0;
}
