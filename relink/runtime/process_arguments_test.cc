// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/process_arguments.h"

#include <unistd.h>

#include <fstream>
#include <iterator>
#include <string>

#include "gtest/gtest.h"

namespace relink {
namespace {

TEST(ProcessArguments, AreThoseOfTheProcess) {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  const std::string expected{std::istreambuf_iterator<char>(file), {}};
  const ProcessArguments arguments = GetProcessArguments();
  ASSERT_GE(arguments.argc, 1);
  std::string found;
  for (int i = 0; i < arguments.argc; ++i) {
    found += arguments.argv[i];
    found += '\0';
  }
  EXPECT_EQ(found, expected);
  EXPECT_EQ(arguments.argv[arguments.argc], nullptr);
}

TEST(ProcessArguments, HaveThePresentEnvironment) {
  EXPECT_EQ(GetProcessArguments().envp, environ);
}

}  // namespace
}  // namespace relink
