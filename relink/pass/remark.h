// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_REMARK_H_
#define RELINK_PASS_REMARK_H_

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace relink {

enum class RemarkKind : uint8_t {
  kMoved,    // It is somewhere else now.
  kRefused,  // It stays as it is, and why.
  kChanged,  // Its contents are others.
  kNote,     // Something else worth knowing.
};

// What a pass did to one thing, or why it did not. A call's argument: who keeps
// one copies the text.
struct Remark {
  absl::string_view pass = {};
  RemarkKind kind = RemarkKind::kNote;
  absl::string_view module = {};   // Empty if it is about none.
  absl::string_view subject = {};  // A function or section, if it is about one.
  absl::string_view address = {};  // As text, e.g. "0x1040"; empty if none.
  absl::string_view message = {};
};

// Where remarks go.
class RemarkSink {
 public:
  virtual ~RemarkSink() = default;
  virtual void Add(const Remark& remark) = 0;

  // Whether anybody reads them. A pass with something to say of every function
  // asks first and saves making the text.
  virtual bool wanted() const { return true; }
};

// Nobody reads them.
class NoRemarks final : public RemarkSink {
 public:
  void Add(const Remark& /*remark*/) override {}
  bool wanted() const override { return false; }
};

// One JSON object a line, with the members of `Remark` that are not empty.
class JsonLinesRemarks final : public RemarkSink {
 public:
  explicit JsonLinesRemarks(std::ostream& out) : out_(out) {}  // Must outlive.
  void Add(const Remark& remark) override;

 private:
  std::ostream& out_;
};

// Keeps them.
class CollectedRemarks final : public RemarkSink {
 public:
  struct Kept {
    std::string pass;
    RemarkKind kind;
    std::string module;
    std::string subject;
    std::string address;
    std::string message;
  };

  void Add(const Remark& remark) override;
  const std::vector<Kept>& remarks() const { return remarks_; }

 private:
  std::vector<Kept> remarks_;
};

absl::string_view Name(RemarkKind kind);

// "libfoo.so: f at 0x1040: order: moved: message", without what is empty.
std::string Text(const Remark& remark);

}  // namespace relink

#endif  // RELINK_PASS_REMARK_H_
