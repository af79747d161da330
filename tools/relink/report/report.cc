// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/report/report.h"

#include <filesystem>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "profiles/byte_stream.h"
#include "profiles/file_source.h"
#include "profiles/formats.h"
#include "profiles/profile.h"
#include "relink/link/make_pipeline.h"
#include "relink/pass/instrumentation.h"
#include "relink/pass/pass_context.h"
#include "relink/pass/remark.h"
#include "relink/support/status_macros.h"
#include "tools/relink/command_line.h"
#include "tools/relink/plan/plan_print.h"
#include "tools/relink/plan/planned_link.h"
#include "tools/relink/report/replaced_file.h"
#include "tools/relink/report/report_facts.h"
#include "tools/relink/report/report_print.h"

namespace relink::tools {
namespace {

constexpr Option kOptions[] = {
    {.name = "output",
     .value = "OUT.html",
     .help = "write the page there",
     .letter = 'o'},
    {.name = "profile",
     .value = "FILE",
     .help = "weigh functions by this profile: apply-profile and, unless "
             "--passes says what, pack-hot,plt-bypass"},
    {.name = "passes", .value = "TEXT", .help = "run these passes"},
    {.name = "title",
     .value = "TEXT",
     .help = "of the page (default: FILE's name)"},
    {.name = "json", .help = "print the numbers as JSON"},
};

// What each source of the profile is, as `relink profile show` says it.
absl::StatusOr<std::vector<std::string>> Sources(const std::string& path) {
  ASSIGN_OR_RETURN(auto file, profiles::OpenFile(path));
  ASSIGN_OR_RETURN(
      const profiles::Profile profile,
      profiles::ReadProfile(profiles::ByteStream(path, std::move(file))));
  std::vector<std::string> sources;
  for (const auto& [source, count] : profile.sources()) {
    std::string text = source.format;
    if (!source.event.empty()) absl::StrAppend(&text, ": ", source.event);
    if (source.period != 0) absl::StrAppend(&text, ", one in ", source.period);
    if (source.frequency != 0) {
      absl::StrAppend(&text, ", ", source.frequency, " each second");
    }
    absl::StrAppend(&text, ", ", count.samples, " samples");
    sources.push_back(std::move(text));
  }
  return sources;
}

// The page may take the place of neither.
absl::Status CheckOutput(const std::string& output, const std::string& input) {
  std::error_code error;
  if (!std::filesystem::equivalent(output, input, error)) {
    return absl::OkStatus();
  }
  return UsageError(
      absl::StrCat("report: ", output, ": is what the page would be about"));
}

}  // namespace

constinit const Syntax kReportSyntax = {
    .description =
        "Scans FILE and what it needs, runs passes over that, and writes a\n"
        "page that shows where code would go and what that is good for.\n"
        "Nothing is mapped, and nothing of FILE is run.",
    .options = kOptions,
    .operands = {.usage = "FILE", .min = 1, .max = 1},
};

absl::StatusOr<int> RunReport(const Arguments& arguments, Console& console) {
  if (!arguments.Has("output") && !arguments.Has("json")) {
    return UsageError("report: say where to with -o OUT.html, or --json");
  }
  const std::string profile(arguments.Value("profile"));
  const std::string passes =
      PassesWithProfile(profile, arguments.Value("passes"));
  absl::StatusOr<Pipeline> pipeline = MakePipeline(passes);
  if (!pipeline.ok()) {
    return UsageError(absl::StrCat("report: ", pipeline.status().message()));
  }
  std::optional<ReplacedFile> output;
  if (arguments.Has("output")) {
    const std::string path(arguments.Value("output"));
    RETURN_IF_ERROR(CheckOutput(path, std::string(arguments.operands()[0])));
    RETURN_IF_ERROR(CheckOutput(path, profile));
    ASSIGN_OR_RETURN(output, ReplacedFile::Open(path));
  }
  std::vector<std::string> sources;
  if (!profile.empty()) {
    ASSIGN_OR_RETURN(sources, Sources(profile));
  }

  CollectedRemarks remarks;
  PassContext context;
  context.set_remarks(&remarks);
  PassInstrumentation watch({}, console.out());
  watch.Watch<LinkGraph>(context);
  pipeline->context = &context;
  ASSIGN_OR_RETURN(
      const PlannedLink planned,
      PlanLink(arguments.operands()[0], passes.empty() ? nullptr : &*pipeline));
  const ReportFacts facts = CollectFacts(planned, remarks.remarks());
  const Module& root = planned.graph.modules[planned.graph.root_id];
  Report report = {
      .title = std::string(arguments.Value("title", FileName(root))),
      .passes = passes,
      .profile = profile,
      .sources = std::move(sources),
      .planned = planned,
      .facts = facts,
      .remarks = remarks.remarks(),
      .times = watch.times().rows(),
      .counters = context.counters().all()};
  for (const auto& pass : pipeline->placed_passes.passes()) {
    report.later_passes.emplace_back(pass.name());
  }
  if (output.has_value()) {
    std::ostringstream page;
    WriteReportPage(report, page);
    RETURN_IF_ERROR(std::move(*output).Write(std::move(page).str()));
  }
  if (arguments.Has("json")) PrintReportJson(report, console.out());
  return 0;
}

}  // namespace relink::tools
