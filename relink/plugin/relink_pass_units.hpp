// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PLUGIN_RELINK_PASS_UNITS_HPP_
#define RELINK_PLUGIN_RELINK_PASS_UNITS_HPP_

// What passes of a plugin see, in C++20: part of relink_pass_plugin.hpp, which
// says how to use it.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "relink_pass_plugin.h"

namespace relink::plugin {

using Text = std::string_view;
using Id = relink_id;
inline constexpr Id kNone = RELINK_NONE;

enum class Capability : uint32_t {
  kOpaque,
  kSectioned,
  kOverlayable,
  kReorderable
};
enum class OpenDepth : uint32_t {
  kClosed,
  kSections,
  kSymbols,
  kFixups,
  kFunctions
};
enum class Materialization : uint32_t { kWhole, kOverlay, kArenas };
enum class MemoryClass : uint32_t { kCode, kReadOnly, kRelro, kData, kTls };
enum class RemarkKind : uint32_t { kMoved, kRefused, kChanged, kNote };
using Counts = relink_counts;
using Module = relink_module_info;
using Function = relink_function_info;
using Section = relink_section_info;
using Symbol = relink_symbol_info;
using Fixup = relink_fixup_info;
using Call = relink_call_info;

inline Text View(relink_string text) {
  return text.data == nullptr ? Text() : Text(text.data, text.size);
}
inline relink_string String(Text text) { return {text.data(), text.size()}; }

// One of these structs with its size set.
template <typename T>
T Sized() {
  T value = {};
  value.size = sizeof(T);
  return value;
}

struct Status {
  relink_code code = RELINK_OK;
  std::string message = {};
  bool ok() const { return code == RELINK_OK; }
};

// What a pass leaves true.
class Preserved {
 public:
  static Preserved All() { return Preserved(true); }
  static Preserved None() { return Preserved(false); }
  template <typename Analysis>
  Preserved& Preserve() {
    names_.emplace_back(Analysis::kName);
    return *this;
  }

 private:
  friend class Run;
  explicit Preserved(bool all) : all_(all) {}
  bool all_;
  std::vector<std::string> names_;
};

// What is the same for every unit: reading the graph, reporting, analyses.
class Run {
 public:
  Run(const relink_host* host, relink_run* handle)
      : host_(host), handle_(handle) {}
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  size_t module_count() const { return counts().modules; }
  size_t section_count() const { return counts().sections; }
  size_t symbol_count() const { return counts().symbols; }
  Counts counts() const {
    return Info<Counts>([&](Counts* c) { return host_->counts(handle_, c); });
  }
  Module module(Id id) const {
    return Info<Module>(
        [&](Module* m) { return host_->module_info(handle_, id, m); });
  }
  Text module_name(Id id) const { return View(module(id).name); }
  std::vector<Id> module_sections(Id id) const {
    std::vector<Id> ids(module(id).sections);
    Check(host_->module_sections(handle_, id, ids.data(), ids.size()));
    return ids;
  }
  Function function(Id module, size_t index) const {
    return Info<Function>([&](Function* f) {
      return host_->function_info(handle_, module, index, f);
    });
  }
  Section section(Id id) const {
    return Info<Section>(
        [&](Section* s) { return host_->section_info(handle_, id, s); });
  }
  Text section_name(Id id) const { return View(section(id).name); }
  std::span<const uint8_t> bytes(Id section) const {
    const uint8_t* bytes = nullptr;
    size_t count = 0;
    Check(host_->section_bytes(handle_, section, &bytes, &count));
    return {bytes, count};
  }
  Symbol symbol(Id id) const {
    return Info<Symbol>(
        [&](Symbol* s) { return host_->symbol_info(handle_, id, s); });
  }
  Fixup fixup(Id section, size_t index) const {
    return Info<Fixup>([&](Fixup* f) {
      return host_->fixup_info(handle_, section, index, f);
    });
  }
  Call call(size_t index) const {
    return Info<Call>(
        [&](Call* c) { return host_->call_info(handle_, index, c); });
  }
  std::vector<Id> order() const {
    std::vector<Id> ids(counts().order);
    Check(host_->order(handle_, ids.data(), ids.size()));
    return ids;
  }

  // Whether anybody reads remarks, and one.
  bool remarks_wanted() const { return host_->remarks_wanted(handle_) != 0; }
  void Remark(RemarkKind kind, Id section_id, Text message) const {
    auto remark = Sized<relink_remark>();
    const Section about = section(section_id);
    const std::string address = Hex(about.home);
    remark.kind = static_cast<uint32_t>(kind);
    remark.module = module(about.module).name;
    remark.subject = about.name;
    if (about.home_bytes > 0) remark.address = String(address);
    remark.message = String(message);
    Check(host_->remark(handle_, &remark));
  }
  void Count(Text name, uint64_t value = 1) const {
    Check(host_->count(handle_, String(name), value));
  }

  // The result of an analysis of this plugin; null, and the pass fails, if that
  // fails.
  template <typename Analysis>
  const typename Analysis::Result* Get() const {
    const void* result = nullptr;
    Check(host_->analysis(handle_, String(Analysis::kName), &result));
    return static_cast<const typename Analysis::Result*>(result);
  }
  // That of any analysis, as text.
  std::string AnalysisText(Text name) const {
    relink_string text = {};
    Check(host_->analysis_text(handle_, String(name), &text));
    return std::string(View(text));
  }

  // The pass fails when it returns.
  void Fail(relink_code code, Text message) const {
    if (code_ == RELINK_OK) Set(code, message);
  }
  bool ok() const { return code_ == RELINK_OK; }

