// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <cstdint>
#include <span>

#include "relink/scan/scan_module.h"

// A file as loading scans it, with all that it says of itself read.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  auto module = relink::ScanModule(relink::ModuleSource::FromMemory(
      std::as_bytes(std::span(data, size)), "fuzz"));
  if (!module.ok()) return 0;
  // What the scan promises of segments.
  for (const relink::Segment& segment : module->segments) {
    const auto bytes =
        module->source.Read(segment.file.begin.value(), segment.file.size);
    if (!bytes.ok()) __builtin_trap();
    if (segment.writable && segment.executable) __builtin_trap();
  }
  return 0;
}
