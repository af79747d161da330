// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/runtime/init_functions.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

// Whether the image has all of `range` in one piece.
bool InImage(const LinkedImage& image, ModuleId id, LinkRange range) {
  if (image.placed(id).in_arenas()) {
    const auto addresses = image.placed(id).addresses();
    const AddressMap::Piece* piece = addresses.Find(range.begin);
    return piece != nullptr && piece->from.Contains(range);
  }
  return std::ranges::any_of(
      image.module(id).segments,
      [&](const Segment& segment) { return segment.memory.Contains(range); });
}

absl::Status AddFunction(const LinkedImage& image, RuntimeAddr addr,
                         absl::string_view what,
                         std::vector<RuntimeAddr>& functions) {
  if (!image.IsCode(addr)) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": function at 0x", absl::Hex(addr.value()),
                     " is not in an executable segment"));
  }
  functions.push_back(addr);
  return absl::OkStatus();
}

absl::Status AddArray(const LinkedImage& image, ModuleId id,
                      elf::Dynamic::Span array, absl::string_view what,
                      std::vector<RuntimeAddr>& functions) {
  const LinkRange range{array.addr, array.size};
  if (range.size == 0) return absl::OkStatus();
  if (!InImage(image, id, range)) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, ": array at 0x", absl::Hex(array.addr.value()),
                     " is not inside a segment"));
  }
  const std::span<std::byte> bytes = image.placed(id).Bytes(range);
  for (uint64_t i = 0; i + sizeof(uint64_t) <= bytes.size();
       i += sizeof(uint64_t)) {
    uint64_t addr;
    std::memcpy(&addr, bytes.data() + i, sizeof(addr));
    RETURN_IF_ERROR(AddFunction(
        image, RuntimeAddr(addr),
        absl::StrCat(what, "[", i / sizeof(uint64_t), "]"), functions));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<InitFunctions> FindInitFunctions(const LinkedImage& image,
                                                ModuleId id) {
  const Module& module = image.module(id);
  const elf::Dynamic& dynamic = module.dynamic;
  const PlacedModule& where = image.placed(id);
  InitFunctions functions;
  if (module.kind == ModuleKind::kExecutable) {
    RETURN_IF_ERROR(AddArray(image, id, dynamic.preinit_array,
                             "DT_PREINIT_ARRAY", functions.init));
  }
  if (dynamic.init.value() != 0) {
    RETURN_IF_ERROR(
        AddFunction(image, where.At(dynamic.init), "DT_INIT", functions.init));
  }
  RETURN_IF_ERROR(
      AddArray(image, id, dynamic.init_array, "DT_INIT_ARRAY", functions.init));
  RETURN_IF_ERROR(
      AddArray(image, id, dynamic.fini_array, "DT_FINI_ARRAY", functions.fini));
  std::ranges::reverse(functions.fini);
  if (dynamic.fini.value() != 0) {
    RETURN_IF_ERROR(
        AddFunction(image, where.At(dynamic.fini), "DT_FINI", functions.fini));
  }
  return functions;
}

void RunInit(const InitFunctions& functions,
             const ProcessArguments& arguments) {
  for (RuntimeAddr addr : functions.init) {
    reinterpret_cast<void (*)(int, char**, char**)>(addr.value())(
        arguments.argc, arguments.argv, arguments.envp);
  }
}

void RunFini(const InitFunctions& functions) {
  for (RuntimeAddr addr : functions.fini) {
    reinterpret_cast<void (*)()>(addr.value())();
  }
}

}  // namespace relink
