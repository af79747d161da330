// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_VERIFY_CHILD_PROCESS_H_
#define RELINK_TOOLS_RELINK_VERIFY_CHILD_PROCESS_H_

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace relink::tools {

// ResourceExhausted: "call: what errno says".
absl::Status SystemCallError(absl::string_view call);

// A file descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int value = -1) : value_(value) {}
  Descriptor(Descriptor&& other) noexcept
      : value_(std::exchange(other.value_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Descriptor();
  int get() const { return value_; }

 private:
  int value_;
};

// This process's environment, with variable `name` set to `value`.
std::vector<std::string> EnvironmentWith(absl::string_view name,
                                         absl::string_view value);
std::vector<std::string> Environment();

// Another process, whose standard output is read; its standard input is empty
// and what it says on standard error is lost. Destroying it kills it.
class ChildProcess {
 public:
  // `program` is a path; `arguments` do not repeat it.
  // ResourceExhausted: no process can be started.
  static absl::StatusOr<ChildProcess> Start(
      const std::string& program, std::vector<std::string> arguments,
      std::vector<std::string> environment = Environment());

  ChildProcess(ChildProcess&& other) noexcept
      : pid_(std::exchange(other.pid_, 0)),
        output_(std::move(other.output_)),
        text_(std::move(other.text_)) {}
  ChildProcess& operator=(ChildProcess&& other) noexcept {
    std::swap(pid_, other.pid_);
    std::swap(output_, other.output_);
    std::swap(text_, other.text_);
    return *this;
  }
  ~ChildProcess();

  // Readable once there is output, or its end.
  int output() const { return output_.get(); }
  // Reads what there is. False at the end of the output.
  bool ReadSome();
  const std::string& text() const { return text_; }

  // The wait status of the process, which is killed first.
  int Kill();
  // The same of one that ends by itself; nullopt if it has not by `deadline`.
  std::optional<int> WaitUntil(absl::Time deadline);

 private:
  ChildProcess() = default;
  int Reap();

  pid_t pid_ = 0;  // 0: ended.
  Descriptor output_;
  std::string text_;
};

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_VERIFY_CHILD_PROCESS_H_
