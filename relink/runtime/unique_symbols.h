// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RUNTIME_UNIQUE_SYMBOLS_H_
#define RELINK_RUNTIME_UNIQUE_SYMBOLS_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "relink/elf/symbol_name.h"
#include "relink/runtime/host_modules.h"

namespace relink {

// Finds the one instance of a GNU unique symbol (STB_GNU_UNIQUE) that the
// process has. From the first lookup on, the host's modules stay loaded for as
// long as this lives. Not thread-safe.
class UniqueSymbols {
 public:
  // `host` must outlive it and not be refreshed.
  explicit UniqueSymbols(const HostModules& host) : host_(host) {}

  // Its address; 0 if no module of the host defines it. A NUL stands after the
  // text of `name`.
  uint64_t Find(const elf::SymbolName& name);

 private:
  // A module to look into, and what keeps it loaded.
  struct Pinned {
    HostModules::Entry module;
    std::shared_ptr<void> handle;
  };

  void PinModules();

  const HostModules& host_;
  std::vector<Pinned> pinned_;
};

}  // namespace relink

#endif  // RELINK_RUNTIME_UNIQUE_SYMBOLS_H_
