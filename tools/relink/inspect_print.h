// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_INSPECT_PRINT_H_
#define RELINK_TOOLS_RELINK_INSPECT_PRINT_H_

#include <ostream>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "relink/support/byte_view.h"
#include "tools/relink/inspect_capability.h"
#include "tools/relink/inspect_facts.h"
#include "tools/relink/json_writer.h"

namespace relink::tools {

// Which tables are wanted beside the summary.
struct InspectTables {
  bool segments = false;
  bool sections = false;
  bool symbols = false;
  bool relocations = false;
  bool functions = false;
};

// One file that could be read, and what to print of it.
struct Inspection {
  absl::string_view path;
  ByteView bytes;
  const FileFacts& facts;
  InspectTables tables;
  const FileCode* code = nullptr;  // If it is asked for.
};

// For people: a summary in aligned columns, then the tables.
void PrintText(const Inspection& inspection, std::ostream& out);

// The tables alone.
void PrintTables(const Inspection& inspection, std::ostream& out);

// For programs: one object with every fact, segment and section; symbols and
// relocations one by one only if wanted, as there may be millions.
void PrintJson(const Inspection& inspection, JsonWriter& json);

// The object of a file that could not be read.
void PrintJsonError(absl::string_view path, const absl::Status& status,
                    JsonWriter& json);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_INSPECT_PRINT_H_
