// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "profiles/byte_stream.h"
#include "profiles/pprof/pprof.h"
#include "relink/support/byte_view.h"

// A file; what comes of it is counted.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace relink::profiles;  // NOLINT: a function of a few lines
  auto source = std::make_unique<MemorySource>(relink::ByteView(data, size));
  const auto profile = ReadPprof(ByteStream("x", std::move(source)), {});
  if (profile.ok()) (void)profile->Attributed();
  return 0;
}
