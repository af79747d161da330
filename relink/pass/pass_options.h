// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PASS_PASS_OPTIONS_H_
#define RELINK_PASS_PASS_OPTIONS_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/pass/pass_option.h"
#include "relink/pass/pipeline_text.h"

namespace relink {

// The options of a pass, read from text: those that are not given have their
// defaults. Refers to the declarations, which must outlive it.
//
// Asking for an option that is not declared, or not of that type, is a mistake
// in the pass, which an assertion tells; without assertions it is empty.
class PassOptions {
 public:
  // Reads what stands between < and >, for tests.
  static absl::StatusOr<PassOptions> Parse(std::span<const PassOption> declared,
                                           absl::string_view text);

  // Reads the options of `pass`, a part of `pipeline`, which errors show.
  // InvalidArgument: unknown, given twice, or not of its type.
  static absl::StatusOr<PassOptions> Read(std::span<const PassOption> declared,
                                          const PassText& pass,
                                          absl::string_view pipeline);

  bool Flag(absl::string_view name) const;
  int64_t Integer(absl::string_view name) const;
  uint64_t Size(absl::string_view name) const;
  double Real(absl::string_view name) const;
  std::string Choice(absl::string_view name) const;
  std::string Text(absl::string_view name) const;
  std::vector<std::string> List(absl::string_view name) const;

  // Whether the option was written.
  bool Given(absl::string_view name) const;

  // For a value that is of its type, but not what the pass can take:
  // an InvalidArgument that marks it.
  absl::Status Refuse(absl::string_view name, absl::string_view message) const;

  std::span<const PassOption> declared() const { return declared_; }

 private:
  struct Slot {
    OptionValue value;
    bool given = false;
    TextSpan span = {};  // Of the value, or of the name if there is none.
  };

  PassOptions() = default;
  absl::Status ReadOption(const OptionText& option);
  absl::Status Error(TextSpan span, absl::string_view message) const;
  // The slot of the option; null if it is not declared.
  const Slot* Find(absl::string_view name) const;
  template <typename T>
  T Get(absl::string_view name, OptionType type) const;

  std::span<const PassOption> declared_;
  std::vector<Slot> slots_;  // For each of `declared_`.
  std::string pipeline_;     // For errors, as are the spans into it.
  TextSpan pass_span_;
};

// What is wrong with declarations: a name that cannot be written or is there
// twice, a default that is no value.
absl::Status CheckDeclarations(std::span<const PassOption> declared);

}  // namespace relink

#endif  // RELINK_PASS_PASS_OPTIONS_H_
