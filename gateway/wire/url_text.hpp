#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reverie::gateway {

/// Decodes `%xx`; in forms and queries `+` is a space. Nothing when malformed or not UTF-8.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space);

/// Names and values of a query or an `application/x-www-form-urlencoded` body, in order.
using form_fields = std::vector<std::pair<std::string, std::string>>;
std::optional<form_fields> parse_form(std::string_view text);

/// The first value of a name.
std::optional<std::string_view> value_of(const form_fields& fields, std::string_view name);

} // namespace reverie::gateway
