// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/record/held_program.h"

#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace relink::tools {
namespace {

absl::StatusOr<HeldProgram> Script(const std::string& text) {
  return HeldProgram::Fork("/bin/sh", {"sh", "-c", text}, {{"VARIABLE", "5"}});
}

int WaitFor(HeldProgram& program) {
  std::optional<int> ended;
  while (!(ended = program.Ended())) {
    pollfd signals = {program.signals(), POLLIN, 0};
    poll(&signals, 1, /*timeout=*/1000);
  }
  return *ended;
}

std::string NewPath(absl::string_view name) {
  std::string path = absl::StrCat(testing::TempDir(), "/", name);
  unlink(path.c_str());
  return path;
}

TEST(HeldProgram, StartsWhenItIsToldTo) {
  const std::string file = NewPath("started");
  auto program = Script(absl::StrCat("touch ", file, "; exit $VARIABLE"));
  ASSERT_TRUE(program.ok()) << program.status();
  EXPECT_NE(access(file.c_str(), F_OK), 0);
  ASSERT_TRUE(program->Start().ok());
  EXPECT_EQ(WEXITSTATUS(WaitFor(*program)), 5);
  EXPECT_EQ(access(file.c_str(), F_OK), 0);
}

TEST(HeldProgram, IsGoneIfItWasNeverTold) {
  const std::string file = NewPath("not_started");
  pid_t pid = 0;
  {
    auto program = Script("touch " + file);
    ASSERT_TRUE(program.ok());
    pid = program->pid();
  }
  EXPECT_NE(kill(pid, 0), 0);
  EXPECT_NE(access(file.c_str(), F_OK), 0);
}

TEST(HeldProgram, SaysWhyItCannotBeExecuted) {
  auto program = HeldProgram::Fork("/dev/null", {"null"}, {});
  ASSERT_TRUE(program.ok());
  EXPECT_EQ(program->Start().message(), "/dev/null: Permission denied");
}

TEST(HeldProgram, IsSentOnWhatWouldEndThisProcess) {
  auto program =
      Script("trap 'exit 3' TERM; kill -TERM $PPID; while :; do :; done");
  ASSERT_TRUE(program.ok());
  ASSERT_TRUE(program->Start().ok());
  EXPECT_EQ(WEXITSTATUS(WaitFor(*program)), 3);
}

TEST(HeldProgram, HasTheSignalsOfItsParent) {
  auto program = Script("kill -INT $$; exit 1");
  ASSERT_TRUE(program.ok());
  ASSERT_TRUE(program->Start().ok());
  const int status = WaitFor(*program);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGINT);
}

TEST(HeldProgram, EndsWhereEndsOfProcessesAreIgnored) {
  signal(SIGCHLD, SIG_IGN);
  {
    auto program = Script("exit 4");
    ASSERT_TRUE(program.ok());
    ASSERT_TRUE(program->Start().ok());
    EXPECT_EQ(WEXITSTATUS(WaitFor(*program)), 4);
  }
  EXPECT_EQ(signal(SIGCHLD, SIG_DFL), SIG_IGN);
}

}  // namespace
}  // namespace relink::tools