  // For the trampolines below. The code to return, with its message last.
  relink_code Finish() const {
    if (code_ != RELINK_OK) {
      host_->fail(handle_, code_, String(message_));
    }
    return code_;
  }
  void Take(const Status& status) const { Fail(status.code, status.message); }
  void Take(const Preserved& preserved) const {
    if (preserved.all_) Check(host_->preserve_all(handle_));
    for (const std::string& name : preserved.names_) {
      Check(host_->preserve(handle_, String(name)));
    }
  }

 protected:
  // Remembers the first failure.
  void Check(relink_code code) const {
    if (code != RELINK_OK && code_ == RELINK_OK) {
      Set(code, View(host_->error(handle_)));
    }
  }

  const relink_host* host_;
  relink_run* handle_;

 private:
  template <typename T, typename Fill>
  T Info(Fill fill) const {
    auto info = Sized<T>();
    Check(fill(&info));
    return info;
  }
  void Set(relink_code code, Text message) const {
    code_ = code;
    message_ = std::string(message);
  }
  static std::string Hex(uint64_t value) {
    std::string digits;
    do {
      digits.insert(digits.begin(), "0123456789abcdef"[value % 16]);
      value /= 16;
    } while (value != 0);
    return "0x" + digits;
  }

  mutable relink_code code_ = RELINK_OK;
  mutable std::string message_;
};

// All modules, before anything has an address.
class Graph : public Run {
 public:
  static constexpr uint32_t kUnit = RELINK_UNIT_GRAPH;
  using Run::Run;

  void Open(Id module, OpenDepth depth) {
    Check(host_->open(handle_, module, static_cast<uint32_t>(depth)));
  }
  // Opens the module; whether it has the pass's least capability.
  bool Provide(Id module) {
    uint32_t capable = 0;
    Check(host_->provide(handle_, module, &capable));
    return capable != 0;
  }
  void SetOrder(std::span<const Id> ids) {
    Check(host_->set_order(handle_, ids.data(), ids.size()));
  }
  void SetWeight(Id section, double weight) {
    Check(host_->set_weight(handle_, section, weight));
  }
  void SetAlignment(Id section, uint64_t alignment) {
    Check(host_->set_alignment(handle_, section, alignment));
  }
  void Pin(Id section, Text reason) {
    Check(host_->pin(handle_, section, String(reason)));
  }
  void RemoveSections(std::span<const Id> ids) {
    Check(host_->remove_sections(handle_, ids.data(), ids.size()));
  }
  void SetMaterialization(Id module, Materialization materialization) {
    Check(host_->set_materialization(handle_, module,
                                     static_cast<uint32_t>(materialization)));
  }
  Id AddArena(Text name, MemoryClass memory_class, bool huge_pages = false) {
    auto info = Sized<relink_arena_info>();
    info.name = String(name);
    info.memory_class = static_cast<uint32_t>(memory_class);
    info.huge_pages = huge_pages ? 1 : 0;
    Id arena = kNone;
    Check(host_->add_arena(handle_, &info, &arena));
    return arena;
  }
  void SetArena(Id section, Id arena) {
    Check(host_->set_arena(handle_, section, arena));
  }
  void SetCalls(std::span<const Call> calls) {
    Check(host_->set_calls(handle_, calls.data(), calls.size(), sizeof(Call)));
  }
  // `section` has module, name, memory_class, bytes, alignment and weight.
  Id AddSection(const Section& section) {
    Id id = kNone;
    Check(host_->add_section(handle_, &section, &id));
    return id;
  }
  void Write(Id section, uint64_t offset, std::span<const uint8_t> bytes) {
    Check(host_->write(handle_, section, offset, bytes.data(), bytes.size()));
  }
  Id AddSymbol(const Symbol& symbol) {
    Id id = kNone;
    Check(host_->add_symbol(handle_, &symbol, &id));
    return id;
  }
  void SetFixup(Id section, size_t index, const Fixup& fixup) {
    Check(host_->set_fixup(handle_, section, index, &fixup));
  }
  void AddFixup(Id section, const Fixup& fixup) {
    Check(host_->add_fixup(handle_, section, &fixup));
  }
};

// The same, for a pass that runs once for each module.
class ModuleGraph : public Graph {
 public:
  static constexpr uint32_t kUnit = RELINK_UNIT_MODULE;
  using Graph::Graph;
  Id id() const { return host_->current_module(handle_); }
};

// All modules at their addresses.
class Placed : public Run {
 public:
  static constexpr uint32_t kUnit = RELINK_UNIT_PLACED;
  using Run::Run;

  uint64_t address(Id section) const {
    uint64_t address = 0;
    Check(host_->section_address(handle_, section, &address));
    return address;
  }
  uint64_t module_address(Id module, uint64_t link_address) const {
    uint64_t address = 0;
    Check(host_->module_address(handle_, module, link_address, &address));
    return address;
  }
  std::pair<uint64_t, uint64_t> arena_range(Id arena) const {
    uint64_t begin = 0, bytes = 0;
    Check(host_->arena_range(handle_, arena, &begin, &bytes));
    return {begin, bytes};
  }
  void Write(Id section, uint64_t offset, std::span<const uint8_t> bytes) {
    Check(host_->write(handle_, section, offset, bytes.data(), bytes.size()));
  }
  Id AddSymbol(const Symbol& symbol) {
    Id id = kNone;
    Check(host_->add_symbol(handle_, &symbol, &id));
    return id;
  }
  void SetFixup(Id section, size_t index, const Fixup& fixup) {
    Check(host_->set_fixup(handle_, section, index, &fixup));
  }
};

}  // namespace relink::plugin

#endif  // RELINK_PLUGIN_RELINK_PASS_UNITS_HPP_
