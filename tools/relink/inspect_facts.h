// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_TOOLS_RELINK_INSPECT_FACTS_H_
#define RELINK_TOOLS_RELINK_INSPECT_FACTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "relink/support/byte_view.h"
#include "tools/relink/relocation_list.h"
#include "tools/relink/relocation_name.h"
#include "tools/relink/symbol_list.h"

namespace relink::tools {

struct SegmentFacts {
  uint32_t type;
  uint32_t flags;
  uint64_t offset;
  uint64_t vaddr;
  uint64_t filesz;
  uint64_t memsz;
  uint64_t align;
};

struct SectionFacts {
  absl::string_view name;
  uint32_t type;
  uint64_t flags;
  uint64_t addr;
  uint64_t offset;
  uint64_t size;
  uint64_t align;
};

// What the file asks of memory protection and binding time.
struct ProtectionFacts {
  enum class Stack : uint8_t { kNotExecutable, kExecutable, kUnstated };

  uint64_t writable_bytes = 0;  // Of PT_LOAD segments.
  uint64_t relro_bytes = 0;     // Of these, read-only after relocation.
  uint64_t rwx_segments = 0;    // PT_LOAD, writable and executable.
  Stack stack = Stack::kUnstated;
  bool bind_now = false;
  bool text_relocations = false;
};

// Thread-local storage.
struct TlsFacts {
  bool present = false;  // A PT_TLS segment.
  uint64_t filesz = 0;
  uint64_t memsz = 0;
  uint64_t align = 0;
  bool static_only = false;  // DF_STATIC_TLS: must be there at start.
};

// What Relink will be able to do with the module (design.md, "Capability"). The
// deeper levels need the scanner.
struct CapabilityFacts {
  absl::string_view level;
  absl::string_view reason;
};

// Everything `relink inspect` says of one file but its symbols and relocations
// one by one. Strings refer to the file's bytes. Takes memory in proportion to
// the number of segments and sections.
struct FileFacts {
  Platform platform;
  uint16_t type = 0;  // e_type.
  absl::string_view kind;
  uint8_t os_abi = 0;
  uint32_t flags = 0;  // e_flags.
  uint64_t entry = 0;
  bool dynamic = false;  // Has a dynamic table.

  std::string build_id;  // Hex digits; empty: none.
  std::optional<absl::string_view> soname;
  std::optional<absl::string_view> rpath;
  std::optional<absl::string_view> runpath;
  std::optional<absl::string_view> interpreter;
  std::vector<absl::string_view> needed;

  std::vector<SegmentFacts> segments;
  std::vector<SectionFacts> sections;  // Without section 0.
  SymbolCounts dynamic_symbols;
  SymbolCounts full_symbols;  // .symtab.
  RelocationCounts relocations;
  ProtectionFacts protection;
  TlsFacts tls;
  CapabilityFacts capability;

  std::vector<std::string> warnings;  // Of what loading does not need.
  std::vector<absl::Status> errors;   // Of what it does need.
};

// Any class and byte order. Fails if the header or the segments are broken;
// what else is broken is in `errors` or `warnings`.
Result<FileFacts> CollectFacts(ByteView file);

}  // namespace relink::tools

#endif  // RELINK_TOOLS_RELINK_INSPECT_FACTS_H_
