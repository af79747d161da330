// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/verify/verify_pool.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace relink::tools {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

// A pool whose processes run a shell script, which has the file as $4.
class VerifyAllWith : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  std::string Path(const char* name) const { return folder_ / name; }

  std::vector<Verdict> Run(absl::string_view script,
                           const std::vector<std::string>& files,
                           size_t jobs = 2,
                           absl::Duration timeout = absl::Minutes(1)) {
    const std::string program = Path("program");
    std::ofstream(program) << "#!/bin/sh\ncd " << folder_ << "\n" << script;
    EXPECT_EQ(chmod(program.c_str(), 0700), 0);
    std::map<size_t, Verdict> verdicts;
    const absl::Status status = VerifyAll(
        files, {.jobs = jobs, .timeout = timeout, .program = program},
        [&](size_t index, const Verdict& verdict) {
          EXPECT_TRUE(verdicts.emplace(index, verdict).second) << index;
        });
    EXPECT_TRUE(status.ok()) << status;
    std::vector<Verdict> in_order(files.size());
    EXPECT_THAT(verdicts, SizeIs(files.size()));
    for (const auto& [index, verdict] : verdicts) in_order.at(index) = verdict;
    return in_order;
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(testing::TempDir()) / "pool";
};

TEST_F(VerifyAllWith, AnswersForEachFile) {
  const std::vector<Verdict> verdicts =
      Run("printf 'ok\\n%s %s %s %s\\n' \"$@\"\n", {"a", "b c", "-d"});
  for (const Verdict& verdict : verdicts) {
    EXPECT_EQ(verdict.kind, Verdict::Kind::kOk);
  }
  EXPECT_EQ(verdicts[0].summary, "verify --in-this-process -- a");
  EXPECT_EQ(verdicts[1].summary, "verify --in-this-process -- b c");
  EXPECT_EQ(verdicts[2].summary, "verify --in-this-process -- -d");
}

TEST_F(VerifyAllWith, NoFilesStartsNothing) {
  EXPECT_THAT(Run("exit 0\n", {}), SizeIs(0));
  EXPECT_TRUE(VerifyAll({}, {.timeout = {}, .program = "/nowhere"},
                        [](size_t, const Verdict&) {})
                  .ok());
}

TEST_F(VerifyAllWith, TheAuditLibraryInEachProcess) {
  // The shell itself runs with it.
  const std::vector<Verdict> verdicts =
      Run("printf 'ok\\n%s\\n' "
          "\"$(dd if=$LD_AUDIT bs=1 skip=1 count=3 2>/dev/null)\"\n",
          {"a", "b", "c"});
  for (const Verdict& verdict : verdicts) EXPECT_EQ(verdict.summary, "ELF");
}

TEST_F(VerifyAllWith, ProcessesThatFailDoesNotStop) {
  const std::vector<Verdict> verdicts =
      Run("case $4 in\n"
          "crashes) kill -SEGV $$ ;;\n"
          // What it said before does not count.
          "crashes_late) printf 'ok\\nfine\\n'; kill -ABRT $$ ;;\n"
          "silent) ;;\n"
          "refused) printf 'refused by host\\nwhy\\n' ;;\n"
          "good) printf 'ok\\nfine\\n' ;;\n"
          "esac\n",
          {"crashes", "crashes_late", "silent", "refused", "good"});
  EXPECT_EQ(verdicts[0].kind, Verdict::Kind::kFailed);
  EXPECT_EQ(verdicts[0].summary, "crashed: Segmentation fault");
  EXPECT_EQ(verdicts[1].kind, Verdict::Kind::kFailed);
  EXPECT_EQ(verdicts[1].summary, "crashed: Aborted");
  EXPECT_EQ(verdicts[2].kind, Verdict::Kind::kFailed);
  EXPECT_THAT(verdicts[2].summary, HasSubstr("no verdict"));
  EXPECT_EQ(verdicts[3].kind, Verdict::Kind::kRefused);
  EXPECT_EQ(verdicts[3].summary, "why");
  EXPECT_EQ(verdicts[4].kind, Verdict::Kind::kOk);
}

TEST_F(VerifyAllWith, ProcessesThatHangAreEnded) {
  const std::vector<Verdict> verdicts =
      Run("case $4 in\n"
          "silent) exec sleep 1000 ;;\n"
          "without_output) exec sleep 1000 >&- ;;\n"
          "endless) exec yes ;;\n"
          "esac\n",
          {"silent", "without_output", "endless"}, /*jobs=*/3,
          absl::Milliseconds(100));
  for (const Verdict& verdict : verdicts) {
    EXPECT_EQ(verdict.kind, Verdict::Kind::kFailed);
    EXPECT_EQ(verdict.summary, "still running after 100ms");
  }
}

// Two processes that can only end together: neither end of a pipe opens without
// the other.
class VerifyAllWithAPair : public VerifyAllWith {
 protected:
  std::vector<Verdict> RunPair(size_t jobs, absl::Duration timeout) {
    EXPECT_EQ(mkfifo(Path("pipe").c_str(), 0600), 0);
    return Run(
        "case $4 in\n"
        "reads) read -r line <pipe; printf 'ok\\n%s\\n' $line ;;\n"
        "writes) echo met >pipe; printf 'ok\\n\\n' ;;\n"
        "esac\n",
        {"reads", "writes"}, jobs, timeout);
  }
};

TEST_F(VerifyAllWithAPair, TwoJobsRunsBothAtATime) {
  const std::vector<Verdict> verdicts = RunPair(2, absl::Minutes(1));
  EXPECT_EQ(verdicts[0].summary, "met");
  EXPECT_EQ(verdicts[1].kind, Verdict::Kind::kOk);
}

TEST_F(VerifyAllWithAPair, OneJobRunsOneAfterTheOther) {
  for (const Verdict& verdict : RunPair(1, absl::Milliseconds(500))) {
    EXPECT_EQ(verdict.summary, "still running after 500ms");
  }
}

TEST_F(VerifyAllWith, AProgramThatCannotBeStarted) {
  const absl::Status status =
      VerifyAll({"file"}, {.timeout = {}, .program = "/nowhere/relink"},
                [](size_t, const Verdict&) { ADD_FAILURE(); });
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()), HasSubstr("/nowhere/relink"));
}

}  // namespace
}  // namespace relink::tools
