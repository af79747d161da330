// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_IR_GRAPH_LINE_H_
#define RELINK_IR_GRAPH_LINE_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/ir/graph_definitions.h"
#include "relink/ir/graph_fields.h"
#include "relink/ir/graph_lexer.h"
#include "relink/ir/link_graph.h"

namespace relink {

// A section's home: without a size, it is the section's.
struct HomeText {
  LinkAddr begin;
  uint64_t size = 0;
  bool given = false;
  bool has_size = false;
};

// Takes the values of one line of a graph's text. Each Read says in its error
// what was expected, and where.
class GraphLine {
 public:
  // Of the lines of module `from`. Names that are read are kept in `graph`.
  // Definitions, graph and line must outlive it.
  GraphLine(absl::string_view line, size_t number, ModuleId from,
            const GraphDefinitions& definitions, LinkGraph& graph)
      : lexer_(line),
        number_(number),
        from_(from),
        definitions_(definitions),
        graph_(graph) {}

  const Token& token() const { return lexer_.token(); }
  bool at_end() const { return token().kind == TokenKind::kEnd; }
  // If the next token is this one, takes it.
  bool Take(char punctuation);
  bool TakeWord(absl::string_view word);
  Token TakeToken();
  absl::string_view TakeRest() { return lexer_.TakeRest(); }

  absl::Status Expect(char punctuation);
  absl::Status ExpectEnd();
  // That `what` was expected where the present token is.
  absl::Status Expected(absl::string_view what) const;
  absl::Status ErrorIn(const Token& token, absl::string_view what) const;

  absl::Status Read(uint64_t& value);
  absl::Status Read(uint32_t& value);
  absl::Status Read(uint8_t& value);
  absl::Status Read(double& value);
  absl::Status Read(std::string& name);
  absl::Status Read(absl::string_view& name);
  absl::Status Read(elf::Dynamic::Span& span);
  absl::Status Read(HomeText& home);
  absl::Status Read(ExternalId& id);
  absl::Status Read(SymbolId& id);
  template <typename Tag>
  absl::Status Read(Id<Tag>& id) {
    return ReadReference(id);
  }
  template <typename Space>
  absl::Status Read(Address<Space>& address) {
    uint64_t value = 0;
    absl::Status status = Read(value);
    address = Address<Space>(value);
    return status;
  }
  template <typename Space>
  absl::Status Read(AddressRange<Space>& range) {
    absl::Status status = Read(range.begin);
    if (status.ok()) status = Expect('+');
    return status.ok() ? Read(range.size) : status;
  }
  template <typename E>
  requires std::is_enum_v<E> absl::Status Read(E& value) {
    std::string names;
    for (uint8_t i = 0; !Name(E{i}).empty(); ++i) {
      if (TakeWord(Name(E{i}))) {
        value = E{i};
        return absl::OkStatus();
      }
      absl::StrAppend(&names, i == 0 ? "" : ", ", Name(E{i}));
    }
    return Expected(names);
  }

 private:
  template <typename IdType>
  absl::Status ReadReference(IdType& id);

  GraphLexer lexer_;
  size_t number_;
  ModuleId from_;
  const GraphDefinitions& definitions_;
  LinkGraph& graph_;
};

// One attribute of a line: `name`, `name=value` or a word. A visitor of
// graph_fields.h, which reads the field of that name.
class GraphAttribute {
 public:
  explicit GraphAttribute(GraphLine& line)
      : line_(line), name_(line.TakeToken()), has_value_(line.Take('=')) {}

  template <typename T>
  void operator()(absl::string_view name, T& field, const T& = {}) {
    if (found_ || name_.text != name) return;
    if constexpr (std::is_same_v<T, bool>) {
      found_ = !has_value_;
      field = field || found_;
    } else if (has_value_) {
      found_ = true;
      status_ = line_.Read(field);
    }
  }

  template <typename E>
  void Word(E& field) {
    if (found_ || has_value_) return;
    for (uint8_t i = 0; !Name(E{i}).empty(); ++i) {
      if (Name(E{i}) != name_.text) continue;
      found_ = true;
      field = E{i};
    }
  }

  void Word(absl::string_view name, uint8_t& field,
            std::span<const NumberWord> words) {
    (*this)(name, field);
    if (found_ || has_value_) return;
    for (const NumberWord& row : words) {
      if (row.word != name_.text) continue;
      found_ = true;
      field = row.value;
    }
  }

  // `what` is what it should have been an attribute of.
  absl::Status status(absl::string_view what) const;

 private:
  GraphLine& line_;
  Token name_;
  bool has_value_;
  bool found_ = false;
  absl::Status status_;
};

// Reads the rest of the line as attributes of `what`, whose fields `visit`
// visits.
template <std::invocable<GraphAttribute&> Visit>
absl::Status ReadAttributes(GraphLine& line, absl::string_view what,
                            Visit visit) {
  while (!line.at_end()) {
    if (line.token().kind != TokenKind::kWord) {
      return line.Expected(absl::StrCat("an attribute of ", what));
    }
    GraphAttribute attribute(line);
    visit(attribute);
    absl::Status status = attribute.status(what);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace relink

#endif  // RELINK_IR_GRAPH_LINE_H_
