// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/ir/graph_module_parser.h"

#include "relink/ir/graph_fields.h"
#include "relink/ir/graph_lexer.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

absl::Status ParseSegment(GraphLine& line, Module& module) {
  Segment& segment = module.segments.emplace_back();
  RETURN_IF_ERROR(line.Read(segment.memory));
  return ReadAttributes(line, "a segment", [&](GraphAttribute& each) {
    VisitSegment(segment, each);
  });
}

absl::Status ParseTls(GraphLine& line, Module& module) {
  TlsSegment& tls = module.tls.emplace();
  RETURN_IF_ERROR(line.Read(tls.image));
  return ReadAttributes(line, "TLS",
                        [&](GraphAttribute& each) { VisitTls(tls, each); });
}

absl::Status ParseDynamic(GraphLine& line, Module& module) {
  return ReadAttributes(line, "a dynamic table", [&](GraphAttribute& each) {
    VisitDynamic(module.dynamic, each);
  });
}

absl::Status ParseDependency(GraphLine& line, Module& module) {
  Dependency& dependency = module.dependencies.emplace_back();
  RETURN_IF_ERROR(line.Read(dependency.name));
  return ReadAttributes(line, "a dependency", [&](GraphAttribute& each) {
    VisitDependency(dependency, each);
  });
}

absl::Status ParseFunction(GraphLine& line, Module& module) {
  Function& function = module.functions.emplace_back();
  if (line.token().kind != TokenKind::kNumber) {
    RETURN_IF_ERROR(line.Read(function.name));
  }
  RETURN_IF_ERROR(line.Read(function.range));
  return ReadAttributes(line, "a function", [&](GraphAttribute& each) {
    VisitFunction(function, each);
  });
}

absl::Status ParseJumpTable(GraphLine& line, Module& module) {
  JumpTable& table = module.jump_tables.emplace_back();
  RETURN_IF_ERROR(line.Read(table.range));
  return ReadAttributes(line, "a jump table", [&](GraphAttribute& each) {
    VisitJumpTable(table, each);
  });
}

struct StatementRow {
  absl::string_view keyword;
  ModuleStatement parse;
};

constexpr StatementRow kStatements[] = {
    {"segment", ParseSegment},   {"tls", ParseTls},
    {"dynamic", ParseDynamic},   {"needs", ParseDependency},
    {"function", ParseFunction}, {"jump-table", ParseJumpTable},
};

}  // namespace

ModuleStatement FindModuleStatement(absl::string_view keyword) {
  for (const StatementRow& row : kStatements) {
    if (row.keyword == keyword) return row.parse;
  }
  return nullptr;
}

}  // namespace relink
