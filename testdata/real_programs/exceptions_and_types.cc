// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// Exceptions that yaml-cpp throws through its own frames and callbacks of this
// program, and what their types say of them at run time.

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <cstdio>
#include <cstring>
#include <exception>
#include <functional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <typeinfo>
#include <vector>

namespace {

void Show(const char* what, const std::function<void()>& run) {
  try {
    run();
    std::printf("%s: no exception\n", what);
  } catch (const YAML::BadSubscript& error) {
    std::printf("%s: BadSubscript: %s\n", what, error.what());
  } catch (const YAML::RepresentationException& error) {
    const auto* invalid = dynamic_cast<const YAML::InvalidNode*>(&error);
    std::printf("%s: %s at %d, invalid node %d: %s\n", what,
                typeid(error).name(), error.mark.line, invalid != nullptr,
                error.what());
  } catch (const std::exception& error) {
    const auto* parser = dynamic_cast<const YAML::ParserException*>(&error);
    std::printf("%s: %s, of the parser %d at column %d\n", what,
                typeid(error).name(), parser != nullptr,
                parser == nullptr ? -1 : parser->mark.column);
  } catch (int number) {
    std::printf("%s: %d\n", what, number);
  }
}

class Guard {
 public:
  explicit Guard(int* count) : count_(count) {}
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  ~Guard() { ++*count_; }

 private:
  int* count_;
};

// Throws from a callback of the library.
class Handler : public YAML::EventHandler {
 public:
  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
  void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
  void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                const std::string& value) override {
    const Guard guard(&guards);
    if (value == "throw int") throw 42;
    if (value == "throw error") throw std::out_of_range(value);
    if (value == "throw logic") throw std::logic_error(value);
  }
  void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {}
  void OnSequenceEnd() override {}
  void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {}
  void OnMapEnd() override {}

  int guards = 0;
};

struct Point {
  int x = 0;
  int y = 0;
};

}  // namespace

namespace YAML {

template <>
struct convert<Point> {
  static bool decode(const Node& node, Point& point) {
    if (!node.IsSequence() || node.size() != 2) return false;
    point = {node[0].as<int>(), node[1].as<int>()};
    return true;
  }
};

}  // namespace YAML

int main() {
  Show("nothing", [] { YAML::Load("[1, 2, {a: b}]"); });
  Show("unclosed", [] { YAML::Load("a: [1, 2"); });
  Show("tab", [] { YAML::Load("a:\n\t- b"); });
  Show("alias", [] { YAML::Load("[*nobody]"); });
  Show("conversion", [] { YAML::Load("text").as<int>(); });
  Show("subscript", [] { YAML::Node("scalar")["key"] = 1; });
  Show("invalid node", [] {
    const YAML::Node node = YAML::Load("{a: 1}");
    node["b"]["c"].as<std::string>();
  });
  Show("own type", [] { YAML::Load("[1, 2, 3]").as<Point>(); });
  Show("own type, deep", [] { YAML::Load("[1, x]").as<Point>(); });
  Show("no file", [] { YAML::LoadFile("/nonexistent"); });
  for (const char* text : {"[a, throw int]", "{a: [b, {c: throw error}]}",
                           "- - - throw logic", "[fine]"}) {
    Handler handler;
    Show(text, [&] {
      std::istringstream stream(text);
      YAML::Parser parser(stream);
      parser.HandleNextDocument(handler);
    });
    std::printf("guards: %d\n", handler.guards);
  }
  int guards = 0;
  for (int i = 0; i < 500; ++i) {
    try {
      const Guard guard(&guards);
      std::vector<YAML::Node> nodes = YAML::LoadAll("--- a\n--- [b\n");
    } catch (const YAML::Exception& error) {
      if (std::strstr(error.what(), "end of sequence") == nullptr) return 1;
    }
  }
  std::printf("guards: %d\n", guards);
  try {
    try {
      YAML::Load("{a: 1").as<Point>();
    } catch (...) {
      std::throw_with_nested(std::runtime_error("outer"));
    }
  } catch (const std::exception& error) {
    Show(error.what(), [&] { std::rethrow_if_nested(error); });
  }
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << "list" << YAML::Value << YAML::Flow
      << std::vector<int>{1, 2, 3} << YAML::Key << "text" << YAML::Value
      << YAML::Literal << "two\nlines" << YAML::EndMap;
  std::printf("%s\n", out.c_str());
  return 7;
}
