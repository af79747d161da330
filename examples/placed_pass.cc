// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// usage: placed_pass LIBRARY VARIABLE VALUE FUNCTION
// Loads LIBRARY with another value in its int VARIABLE, before anything of it
// has run, and calls its FUNCTION, an int().

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/elf/symbol_name.h"
#include "relink/elf/symbol_table.h"
#include "relink/link/library.h"
#include "relink/link/loader.h"
#include "relink/link/pipeline.h"
#include "relink/support/status.h"

namespace relink {
namespace {

// Gives an int variable of the root module another value.
struct SetInt {
  static constexpr absl::string_view kName = "set-int";
  std::string variable;
  int value;

  absl::StatusOr<PreservedAnalyses> Run(
      PlacedGraph& placed, AnalysisManager<PlacedGraph>& /*analyses*/) const {
    const ModuleId id = placed.graph().root_id;
    const auto symbols = elf::SymbolTable<elf::Elf64Le>::Parse(
        placed.View<elf::Elf64Le>(id), placed.module(id).dynamic);
    if (!symbols.ok()) return ToStatus(symbols.error(), "symbol table");
    const uint32_t index = symbols->Find(
        elf::SymbolName(Ref(variable)),
        [&](uint32_t i) { return (*symbols)[i].st_shndx != elf::kShnUndef; });
    if (index == 0) return absl::NotFoundError(variable + ": not defined");
    const LinkAddr addr((*symbols)[index].st_value);
    auto bytes = placed.WritableBytes(id, {addr, sizeof(value)});
    if (!bytes.ok()) return bytes.status();
    std::memcpy(bytes->data(), &value, sizeof(value));
    return PreservedAnalyses::None();
  }
};

absl::StatusOr<Library> LoadWith(SetInt pass, absl::string_view path) {
  Pipeline pipeline;
  pipeline.placed_passes.Add(std::move(pass));
  Loader loader({.pipeline = &pipeline});
  return loader.LoadDylib(path);
}

absl::Status Main(char** arguments) {
  const auto library =
      LoadWith(SetInt{arguments[2], std::atoi(arguments[3])}, arguments[1]);
  if (!library.ok()) return library.status();
  const auto function = library->Get<int()>(absl::string_view(arguments[4]));
  if (!function.ok()) return function.status();
  std::cout << arguments[4] << "() = " << (*function)() << "\n";
  return absl::OkStatus();
}

}  // namespace
}  // namespace relink

int main(int argc, char** argv) {
  if (argc != 5) {
    std::cerr << "usage: placed_pass LIBRARY VARIABLE VALUE FUNCTION\n";
    return 2;
  }
  const absl::Status status = relink::Main(argv);
  if (!status.ok()) std::cerr << "placed_pass: " << status.message() << "\n";
  return status.ok() ? 0 : 1;
}
