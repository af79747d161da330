// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUN_MAPPED_MODULE_H_
#define RELINK_RUN_MAPPED_MODULE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "relink/ir/link_graph.h"
#include "relink/run/process_memory.h"
#include "relink/support/address.h"

namespace relink {

// A module that ld.so mapped and relocated.
struct MappedModule {
  std::string path;              // Of its file.
  std::string name;              // For messages.
  uint64_t bias = 0;             // What ld.so adds to link addresses.
  const void* handle = nullptr;  // Whatever the caller knows it by.
};

// What of a module's memory holds addresses that relocations put there.
struct AddressWords {
  struct CopiedObject {  // By a copy relocation.
    RuntimeAddr place;
    uint64_t size = 0;
    std::string name;
  };
  std::vector<RuntimeAddr> places;
  // Those that hold link addresses: DT_INIT's and DT_FINI's.
  std::vector<RuntimeAddr> link_places;
  std::vector<CopiedObject> copies;
};

// Reads the module's file, as far as a closed one is read.
// FailedPrecondition: what is mapped is not that file, or was changed since.
// Others are those of ScanModule.
absl::StatusOr<Module> ScanMapped(const MappedModule& mapped,
                                  const ProcessMemory& memory);

// OutOfRange: a table is in no segment.
absl::StatusOr<AddressWords> FindAddressWords(const Module& module,
                                              uint64_t bias);

// Where the module defines `name`, 0 if it does not.
uint64_t FindDefinition(const Module& module, uint64_t bias,
                        absl::string_view name);

// Where its code has `add $8, %rsp; ret`, as the end of .init does; 0 if
// nowhere.
RuntimeAddr FindReturnWay(const Module& module, uint64_t bias);

// The pages from its first segment to its last.
RuntimeRange SpanOf(const Module& module, uint64_t bias, uint64_t page_size);

}  // namespace relink

#endif  // RELINK_RUN_MAPPED_MODULE_H_
