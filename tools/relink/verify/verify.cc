// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "tools/relink/verify/verify.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "relink/link/make_pipeline.h"
#include "relink/support/status_macros.h"
#include "tools/relink/json_writer.h"
#include "tools/relink/shown_text.h"
#include "tools/relink/verify/library_files.h"
#include "tools/relink/verify/verify_file.h"
#include "tools/relink/verify/verify_pool.h"

namespace relink::tools {
namespace {

constexpr Option kOptions[] = {
    {.name = "json", .help = "print the verdicts as JSON"},
    {.name = "jobs",
     .value = "N",
     .help = "how many files at a time (default: one for each processor)"},
    {.name = "timeout",
     .value = "SECONDS",
     .help = "how long one file may take (default: 60)"},
    {.name = "passes",
     .value = "TEXT",
     .help = "run these passes over Relink's copy, and check what they moved"},
    {.name = "quiet", .help = "print only files that are not ok"},
    {.name = "in-this-process",
     .help =
         "verify one FILE here, without a process of its own, and print the "
         "bare verdict; this is what verify starts for each file"},
};

absl::StatusOr<int> Number(const Arguments& arguments, absl::string_view name,
                           int fallback) {
  if (!arguments.Has(name)) return fallback;
  int number = 0;
  if (!absl::SimpleAtoi(arguments.Value(name), &number) || number < 1) {
    return UsageError(absl::StrCat("--", name, ": ", arguments.Value(name),
                                   " is not a number above 0"));
  }
  return number;
}

// "[=====>      ] 512/920", in place, where a person watches.
class ProgressBar {
 public:
  explicit ProgressBar(size_t total)
      : total_(total), shown_(isatty(STDERR_FILENO) != 0) {}
  void Show(size_t done) const {
    if (!shown_) return;
    constexpr size_t kWidth = 40;
    const size_t filled = total_ == 0 ? kWidth : kWidth * done / total_;
    absl::FPrintF(stderr, "\r[%s%s] %d/%d", std::string(filled, '='),
                  std::string(kWidth - filled, ' '), done, total_);
  }
  void Clear() const {
    if (shown_) absl::FPrintF(stderr, "\r\x1b[K");
  }

 private:
  size_t total_;
  bool shown_;
};

void PrintVerdict(const std::string& file, const Verdict& verdict,
                  std::ostream& out) {
  out << Shown(file) << ": " << Name(verdict.kind);
  if (!verdict.summary.empty()) out << " (" << Shown(verdict.summary) << ")";
  out << '\n';
  for (const std::string& detail : verdict.details) {
    out << "    " << Shown(detail) << '\n';
  }
}

void PrintJson(const std::vector<std::string>& files,
               const std::vector<Verdict>& verdicts,
               const std::array<size_t, 3>& counts, std::ostream& out) {
  JsonWriter json(out);
  json.BeginObject();
  json.Field("verified", counts[0]);
  json.Field("refused_by_host", counts[1]);
  json.Field("failed", counts[2]);
  json.Key("files");
  json.BeginArray();
  for (size_t i = 0; i < files.size(); ++i) {
    json.BeginObject();
    json.Field("file", files[i]);
    json.Field("verdict", Name(verdicts[i].kind));
    json.Field("summary", verdicts[i].summary);
    json.Key("details");
    json.BeginArray();
    for (const std::string& detail : verdicts[i].details) json.Value(detail);
    json.EndArray();
    json.EndObject();
  }
  json.EndArray();
  json.EndObject();
}

absl::StatusOr<int> VerifyHere(const Arguments& arguments, Console& console) {
  if (arguments.operands().size() != 1) {
    return UsageError("--in-this-process takes one FILE");
  }
  const Verdict verdict = VerifyFile(std::string(arguments.operands()[0]),
                                     std::string(arguments.Value("passes")));
  console.out() << FormatVerdict(verdict);
  console.out().flush();
  // What was opened may not survive its own finalization.
  _exit(verdict.kind == Verdict::Kind::kFailed ? 1 : 0);
}

}  // namespace

const Syntax kVerifySyntax = {
    .description =
        "Opens each FILE with dlopen and again through Relink, and compares "
        "what\n"
        "both made of it: every relocation, byte and protection. Takes every\n"
        "shared object below a directory. Initialization functions do not "
        "run.\n"
        "Exits with 1 if anything disagrees.",
    .options = kOptions,
    .operands = {.usage = "FILE|DIRECTORY...", .min = 1, .max = Operands::kAny},
};

absl::StatusOr<int> RunVerify(const Arguments& arguments, Console& console) {
  if (arguments.Has("in-this-process")) return VerifyHere(arguments, console);
  ASSIGN_OR_RETURN(const int jobs,
                   Number(arguments, "jobs",
                          static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN))));
  ASSIGN_OR_RETURN(const int timeout, Number(arguments, "timeout", 60));
  // A mistake in it is told once, rather than for each file.
  const std::string passes(arguments.Value("passes"));
  if (const auto pipeline = MakePipeline(passes); !pipeline.ok()) {
    return UsageError(absl::StrCat("--passes: ", pipeline.status().message()));
  }
  const std::vector<absl::string_view> paths(arguments.operands().begin(),
                                             arguments.operands().end());
  ASSIGN_OR_RETURN(const std::vector<std::string> files, FindLibraries(paths));

  const bool json = arguments.Has("json");
  const bool quiet = arguments.Has("quiet");
  const ProgressBar progress(files.size());
  std::vector<Verdict> verdicts(files.size());
  std::array<size_t, 3> counts{};
  size_t done = 0;
  RETURN_IF_ERROR(
      VerifyAll(files,
                {.jobs = static_cast<size_t>(jobs),
                 .timeout = absl::Seconds(timeout),
                 .passes = passes},
                [&](size_t index, const Verdict& verdict) {
                  verdicts[index] = verdict;
                  ++counts[static_cast<size_t>(verdict.kind)];
                  progress.Clear();
                  if (!json && !(quiet && verdict.kind == Verdict::Kind::kOk)) {
                    PrintVerdict(files[index], verdict, console.out());
                    console.out().flush();
                  }
                  progress.Show(++done);
                }));
  progress.Clear();
  if (json) {
    PrintJson(files, verdicts, counts, console.out());
  } else {
    console.out() << "verified " << counts[0] << ", refused by host "
                  << counts[1] << ", failed " << counts[2] << '\n';
  }
  return counts[2] == 0 ? 0 : 1;
}

}  // namespace relink::tools
