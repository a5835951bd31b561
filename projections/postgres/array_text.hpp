#pragma once

#include "projections/fold/table.hpp"

#include <string>
#include <string_view>

namespace reverie::projections {

/// Builds the text form of a one-dimensional SQL array, for parameters such as `$1::uuid[]`.
class array_text {
public:
  void add_null() { begin().append("NULL"); }
  /// A text that needs no quotes: a number, a UUID, a boolean.
  void add_plain(std::string_view text) { begin().append(text); }
  void add_text(std::string_view text);
  /// A cell in the text form its column's type is read from (lists, JSON and bytes as text).
  void add(const value& cell);
  void add(const events::uuid& id) { add_plain(events::to_string(id)); }

  std::string finish() && { return std::move(text_.append(text_.empty() ? "{}" : "}")); }

private:
  std::string& begin() { return text_.append(text_.empty() ? "{" : ","); }

  std::string text_;
};

/// The text array of some strings.
std::string array_of(const std::vector<std::string>& texts);

} // namespace reverie::projections
