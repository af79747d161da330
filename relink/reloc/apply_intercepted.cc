// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/reloc/apply_intercepted.h"

#include <utility>

#include "relink/elf/relocations.h"

namespace relink {
namespace {

bool RefersToSymbol(const RelocationRule& rule) {
  return rule.formula != Formula::kUnknown && rule.formula != Formula::kNone &&
         rule.formula != Formula::kRelative &&
         rule.formula != Formula::kIndirect;
}

// Whether it is one field that it stores.
bool StoresField(const RelocationRule& rule) {
  return rule.field != Field::kNone && rule.formula != Formula::kCopy &&
         rule.formula != Formula::kTlsDescriptor;
}

// Symbol 0 of a module without symbols has no name to look at.
SymbolReference SymbolOf(const ScopeMember& member, uint32_t index) {
  if (index == 0 || index >= member.definitions.symbols.limit()) {
    return {.module = member, .name = {}, .version = {}};
  }
  return ReferenceOf(member, index);
}

}  // namespace

bool InterceptedLoops::Fail(absl::Status status, ApplyFailure* failure) {
  failure->what = nullptr;
  status_ = std::move(status);
  return false;
}

uint64_t InterceptedLoops::ValueAt(const RelocationView& view) const {
  const Field field = StoresField(view.rule) ? view.rule.field : Field::k64;
  const std::byte* place =
      arguments_.image.Place(view.place, static_cast<uint64_t>(field));
  return place == nullptr ? 0
                          : reloc_internal::LoadField<NativeElf>(place, field);
}

bool InterceptedLoops::Store(const RelocationView& view, uint64_t value,
                             ApplyFailure* failure) {
  const RelocationRule& rule = view.rule;
  if (!StoresField(rule)) {
    return Fail(
        absl::InvalidArgumentError("takes no value from a relocation handler"),
        failure);
  }
  if (!Fits(value, rule.field, rule.fit)) {
    failure->code = ErrorCode::kOutOfRange;
    failure->what = "value of the handler does not fit in its field";
    failure->value = value;
    return false;
  }
  std::byte* place =
      arguments_.image.Place(view.place, static_cast<uint64_t>(rule.field));
  if (place == nullptr) {
    failure->code = ErrorCode::kOutOfRange;
    failure->what = "place is not inside a writable segment";
    return false;
  }
  reloc_internal::StoreField<NativeElf>(place, rule.field, value);
  return true;
}

template <class Record>
bool InterceptedLoops::Proceed(const RelocationView& view, const Record& record,
                               LazySlots* lazy, RelocationResult* result,
                               ApplyFailure* failure) {
  if constexpr (requires { record.r_addend; }) {
    if (lazy != nullptr && lazy->Defer(view.rule, record, arguments_.image)) {
      *result = {RelocationOutcome::kLazy, ValueAt(view)};
      return true;
    }
  }
  const size_t indirect_count = arguments_.indirects.size();
  if (!reloc_internal::ApplyOne<NativeElf>(view.rule, record, arguments_.image,
                                           arguments_.binder, failure)) {
    return false;
  }
  if (arguments_.indirects.size() > indirect_count) {
    *result = {RelocationOutcome::kIndirect,
               arguments_.indirects.back().resolver.value()};
    return true;
  }
  *result = {RelocationOutcome::kApplied, ValueAt(view)};
  if (RefersToSymbol(view.rule)) {
    // The binder remembers it.
    const BoundSymbol* bound =
        arguments_.binder.Bind(view.symbol_index, view.rule);
    if (bound == nullptr) return false;
    if (!bound->defined) result->outcome = RelocationOutcome::kUndefined;
  }
  return true;
}

template <class Record>
bool InterceptedLoops::Offer(const Record& record, absl::string_view table,
                             size_t index, LazySlots* lazy,
                             ApplyFailure* failure) {
  *failure = {.code = ErrorCode::kInternal, .what = nullptr, .index = index};
  RelocatableImage& image = arguments_.image;
  const LinkAddr at(uint64_t{record.r_offset});
  const RelocationRule& rule = arguments_.target.Rule(record.type());
  int64_t addend = 0;
  if constexpr (requires { record.r_addend; }) {
    addend = record.r_addend;
  } else if (const std::byte* place =
                 image.Place(at, static_cast<uint64_t>(rule.field))) {
    addend = static_cast<int64_t>(
        reloc_internal::LoadField<NativeElf>(place, rule.field));
  }
  const RelocationView view = {
      .symbol = SymbolOf(arguments_.member, record.sym()),
      .symbol_index = record.sym(),
      .table = table,
      .index = index,
      .place = at,
      .runtime_place = image.At(at),
      .r_type = record.type(),
      .rule = rule,
      .addend = addend};
  const absl::StatusOr<RelocationAction> action =
      arguments_.handler.Before(view, image);
  if (!action.ok()) return Fail(action.status(), failure);
  RelocationResult result{};
  switch (action->kind) {
    case RelocationAction::Kind::kProceed:
      if (!Proceed(view, record, lazy, &result, failure)) return false;
      break;
    case RelocationAction::Kind::kUseValue:
      if (!Store(view, action->value, failure)) return false;
      result = {RelocationOutcome::kReplaced, ValueAt(view)};
      break;
    case RelocationAction::Kind::kSkip:
      result = {RelocationOutcome::kSkipped, ValueAt(view)};
      break;
    case RelocationAction::Kind::kDone:
      result = {RelocationOutcome::kDone, ValueAt(view)};
      break;
  }
  absl::Status status = arguments_.handler.After(view, result, image);
  if (!status.ok()) return Fail(std::move(status), failure);
  return true;
}

template <class Record>
bool InterceptedLoops::Apply(std::span<const Record> table,
                             absl::string_view name, LazySlots* lazy,
                             ApplyFailure* failure) {
  for (size_t i = 0; i < table.size(); ++i) {
    if (!Offer(table[i], name, i, lazy, failure)) return false;
  }
  return true;
}

bool InterceptedLoops::Relr(std::span<const NativeElf::Addr> table,
                            ApplyFailure* failure) {
  const RelocationRule& rule = arguments_.target.RelativeRule();
  size_t index = 0;
  return elf::ForEachRelr<NativeElf>(table, [&](LinkAddr at) {
    const std::byte* place = arguments_.image.Place(at, sizeof(uint64_t));
    if (place == nullptr) {
      *failure = {ErrorCode::kOutOfRange,
                  "place is not inside a writable segment", index};
      return false;
    }
    // The relocation that the bit stands for.
    elf::Rela<NativeElf> record{};
    record.r_offset = at.value();
    record.r_info = rule.r_type;
    record.r_addend =
        static_cast<int64_t>(LoadInteger<uint64_t, NativeElf::kOrder>(place));
    return Offer(record, "DT_RELR", index++, nullptr, failure);
  });
}

bool InterceptedLoops::Table(std::span<const elf::Rela<NativeElf>> table,
                             absl::string_view name, ApplyFailure* failure) {
  return Apply(table, name, nullptr, failure);
}

bool InterceptedLoops::Table(std::span<const elf::Rel<NativeElf>> table,
                             absl::string_view name, ApplyFailure* failure) {
  return Apply(table, name, nullptr, failure);
}

bool InterceptedLoops::JumpSlots(std::span<const elf::Rela<NativeElf>> table,
                                 absl::string_view name,
                                 ApplyFailure* failure) {
  return Apply(table, name, arguments_.lazy, failure);
}

}  // namespace relink
