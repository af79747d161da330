// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/verify/child_process.h"

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relink::tools {
namespace {

using testing::Contains;
using testing::HasSubstr;

absl::StatusOr<ChildProcess> Shell(
    const char* script, std::vector<std::string> environment = Environment()) {
  return ChildProcess::Start("/bin/sh", {"-c", script}, std::move(environment));
}

absl::Time Soon() { return absl::Now() + absl::Minutes(1); }

TEST(ChildProcess, GivesOutputAndExitCode) {
  auto child = Shell("echo one; echo two; echo lost >&2; exit 3");
  ASSERT_TRUE(child.ok()) << child.status();
  while (child->ReadSome()) {
  }
  EXPECT_EQ(child->text(), "one\ntwo\n");
  const std::optional<int> status = child->WaitUntil(Soon());
  ASSERT_TRUE(status.has_value());
  EXPECT_TRUE(WIFEXITED(*status));
  EXPECT_EQ(WEXITSTATUS(*status), 3);
}

TEST(ChildProcess, HasAnEmptyInput) {
  auto child = Shell("wc -c");
  ASSERT_TRUE(child.ok()) << child.status();
  while (child->ReadSome()) {
  }
  EXPECT_EQ(child->text(), "0\n");
}

TEST(ChildProcess, HasTheEnvironmentItIsGiven) {
  auto child = Shell("echo $RELINK_TEST",
                     EnvironmentWith("RELINK_TEST", "something else"));
  ASSERT_TRUE(child.ok()) << child.status();
  while (child->ReadSome()) {
  }
  EXPECT_EQ(child->text(), "something else\n");
}

TEST(ChildProcess, IsNotWaitedForPastTheDeadline) {
  // Its output ends, but it does not.
  auto child = Shell("exec sleep 1000 >&-");
  ASSERT_TRUE(child.ok()) << child.status();
  EXPECT_FALSE(child->ReadSome());
  EXPECT_EQ(child->WaitUntil(absl::Now()), std::nullopt);
  const int status = child->Kill();
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGKILL);
}

TEST(ChildProcess, IsKilledWithItsObject) {
  Descriptor output;
  {
    auto child = Shell("echo running; exec sleep 1000");
    ASSERT_TRUE(child.ok()) << child.status();
    ASSERT_TRUE(child->ReadSome());
    output = Descriptor(dup(child->output()));
  }
  // Nobody holds the other end any more.
  char byte = 0;
  EXPECT_EQ(read(output.get(), &byte, 1), 0);
}

TEST(ChildProcess, SaysWhichProgramCannotBeStarted) {
  const auto child = ChildProcess::Start("/nowhere/program", {});
  ASSERT_FALSE(child.ok());
  EXPECT_EQ(child.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(child.status().message()),
              HasSubstr("/nowhere/program"));
}

TEST(EnvironmentWith, ReplacesAVariable) {
  setenv("RELINK_TEST", "before", /*overwrite=*/1);
  const std::vector<std::string> environment =
      EnvironmentWith("RELINK_TEST", "after");
  EXPECT_EQ(environment.size(), Environment().size());
  EXPECT_THAT(environment, Contains("RELINK_TEST=after"));
  unsetenv("RELINK_TEST");
}

}  // namespace
}  // namespace relink::tools
