#pragma once

#include "events/model/failure.hpp"
#include "events/model/field.hpp"

#include <string>
#include <string_view>

namespace reverie::events {

/// Canonical JSON of any described struct (states, commands, effects): fields in order, no spaces, doubles in shortest round-trip
/// form, ids as text, times as milliseconds, optional fields left out when absent, maps and sets as arrays in key order. Equal values
/// give equal bytes. Defined for the field types named in fields_json_types.hpp.
template <described T>
std::string to_canonical_json(const T& value);

/// Reads what to_canonical_json wrote; unknown fields are skipped, missing ones keep their default.
template <described T>
outcome<T> from_canonical_json(std::string_view json);

} // namespace reverie::events

#include "events/codec/fields_json_impl.hpp"
