// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_RELOC_APPLY_INLINE_H_
#define RELINK_RELOC_APPLY_INLINE_H_

// The loops of apply.h.

namespace relink::reloc_internal {

template <class E>
inline uint64_t LoadField(const std::byte* place, Field field) {
  switch (field) {
    case Field::k8:
      return LoadInteger<uint8_t, E::kOrder>(place);
    case Field::k16:
      return LoadInteger<uint16_t, E::kOrder>(place);
    case Field::k32:
      return LoadInteger<uint32_t, E::kOrder>(place);
    case Field::k64:
      return LoadInteger<uint64_t, E::kOrder>(place);
    case Field::kNone:
      break;
  }
  return 0;
}

template <class E>
inline void StoreField(std::byte* place, Field field, uint64_t value) {
  switch (field) {
    case Field::k8:
      return StoreInteger<uint8_t, E::kOrder>(place,
                                              static_cast<uint8_t>(value));
    case Field::k16:
      return StoreInteger<uint16_t, E::kOrder>(place,
                                               static_cast<uint16_t>(value));
    case Field::k32:
      return StoreInteger<uint32_t, E::kOrder>(place,
                                               static_cast<uint32_t>(value));
    case Field::k64:
      return StoreInteger<uint64_t, E::kOrder>(place, value);
    case Field::kNone:
      return;
  }
}

// Applies the relocation at one place; the general road.
template <class E, class Record, Binder B>
bool ApplyOne(const RelocationRule& rule, const Record& record,
              RelocatableImage& image, B& binder, ApplyFailure* failure) {
  const LinkAddr at(uint64_t{record.r_offset});
  failure->what = nullptr;
  const auto fail = [&](ErrorCode code, const char* what) {
    failure->code = code;
    failure->what = what;
    return false;
  };
  if (rule.formula == Formula::kNone) return true;
  if (rule.formula == Formula::kUnknown) {
    return fail(ErrorCode::kUnsupported,
                "relocation type is not known for this machine");
  }
  const uint64_t word = sizeof(typename E::Native);
  const BoundSymbol* bound = nullptr;
  uint64_t size = static_cast<uint64_t>(rule.field);
  if (rule.formula != Formula::kRelative &&
      rule.formula != Formula::kIndirect) {
    bound = binder.Bind(record.sym(), rule);
    if (bound == nullptr) return false;
    if (rule.formula == Formula::kCopy) size = bound->size;
    if (rule.formula == Formula::kTlsDescriptor) size = 2 * word;
  }
  std::byte* place = image.Place(at, size);
  if (place == nullptr) {
    return fail(ErrorCode::kOutOfRange,
                "place is not inside a writable segment");
  }
  uint64_t addend;
  if constexpr (requires { record.r_addend; }) {
    addend = static_cast<uint64_t>(int64_t{record.r_addend});
  } else {
    addend = LoadField<E>(place, rule.field);
  }

  uint64_t value = 0;
  switch (rule.formula) {
    case Formula::kUnknown:
    case Formula::kNone:
      return true;
    case Formula::kRelative:
      value = image.At(LinkAddr(addend)).value();
      break;
    case Formula::kAddress:
      addend = 0;
      [[fallthrough]];
    case Formula::kSymbol:
    case Formula::kPcRelative: {
      if (bound->indirect) {
        binder.Defer({place, RuntimeAddr(bound->address), addend, &rule, at});
        return true;
      }
      value = bound->is_place ? image.At(bound->place + addend).value()
                              : bound->address + addend;
      if (rule.formula == Formula::kPcRelative) value -= image.At(at).value();
      break;
    }
    case Formula::kGotOffset:
      return fail(ErrorCode::kUnsupported,
                  "relocation type is of object files only");
    case Formula::kSize:
      value = bound->size + addend;
      break;
    case Formula::kCopy:
      if (bound->defined && size != 0) {
        std::memcpy(place, reinterpret_cast<const void*>(bound->address), size);
      }
      return true;
    case Formula::kIndirect:
      binder.Defer({place, image.At(LinkAddr(addend)), 0, &rule, at});
      return true;
    case Formula::kTlsModule:
      if (!bound->defined) return true;
      if (!binder.TlsModule(*bound, &value)) return false;
      break;
    case Formula::kTlsOffset:
      if (!bound->defined) return true;
      if (!binder.TlsOffset(*bound, addend, &value)) return false;
      break;
    case Formula::kThreadOffset:
      if (!bound->defined) return true;
      if (!binder.ThreadOffset(*bound, addend, &value)) return false;
      break;
    case Formula::kTlsDescriptor: {
      uint64_t descriptor[2];
      if (!binder.TlsDescriptor(*bound, addend, descriptor)) return false;
      StoreField<E>(place, static_cast<Field>(word), descriptor[0]);
      StoreField<E>(place + word, static_cast<Field>(word), descriptor[1]);
      return true;
    }
  }
  if (!Fits(value, rule.field, rule.fit)) {
    failure->value = value;
    return fail(ErrorCode::kOutOfRange, "value does not fit in its field");
  }
  StoreField<E>(place, rule.field, value);
  return true;
}

}  // namespace relink::reloc_internal

namespace relink {

template <class E, class Record, Binder B>
bool ApplyTable(const Target& target, std::span<const Record> table,
                RelocatableImage& image, B& binder, ApplyFailure* failure) {
  using Native = typename E::Native;
  const AddressMap addresses = image.addresses();
  for (size_t i = 0; i < table.size(); ++i) {
    const Record& record = table[i];
    const RelocationRule& rule = target.Rule(record.type());
    // Most entries of most tables: a word that only needs the bias.
    if constexpr (requires { record.r_addend; }) {
      if (rule.formula == Formula::kRelative &&
          rule.field == static_cast<Field>(sizeof(Native))) {
        std::byte* place =
            image.Place(LinkAddr(uint64_t{record.r_offset}), sizeof(Native));
        if (place != nullptr) [[likely]] {
          StoreInteger<Native, E::kOrder>(
              place, static_cast<Native>(addresses
                                             .At(LinkAddr(static_cast<uint64_t>(
                                                 int64_t{record.r_addend})))
                                             .value()));
          continue;
        }
      }
    }
    if (!reloc_internal::ApplyOne<E>(rule, record, image, binder, failure)) {
      failure->index = i;
      return false;
    }
  }
  return true;
}

template <class E>
bool ApplyRelr(std::span<const typename E::Addr> table, RelocatableImage& image,
               ApplyFailure* failure) {
  using Native = typename E::Native;
  const AddressMap addresses = image.addresses();
  size_t index = 0;
  const bool ok = elf::ForEachRelr<E>(table, [&](LinkAddr at) {
    std::byte* place = image.Place(at, sizeof(Native));
    if (place == nullptr) return false;
    StoreInteger<Native, E::kOrder>(
        place, static_cast<Native>(
                   addresses.At(LinkAddr(LoadInteger<Native, E::kOrder>(place)))
                       .value()));
    ++index;
    return true;
  });
  if (!ok) {
    *failure = {ErrorCode::kOutOfRange,
                "place is not inside a writable segment", index};
  }
  return ok;
}

}  // namespace relink

#endif  // RELINK_RELOC_APPLY_INLINE_H_
