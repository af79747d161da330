// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/run_relink.h"

#include <sys/wait.h>

#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"

namespace relink::tools {
namespace {

std::string ContentsOf(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace

std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

Outcome Shell(const std::string& command) {
  const std::string out = TempPath("out"), err = TempPath("err");
  const std::string line =
      absl::StrCat("(", command, ") >", Quoted(out), " 2>", Quoted(err));
  const int status = std::system(line.c_str());
  return {WEXITSTATUS(status), ContentsOf(out), ContentsOf(err)};
}

std::string Printed(const std::string& pipeline) {
  const Outcome outcome = Shell(pipeline);
  EXPECT_EQ(outcome.err, "") << pipeline;
  return std::string(absl::StripAsciiWhitespace(outcome.out));
}

std::string RelinkPath() {
  const char* path = std::getenv("RELINK");
  return path != nullptr ? path : "tools/relink/relink";
}

Outcome RunRelink(const std::string& arguments) {
  return Shell(absl::StrCat(Quoted(RelinkPath()), " ", arguments));
}

std::string TempPath(absl::string_view name) {
  return absl::StrCat(testing::TempDir(), "/", name);
}

std::string WriteFile(absl::string_view name, ByteView bytes) {
  std::string path = TempPath(name);
  std::ofstream file(path, std::ios::binary);
  for (std::byte byte : bytes.bytes()) file.put(static_cast<char>(byte));
  return path;
}

std::string CompileC(absl::string_view name, absl::string_view source,
                     absl::string_view flags) {
  std::string path = TempPath(name);
  const Outcome compiled =
      Shell(absl::StrCat("printf %s ", Quoted(source), " | cc -x c - -o ",
                         Quoted(path), " ", flags));
  EXPECT_EQ(compiled.exit_code, 0) << compiled.err;
  return path;
}

}  // namespace relink::tools
