// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/pass/pipeline_parser.h"

#include <algorithm>
#include <cstddef>
#include <string>

#include "absl/strings/str_cat.h"
#include "relink/pass/pass_options.h"
#include "relink/pass/pipeline_text.h"
#include "relink/support/nearest_name.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

constexpr absl::string_view kRequire = "require";

class Maker {
 public:
  Maker(absl::string_view text, const PassRegistry& registry)
      : text_(text), registry_(registry) {}

  absl::StatusOr<std::vector<ErasedPass>> MakeAll(
      const std::vector<PassText>& texts,
      std::span<const UnitKey* const> units) const {
    std::vector<ErasedPass> passes;
    size_t least = 0;  // What comes is over units[least] or a later one.
    for (const PassText& text : texts) {
      ASSIGN_OR_RETURN(ErasedPass pass, Make(text));
      const UnitKey* const own_unit = pass.unit();
      size_t index = IndexOf(units, pass);
      for (const UnitRow* row = registry_.FindUnit(own_unit);
           index == units.size() && row->whole != nullptr;
           row = registry_.FindUnit(row->whole)) {
        std::vector<ErasedPass> inner;
        inner.push_back(std::move(pass));
        pass = row->for_each(std::move(inner));
        index = IndexOf(units, pass);
      }
      if (index == units.size()) {
        return Error(text, absl::StrCat(Describe(text, own_unit), ", not over ",
                                        UnitName(units[0])));
      }
      if (index < least) {
        return Error(text, absl::StrCat(Describe(text, own_unit),
                                        ", and cannot stand behind one over ",
                                        UnitName(units[least])));
      }
      least = index;
      passes.push_back(std::move(pass));
    }
    return passes;
  }

 private:
  static size_t IndexOf(std::span<const UnitKey* const> units,
                        const ErasedPass& pass) {
    return std::ranges::find(units, pass.unit()) - units.begin();
  }

  absl::string_view UnitName(const UnitKey* unit) const {
    const UnitRow* row = registry_.FindUnit(unit);
    return row == nullptr ? "something else" : row->name;
  }

  std::string Describe(const PassText& text, const UnitKey* unit) const {
    return absl::StrCat(text.name, " is a pass over ", UnitName(unit));
  }

  absl::Status Error(const PassText& text, absl::string_view message) const {
    return PipelineError(text_, text.span, message);
  }

  absl::StatusOr<ErasedPass> Make(const PassText& text) const {
    const UnitRow* unit = registry_.FindUnit(text.name);
    if (unit != nullptr && unit->whole != nullptr) {
      return MakeForEach(*unit, text);
    }
    if (text.has_passes) {
      return Error(text, absl::StrCat(text.name, " has no parts",
                                      SuggestUnit(text.name)));
    }
    if (text.name == kRequire) return MakeRequire(text);
    const PassRow* row = registry_.FindPass(text.name);
    if (row == nullptr) {
      return Error(text, absl::StrCat("unknown pass ", text.name,
                                      SuggestPass(text.name)));
    }
    ASSIGN_OR_RETURN(const PassOptions options,
                     PassOptions::Read(row->options, text, text_));
    absl::StatusOr<ErasedPass> pass = row->make(options);
    if (pass.ok() || IsPipelineError(pass.status())) return pass;
    const absl::Status& error = pass.status();
    return absl::Status(
        error.code(),
        Error(text, absl::StrCat(text.name, ": ", error.message())).message());
  }

  absl::StatusOr<ErasedPass> MakeForEach(const UnitRow& unit,
                                         const PassText& text) const {
    if (!text.has_passes) {
      return Error(text, absl::StrCat("expected ", unit.name, "(PASS,...)"));
    }
    if (!text.options.empty()) {
      return PipelineError(text_, text.options[0].name_span,
                           absl::StrCat(unit.name, " takes no options"));
    }
    ASSIGN_OR_RETURN(std::vector<ErasedPass> passes,
                     MakeAll(text.passes, {&unit.unit, 1}));
    return unit.for_each(std::move(passes));
  }

  absl::StatusOr<ErasedPass> MakeRequire(const PassText& text) const {
    if (text.options.size() != 1 ||
        text.options[0].form != OptionText::Form::kName) {
      return Error(text, "expected require<ANALYSIS>");
    }
    const OptionText& analysis = text.options[0];
    const AnalysisRow* row = registry_.FindAnalysis(analysis.name);
    if (row != nullptr) return row->make_require();
    std::vector<std::string> names;
    for (const AnalysisRow& known : registry_.analyses()) {
      names.emplace_back(known.name);
    }
    return PipelineError(text_, analysis.name_span,
                         absl::StrCat("unknown analysis ", analysis.name,
                                      Suggestion(analysis.name, names)));
  }

  std::string SuggestUnit(absl::string_view name) const {
    std::vector<std::string> names;
    for (const UnitRow& unit : registry_.units()) {
      if (unit.whole != nullptr) names.emplace_back(unit.name);
    }
    return Suggestion(name, names);
  }

  std::string SuggestPass(absl::string_view name) const {
    std::vector<std::string> names = {std::string(kRequire)};
    for (const PassRow& pass : registry_.passes()) {
      names.emplace_back(pass.name);
    }
    return Suggestion(name, names);
  }

  absl::string_view text_;
  const PassRegistry& registry_;
};

}  // namespace

absl::StatusOr<std::vector<ErasedPass>> MakePasses(
    absl::string_view text, const PassRegistry& registry,
    std::span<const UnitKey* const> units) {
  ASSIGN_OR_RETURN(const std::vector<PassText> passes, ParsePipelineText(text));
  return Maker(text, registry).MakeAll(passes, units);
}

}  // namespace relink
