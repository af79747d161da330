// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/scan/objects/select_objects.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "relink/elf/archive.h"
#include "relink/scan/objects/object_file.h"
#include "relink/scan/objects/object_kind.h"
#include "relink/support/status.h"
#include "relink/support/status_macros.h"

namespace relink {
namespace {

using elf::Archive;

// A member of an archive: which, and where its header is.
struct MemberPlace {
  size_t archive = 0;
  uint64_t offset = 0;
};

class Selector {
 public:
  absl::Status Add(ModuleSource source) {
    if (!elf::IsArchive(source.prefix())) return AddObject(std::move(source));
    const auto bytes = source.Read(0, source.size());
    if (!bytes.ok()) return Annotate(bytes.status(), source.name());
    const auto archive = Archive::Parse(*bytes);
    if (!archive.ok()) return ToStatus(archive.error(), source.name());
    source.CloseFile();
    archives_.push_back({source.name(), *archive});
    selected_.sources.push_back(std::move(source));
    absl::Status status = archive->has_index() ? ReadIndex() : MakeIndex();
    return Annotate(status, archives_.back().name);
  }

  // Takes members for as long as one is needed.
  absl::Status Select() {
    for (bool again = !archives_.empty(); again;) {
      again = false;
      // The table grows while it is walked.
      for (size_t i = 0; i < selected_.symbols.symbols().size(); ++i) {
        const GroupSymbol& symbol = selected_.symbols.symbols()[i];
        if (symbol.defined() || !symbol.wanted) continue;
        const auto found = definitions_.find(symbol.name);
        if (found == definitions_.end()) continue;
        const MemberPlace place = found->second;
        if (!taken_.insert({place.archive, place.offset}).second) continue;
        RETURN_IF_ERROR(Take(place));
        again = true;
      }
    }
    return absl::OkStatus();
  }

  SelectedObjects Finish() && { return std::move(selected_); }

 private:
  struct NamedArchive {
    std::string name;
    Archive archive;
  };

  absl::Status AddObject(ModuleSource source) {
    ASSIGN_OR_RETURN(ObjectFile object, ReadObjectFile(source));
    source.CloseFile();  // What was read stays.
    selected_.sources.push_back(std::move(source));
    return selected_.symbols.Add(std::move(object));
  }

  absl::Status ReadIndex() {
    const size_t number = archives_.size() - 1;
    const auto read = archives_.back().archive.ForEachSymbol(
        [&](StringRef name, uint64_t offset) {
          definitions_.try_emplace(View(name), MemberPlace{number, offset});
        });
    return read.ok() ? absl::OkStatus()
                     : ToStatus(read.error(), "symbol index");
  }

  absl::Status MakeIndex() {
    const size_t number = archives_.size() - 1;
    const Archive archive = archives_.back().archive;
    for (uint64_t offset = archive.first(); !archive.IsEnd(offset);) {
      const auto member = archive.At(offset);
      if (!member.ok()) return ToStatus(member.error(), "member");
      ASSIGN_OR_RETURN(ModuleSource source, Open({number, offset}));
      if (IsObjectFile(source.prefix())) {
        ASSIGN_OR_RETURN(const ObjectFile object, ReadObjectFile(source));
        for (uint32_t i = object.first_global; i < object.symbols.size(); ++i) {
          if (i == 0 || object.symbols[i].undefined()) continue;
          definitions_.try_emplace(object.NameOf(i),
                                   MemberPlace{number, offset});
        }
        searched_.push_back(std::move(source));  // Has the names.
      }
      offset = member->next;
    }
    return absl::OkStatus();
  }

  // "libfoo.a(bar.o)".
  absl::StatusOr<ModuleSource> Open(const MemberPlace& place) const {
    const auto& [name, archive] = archives_[place.archive];
    const auto member = archive.At(place.offset);
    if (!member.ok()) return ToStatus(member.error(), name);
    const absl::string_view member_name = View(member->name);
    const std::string full = absl::StrCat(name, "(", member_name, ")");
    if (!archive.thin()) {
      return ModuleSource::FromMemory(member->contents.bytes(), full);
    }
    // Relative to where the archive is.
    const size_t slash = name.rfind('/');
    const bool absolute = !member_name.empty() && member_name[0] == '/';
    const absl::string_view folder =
        absolute || slash == std::string::npos
            ? absl::string_view()
            : absl::string_view(name).substr(0, slash + 1);
    absl::StatusOr<ModuleSource> source =
        ModuleSource::Open(absl::StrCat(folder, member_name));
    if (!source.ok()) return Annotate(source.status(), name);
    return source;
  }

  absl::Status Take(const MemberPlace& place) {
    ASSIGN_OR_RETURN(ModuleSource source, Open(place));
    return AddObject(std::move(source));
  }

  SelectedObjects selected_;
  std::vector<NamedArchive> archives_;
  std::vector<ModuleSource> searched_;
  absl::flat_hash_map<absl::string_view, MemberPlace> definitions_;
  absl::flat_hash_set<std::pair<size_t, uint64_t>> taken_;
};

}  // namespace

absl::StatusOr<SelectedObjects> SelectObjects(
    std::vector<ModuleSource> sources) {
  Selector selector;
  for (ModuleSource& source : sources) {
    RETURN_IF_ERROR(selector.Add(std::move(source)));
  }
  RETURN_IF_ERROR(selector.Select());
  return std::move(selector).Finish();
}

}  // namespace relink
