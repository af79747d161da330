// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/run/page_edits.h"

#include <cstring>

#include "absl/strings/str_cat.h"
#include "relink/support/status.h"

namespace relink {

PageEdits::~PageEdits() {
  for (const Run& run : runs_) {
    if (!run.opened) continue;
    std::memcpy(backend_.Bytes(run.pages.begin), run.before.data(),
                run.before.size());
  }
  Close();
}

void PageEdits::Add(RuntimeRange range) {
  const RuntimeRange pages = PagesOf(range, backend_.page_size());
  for (uint64_t at = 0; at < pages.size; at += backend_.page_size()) {
    pages_.insert(pages.begin.value() + at);
  }
}

absl::Status PageEdits::Open(const ProcessMemory& memory) {
  const uint64_t size = backend_.page_size();
  for (const uint64_t page : pages_) {
    const RuntimeAddr addr(page);
    const ProcessMemory::Mapping* mapping = memory.Find(addr);
    if (mapping == nullptr || mapping->writable_and_executable) {
      return absl::FailedPreconditionError(
          absl::StrCat("page at 0x", absl::Hex(page),
                       mapping == nullptr ? " is not mapped"
                                          : " is writable and executable"));
    }
    if (!runs_.empty() && runs_.back().pages.end() == addr &&
        runs_.back().protection == mapping->protection) {
      runs_.back().pages.size += size;
    } else {
      runs_.push_back({.pages = {addr, size},
                       .protection = mapping->protection,
                       .before = {}});
    }
  }
  for (Run& run : runs_) {
    const std::byte* bytes = backend_.Bytes(run.pages.begin);
    run.before.assign(bytes, bytes + run.pages.size);
    if (run.protection != Protection::kReadWrite) {
      const auto done = backend_.Protect(run.pages, Protection::kReadWrite);
      if (!done.ok()) return ToStatus(done.error(), "page to be changed");
    }
    run.opened = true;
  }
  return absl::OkStatus();
}

void PageEdits::Commit() {
  Close();
  runs_.clear();
}

void PageEdits::Close() {
  for (const Run& run : runs_) {
    if (!run.opened || run.protection == Protection::kReadWrite) continue;
    (void)backend_.Protect(run.pages, run.protection);
  }
}

}  // namespace relink
