// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_BOUND_MODULE_H_
#define RELINK_RELOC_BOUND_MODULE_H_

#include <deque>
#include <vector>

#include "absl/status/statusor.h"
#include "relink/elf/relocations.h"
#include "relink/elf/versions.h"
#include "relink/reloc/scope.h"
#include "relink/reloc/tls_provider.h"
#include "relink/stage/placed_graph.h"

namespace relink {

// What linking adds to a placed module: its symbols as a scope member, its
// relocation tables, and its thread-local storage. Refers to the placed memory,
// which must outlive it. Its address must not change once it is in a scope.
struct BoundModule {
  ScopeMember member;
  std::vector<elf::Version> versions;
  elf::RelocationTables<NativeElf> relocations;
  TlsRegistration tls;
  std::deque<TlsIndex> tls_indexes;  // Arguments of TLS descriptors.
  // Whose definitions its references are bound to, other than itself and the
  // host's; maybe some of them more than once.
  std::vector<const ScopeMember*> bound_to;
};

// Reads the symbols and relocation tables of a placed module and registers its
// TLS. InvalidArgument, OutOfRange: a table is malformed.  Unimplemented: an
// executable has thread-local storage.
absl::StatusOr<BoundModule> ReadPlacedModule(const PlacedGraph& placed,
                                             ModuleId id, TlsProvider& tls);

}  // namespace relink

#endif  // RELINK_RELOC_BOUND_MODULE_H_
