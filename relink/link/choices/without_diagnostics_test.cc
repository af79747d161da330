// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "relink/link/link_context.h"
#include "relink/link/linker.h"
#include "relink/runtime/debugger_interface.h"
#include "testdata/testdata_path.h"

// The interface of GDB for JIT compilers.
extern "C" {
struct JitDescriptor {
  uint32_t version;
  uint32_t action;
  void* relevant_entry;
  void* first_entry;
};
extern JitDescriptor __jit_debug_descriptor;
}

namespace relink {
namespace {

TEST(WithoutDiagnostics, DoesNotNameSymbols) {
  const LinkContext context;
  const absl::Status status =
      Linker()
          .Load(context, TestdataPath("dependencies/libmissing_symbols.so"))
          .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(status.message()),
              testing::EndsWith("libmissing_symbols.so: undefined symbols"));
}

TEST(WithoutDiagnostics, TellsNoDebugger) {
  const LinkContext context;
  const auto library =
      Linker({.debugger = TellDebugger::kAlways})
          .Load(context, TestdataPath("dependencies/libtop.so"));
  ASSERT_TRUE(library.ok()) << library.status();
  EXPECT_EQ(__jit_debug_descriptor.first_entry, nullptr);
}

}  // namespace
}  // namespace relink
