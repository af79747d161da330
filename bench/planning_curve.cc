// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "bench/planning_curve.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iostream>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "bench/load_sides.h"
#include "relink/ir/link_graph.h"
#include "relink/ir/module_source.h"
#include "relink/layout/layout.h"
#include "relink/link/make_pipeline.h"
#include "relink/link/pipeline.h"
#include "relink/scan/scan_module.h"
#include "relink/support/status_macros.h"

namespace relink::bench {
namespace {

constexpr size_t kRuns = 5;

// What one plan was and took. Sent from one process to another as bytes.
struct Plan {
  uint64_t functions = 0;
  uint64_t relocations = 0;
  double seconds = 0;
  // Bytes at the peak, more than before, less the file's own pages, which are
  // the page cache's.
  uint64_t memory = 0;
};

uint64_t PeakMemory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<uint64_t>(usage.ru_maxrss) * 1024;
}

// The root alone: what it needs is not planned.
absl::StatusOr<Plan> PlanOnce(const std::string& path,
                              const Pipeline& pipeline) {
  const uint64_t memory_before = PeakMemory();
  const auto begin = std::chrono::steady_clock::now();
  ASSIGN_OR_RETURN(ModuleSource source, ModuleSource::Open(path));
  ASSIGN_OR_RETURN(Module module, ScanModule(std::move(source)));
  module.dependencies.clear();
  LinkGraph graph;
  graph.root_id = graph.modules.Add(std::move(module));
  RETURN_IF_ERROR(RunGraphPasses(pipeline, graph));
  ASSIGN_OR_RETURN(const Layout layout,
                   PlanLayout(graph, {.page_size = 4096, .hint = {}}));
  const std::chrono::duration<double> time =
      std::chrono::steady_clock::now() - begin;
  Plan plan;
  plan.seconds = time.count();
  plan.memory = PeakMemory() - memory_before - std::filesystem::file_size(path);
  for (SectionId id : graph.order) {
    const Section& section = graph.sections[id];
    plan.functions += section.kind == SectionKind::kFunction ? 1 : 0;
    plan.relocations += section.fixups.size();
  }
  return plan;
}

absl::StatusOr<Plan> PlanInNewProcess(const std::string& path,
                                      const Pipeline& pipeline) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return absl::ResourceExhaustedError("pipe");
  const pid_t child = fork();
  if (child < 0) return absl::ResourceExhaustedError("fork");
  if (child == 0) {
    const absl::StatusOr<Plan> plan = PlanOnce(path, pipeline);
    if (!plan.ok()) {
      std::cerr << plan.status().message() << std::endl;
      _exit(1);
    }
    const bool sent = write(ends[1], &*plan, sizeof(*plan)) == sizeof(*plan);
    _exit(sent ? 0 : 1);
  }
  close(ends[1]);
  Plan plan;
  const bool received = read(ends[0], &plan, sizeof(plan)) == sizeof(plan);
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (!received || status != 0) {
    return absl::InternalError(absl::StrCat(path, ": could not be planned"));
  }
  return plan;
}

}  // namespace

absl::Status PrintPlanningCurve(std::span<const absl::string_view> libraries,
                                absl::string_view passes) {
  ASSIGN_OR_RETURN(const Pipeline pipeline, MakePipeline(passes));
  std::cout << "| library | functions | relocations | time | relocations a "
               "second | heap, file sizes |\n|---|---:|---:|---:|---:|---:|\n";
  for (absl::string_view library : libraries) {
    const std::string path = PathOf(library);
    std::array<Plan, kRuns> plans;
    for (Plan& plan : plans) {
      ASSIGN_OR_RETURN(plan, PlanInNewProcess(path, pipeline));
    }
    std::ranges::sort(plans, {}, &Plan::seconds);
    const Plan& median = plans[kRuns / 2];
    const auto size = static_cast<double>(std::filesystem::file_size(path));
    std::cout << absl::StrFormat(
        "| %s | %d | %d | %.1f ms | %.2f M | %.2f |\n",
        std::filesystem::path(path).filename().string(), median.functions,
        median.relocations, median.seconds * 1e3,
        static_cast<double>(median.relocations) / median.seconds / 1e6,
        static_cast<double>(median.memory) / size);
    std::cout.flush();
  }
  return absl::OkStatus();
}

}  // namespace relink::bench
