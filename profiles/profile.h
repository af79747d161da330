// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_PROFILES_PROFILE_H_
#define RELINK_PROFILES_PROFILE_H_

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "profiles/count.h"
#include "relink/support/address.h"
#include "relink/support/id.h"

namespace relink::profiles {

using ModuleId = Id<struct ProfileModuleTag>;
using NameId = Id<struct ProfileNameTag>;
using PlaceId = Id<struct ProfilePlaceTag>;

// How a profile knows a file. With a build-id, that alone is its identity, and
// the rest a hint; else its path and its size are. Sources that tell nothing of
// the file have the key with nothing in it.
struct ModuleKey {
  std::string build_id = {};  // Its bytes.
  std::string path = {};
  uint64_t size = 0;  // Of the file; 0: not known.

  friend auto operator<=>(const ModuleKey&, const ModuleKey&) = default;
};

// What a place's offset counts from.
enum class PlaceKind : uint8_t {
  kFileOffset,
  kLinkAddr,
  kSymbol,  // From the symbol `name`: for sources that know names only.
};

struct Place {
  ModuleId module;
  NameId name;  // Of kSymbol only.
  PlaceKind kind = PlaceKind::kFileOffset;
  uint64_t offset = 0;

  static Place At(ModuleId module, FileOffset offset) {
    return {module, {}, PlaceKind::kFileOffset, offset.value()};
  }
  static Place At(ModuleId module, LinkAddr address) {
    return {module, {}, PlaceKind::kLinkAddr, address.value()};
  }
  static Place In(ModuleId module, NameId name, uint64_t offset) {
    return {module, name, PlaceKind::kSymbol, offset};
  }

  friend bool operator==(const Place&, const Place&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Place& p) {
    // As few steps as there can be: readers do this for every address.
    const uint64_t base = uint64_t{p.name.index()} << 32 | p.module.index();
    return H::combine(std::move(h), base ^ static_cast<uint64_t>(p.kind) << 62,
                      p.offset);
  }
};

// What led from one place to another.
enum class EdgeKind : uint8_t {
  kCall,          // From the call to somewhere in what it called, which ran.
  kOuterCall,     // The same, further up the stack of what ran.
  kBranch,        // A taken branch, call or return: source and target.
  kMispredicted,  // Those of kBranch that were.
  kRun,           // Code that ran straight on: its first and last instruction.
};
inline constexpr int kEdgeKinds = 5;

struct Edge {
  EdgeKind kind;
  PlaceId from;
  PlaceId to;

  friend bool operator==(const Edge&, const Edge&) = default;
  template <typename H>
  friend H AbslHashValue(H h, const Edge& e) {
    return H::combine(std::move(h),
                      uint64_t{e.from.index()} << 32 | e.to.index(),
                      static_cast<uint8_t>(e.kind));
  }
};

// Samples that belong to no file.
enum class Unattributed : uint8_t {
  kKernel,
  kHypervisor,
  kGuest,
  kVdso,
  kAnonymous,   // Executable memory without a file: code of a JIT compiler.
  kUnknown,     // No mapping had the address.
  kOtherEvent,  // Of an event that was not asked for.
  kLost,        // The recorder says that it could not keep up. No samples.
};
inline constexpr int kUnattributedKinds = 8;

absl::string_view Name(PlaceKind kind);
absl::string_view Name(EdgeKind kind);
absl::string_view Name(Unattributed kind);
// "[kernel]" and its like, as formats of names have it; nothing if it is none.
std::string FrameName(Unattributed kind);
std::optional<Unattributed> FindFrameName(absl::string_view name);

// Where samples come from.
struct Source {
  std::string format;
  std::string event;
  uint64_t period = 0;     // Events from one sample to the next; 0: not fixed.
  uint64_t frequency = 0;  // Samples each second; 0: not said.

  friend auto operator<=>(const Source&, const Source&) = default;
};

struct CountedPlace {
  PlaceId id;
  Place place;
  Count count;
};
struct CountedEdge {
  Edge edge;
  Count count;
};

// What is known of how programs ran: a fact about files, without a graph. What
// is added twice is counted twice, so merging is addition: associative,
// commutative, fit for any number of machines. Not safe for threads that change
// it.
class Profile {
 public:
  // The entry that is there already, if there is one.
  ModuleId AddModule(const ModuleKey& key);
  NameId AddName(absl::string_view name);
  PlaceId AddPlace(const Place& place);
  // For so many places, or thereabouts, which takes memory for them at once.
  void ReservePlaces(size_t count);

  void AddCount(PlaceId place, const Count& count) {
    counts_[place.index()] += count;
  }
  void AddEdge(const Edge& edge, const Count& count) { edges_[edge] += count; }
  void AddUnattributed(Unattributed kind, const Count& count) {
    unattributed_[static_cast<size_t>(kind)] += count;
  }
  void AddSource(const Source& source, const Count& count) {
    sources_[source] += count;
  }

  // What the key of a module of `other` becomes.
  using Rekey = std::function<ModuleKey(const ModuleKey&)>;
  // Adds all of `other`, scaled; what has no weight left is left out.
  void Merge(const Profile& other, ScaleFactor factor = {},
             const Rekey& rekey = {});

  // ResourceExhausted if it has more places, edges or names than any real
  // profile: readers ask now and then, so that no input takes all memory.
  absl::Status CheckSize() const;

  const Table<ModuleId, ModuleKey>& modules() const { return modules_; }
  const ModuleKey& module(ModuleId id) const { return modules_[id]; }
  absl::string_view name(NameId id) const { return names_[id]; }
  const Place& place(PlaceId id) const { return places_[id]; }
  size_t name_count() const { return names_.size(); }
  size_t place_count() const { return places_.size(); }
  size_t edge_count() const { return edges_.size(); }
  const Count& count(PlaceId id) const { return counts_[id.index()]; }
  const Count& unattributed(Unattributed kind) const {
    return unattributed_[static_cast<size_t>(kind)];
  }
  const std::map<Source, Count>& sources() const { return sources_; }

  // The module with this build-id; if there is none, the one without a build-id
  // that has the path, and the size if both are known.
  std::optional<ModuleId> FindModule(const ModuleKey& file) const;

  // Places of `module` with a count, by kind, name and offset.
  std::vector<CountedPlace> CountsOf(ModuleId module) const;
  // All edges of `kind`, by their places: from, then to.
  std::vector<CountedEdge> EdgesOf(EdgeKind kind) const;
  // All that has a count or an edge, in an order that depends on what they are
  // and not on when they were added.
  std::vector<PlaceId> SortedPlaces() const;

  // All samples of the module's own.
  Count TotalOf(ModuleId module) const;
  // Those of all modules.
  Count Attributed() const;
  // Those of no module, but for lost ones, which were never recorded.
  Count NotAttributed() const;

 private:
  bool Precedes(PlaceId a, PlaceId b) const;

  Table<ModuleId, ModuleKey> modules_;
  size_t text_size_ = 0;  // Of paths and names.
  absl::flat_hash_map<std::string, ModuleId> module_ids_;
  Table<NameId, std::string> names_;
  absl::flat_hash_map<std::string, NameId> name_ids_;
  Table<PlaceId, Place> places_;
  absl::flat_hash_map<Place, PlaceId> place_ids_;
  std::vector<Count> counts_;  // One for each place.
  absl::flat_hash_map<Edge, Count> edges_;
  std::array<Count, kUnattributedKinds> unattributed_;
  std::map<Source, Count> sources_;
};

}  // namespace relink::profiles

#endif  // RELINK_PROFILES_PROFILE_H_
