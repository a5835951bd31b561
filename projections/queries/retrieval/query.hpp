#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reverie::projections {

/// Somebody whose turns are searched; the place in the list is the number that `ranked_document::speaker`
/// holds.
struct participant {
  std::string_view name;
  bool is_user = false; ///< the one that `I` and `my` in a question mean
};

/// A question made ready for the ranking: its distinct terms in the order they were written (joined by OR),
/// and the one participant it is about, if it is exactly one.
struct query {
  std::vector<std::string> terms;
  std::optional<std::uint16_t> asked_about;
};

/// Reads a question. At most `limits::query_terms` terms are kept, the first ones. A participant is asked
/// about when a word of the name stands in the text that is neither a stop word nor part of another
/// participant's name; the user also by a first person (I, me, my, mine, myself). Pure.
query query_of(std::string_view text, std::span<const participant> participants);

} // namespace reverie::projections
