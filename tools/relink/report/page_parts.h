// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_REPORT_PAGE_PARTS_H_
#define RELINK_TOOLS_RELINK_REPORT_PAGE_PARTS_H_

#include <cstddef>
#include <ostream>
#include <string>

#include "absl/strings/string_view.h"
#include "tools/relink/report/report_facts.h"

namespace relink::tools {

// The parts of the page, each a <section>. Whatever comes from files is
// escaped, and there is never more than so much of it.

// Numbers before and after.
void WriteHeadline(const Report& report, std::ostream& out);
// Two pictures of the code, a cell for each page.
void WriteHeatMaps(const Report& report, std::ostream& out);
// How many pages have how much of what runs.
void WritePageCurve(const Report& report, std::ostream& out);
// Functions, refusals, modules, arenas.
void WriteFunctions(const Report& report, std::ostream& out);
void WriteRefusals(const Report& report, std::ostream& out);
void WriteModules(const Report& report, std::ostream& out);
void WriteArenas(const Report& report, std::ostream& out);
// What was run, and with which profile.
void WritePasses(const Report& report, std::ostream& out);
void WriteProfile(const Report& report, std::ostream& out);

// A function's name as the page has it, escaped, not longer than `most`.
std::string FunctionText(const LinkGraph& graph, SectionId id, size_t most);

// A module's name without its folder, escaped.
std::string ModuleText(const Module& module);

// Any other text, escaped, and not too long to be read.
std::string Text(absl::string_view text);

// No table is longer; WriteMore says how many rows it does not have.
inline constexpr size_t kMostRows = 300;
void WriteMore(size_t count, size_t shown, absl::string_view of,
               std::ostream& out);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_REPORT_PAGE_PARTS_H_
