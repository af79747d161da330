// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/announce_image.h"

#include <utility>

#include "relink/runtime/describe_code.h"
#include "relink/runtime/describe_symbols.h"
#include "relink/runtime/profiler_maps.h"

namespace relink {
namespace {

bool IsToKnow(TellDebugger debugger) {
  return debugger == TellDebugger::kAlways ||
         (debugger == TellDebugger::kIfWatching && DebuggerIsWatching());
}

}  // namespace

std::vector<DebuggerRegistration> AnnounceImage(const LinkedImage& image,
                                                const LoadedGroup& group,
                                                TellDebugger debugger) {
  std::vector<DebuggerRegistration> registrations;
  if (IsToKnow(debugger)) {
    for (auto& file : DescribeSymbols(image, group)) {
      registrations.emplace_back(std::move(file));
    }
  }
  ProfilerMaps& maps = ProfilerMaps::Process();
  // What cannot be written is missing in a profile, and no reason to fail.
  if (maps.wanted()) (void)maps.Append(DescribeCode(image, group));
  return registrations;
}

}  // namespace relink
