// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/map/fake_backend.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include "relink/map/check_pages.h"
#include "relink/map/find_gap.h"

namespace relink {
namespace {

// Handles from here on are of `AddFile`, below are descriptors.
constexpr int kFirstFile = 1 << 30;

std::string Hex(uint64_t value) {
  char text[2 + 16 + 1];
  std::snprintf(text, sizeof(text), "0x%" PRIx64, value);
  return text;
}

std::string Text(RuntimeRange range) {
  return Hex(range.begin.value()) + "+" + Hex(range.size);
}

std::string Text(const MappingBackend::Request& request) {
  std::string text =
      Hex(request.size) + " align " + Hex(request.alignment) + " ";
  if (request.address != RuntimeAddr()) {
    text += (request.fixed ? "fixed " : "near ") +
            Hex(request.address.value()) + " ";
  }
  return text + Name(request.initial);
}

std::string Text(const Error& error) {
  if (error.code == ErrorCode::kExhausted) return "exhausted";
  if (error.code == ErrorCode::kMismatch) return "mismatch";
  return "refused";
}

Error Injected() {
  return Error{ErrorCode::kExhausted, "injected failure", 0, ENOMEM};
}

}  // namespace

FileHandle FakeBackend::AddFile(std::span<const std::byte> contents) {
  files_.emplace_back(contents.begin(), contents.end());
  return {kFirstFile + static_cast<int>(files_.size()) - 1};
}

std::optional<Protection> FakeBackend::ProtectionAt(RuntimeAddr address) const {
  for (const Region& region : regions_) {
    if (!region.range.Contains(address)) continue;
    auto offset = static_cast<uint64_t>(address - region.range.begin);
    return region.pages[offset / page_size()].protection;
  }
  return std::nullopt;
}

Result<RuntimeRange> FakeBackend::Reserve(const Request& request) {
  const bool fails = FailsNow();
  auto range = fails ? Result<RuntimeRange>(Injected()) : AddRegion(request);
  calls_.push_back(
      "reserve " + Text(request) + " -> " +
      (range.ok() ? Hex(range->begin.value()) : Text(range.error())));
  return range;
}

Result<void> FakeBackend::MapFile(RuntimeRange pages, FileHandle file,
                                  FileOffset offset, Protection protection) {
  auto map = [&]() -> Result<void> {
    if (FailsNow()) return Injected();
    RELINK_TRY(CheckFilePages(pages, offset, page_size()));
    RELINK_TRY_ASSIGN(std::span<std::byte> into, MapPages(pages, protection));
    return ReadFile(file, offset, into);
  };
  return Log("map-file " + Text(pages) + " offset " + Hex(offset.value()) +
                 " " + Name(protection),
             map());
}

Result<void> FakeBackend::MapZero(RuntimeRange pages) {
  auto map = [&]() -> Result<void> {
    if (FailsNow()) return Injected();
    RELINK_TRY(CheckPages(pages, page_size()));
    RELINK_TRY_ASSIGN(std::span<std::byte> into,
                      MapPages(pages, Protection::kReadWrite));
    std::ranges::fill(into, std::byte{0});
    return {};
  };
  return Log("map-zero " + Text(pages), map());
}

Result<void> FakeBackend::Protect(RuntimeRange pages, Protection protection) {
  auto protect = [&]() -> Result<void> {
    if (FailsNow()) return Injected();
    RELINK_TRY(CheckPages(pages, page_size()));
    Region* region = FindRegion(pages);
    if (region == nullptr) return Misuse("protect outside", pages);
    for (Page& page : PagesIn(*region, pages)) page.protection = protection;
    return {};
  };
  return Log("protect " + Text(pages) + " " + Name(protection), protect());
}

void FakeBackend::Prefault(RuntimeRange pages, bool write) {
  LogHint("prefault " + Text(pages) + (write ? " write" : " read"), pages);
}

void FakeBackend::UseHugePages(RuntimeRange pages) {
  LogHint("huge-pages " + Text(pages), pages);
}

void FakeBackend::Release(RuntimeRange reservation) {
  calls_.push_back("release " + Text(reservation));
  auto erased = std::erase_if(regions_, [&](const Region& region) {
    return region.range == reservation;
  });
  if (erased == 0) Misuse("release of what is not reserved", reservation);
}

std::byte* FakeBackend::Bytes(RuntimeAddr address) {
  Region* region = FindRegion({address, 1});
  if (region == nullptr) return nullptr;
  return region->bytes.data() + (address - region->range.begin);
}

bool FakeBackend::FailsNow() {
  return calls_until_failure_ != 0 && --calls_until_failure_ == 0;
}

Result<void> FakeBackend::Log(const std::string& call, Result<void> result) {
  calls_.push_back(result.ok() ? call : call + " -> " + Text(result.error()));
  return result;
}

void FakeBackend::LogHint(const std::string& call, RuntimeRange pages) {
  calls_.push_back(call);
  if (FindRegion(pages) == nullptr) Misuse("hint outside", pages);
}

Error FakeBackend::Misuse(const char* what, RuntimeRange range) {
  misuses_.push_back(std::string(what) + ": " + Text(range));
  return Error{ErrorCode::kInternal, what, range.begin.value()};
}

FakeBackend::Region* FakeBackend::FindRegion(RuntimeRange pages) {
  for (Region& region : regions_) {
    if (region.range.Contains(pages)) return &region;
  }
  return nullptr;
}

std::span<FakeBackend::Page> FakeBackend::PagesIn(Region& region,
                                                  RuntimeRange pages) const {
  auto offset = static_cast<uint64_t>(pages.begin - region.range.begin);
  return std::span(region.pages)
      .subspan(offset / page_size(), pages.size / page_size());
}

Result<RuntimeRange> FakeBackend::AddRegion(const Request& request) {
  RELINK_TRY(CheckRequest(request, page_size()));
  std::vector<RuntimeRange> taken;
  for (const Region& region : regions_) taken.push_back(region.range);
  RELINK_TRY_ASSIGN(RuntimeRange range,
                    FindGap({options_.base, options_.size}, taken, request));
  regions_.push_back(
      {.range = range,
       .bytes = std::vector<std::byte>(range.size),
       .pages = std::vector<Page>(range.size / page_size(),
                                  {.protection = request.initial})});
  return range;
}

Result<std::span<std::byte>> FakeBackend::MapPages(RuntimeRange pages,
                                                   Protection protection) {
  Region* region = FindRegion(pages);
  if (region == nullptr) return Misuse("map outside", pages);
  for (const Page& page : PagesIn(*region, pages)) {
    if (page.mapped) return Misuse("mapped twice", pages);
  }
  for (Page& page : PagesIn(*region, pages)) {
    page = {.protection = protection, .mapped = true};
  }
  auto offset = static_cast<uint64_t>(pages.begin - region->range.begin);
  return std::span(region->bytes).subspan(offset, pages.size);
}

Result<void> FakeBackend::ReadFile(FileHandle file, FileOffset offset,
                                   std::span<std::byte> into) const {
  std::ranges::fill(into, std::byte{0});
  if (file.value >= kFirstFile) {
    const auto index = static_cast<size_t>(file.value - kFirstFile);
    if (index >= files_.size()) {
      return Error{ErrorCode::kExhausted, "read of file", offset.value(),
                   EBADF};
    }
    std::span<const std::byte> contents(files_[index]);
    contents = contents.subspan(std::min(offset.value(), contents.size()));
    contents = contents.first(std::min(into.size(), contents.size()));
    std::ranges::copy(contents, into.begin());
    return {};
  }
  while (!into.empty()) {
    ssize_t count = ::pread(file.value, into.data(), into.size(),
                            static_cast<off_t>(offset.value()));
    if (count == 0) return {};
    if (count < 0) {
      return Error{ErrorCode::kExhausted, "read of file", offset.value(),
                   errno};
    }
    into = into.subspan(static_cast<size_t>(count));
    offset = offset + static_cast<uint64_t>(count);
  }
  return {};
}

}  // namespace relink
