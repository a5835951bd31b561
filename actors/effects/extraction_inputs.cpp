#include "actors/effects/extraction_inputs.hpp"

#include "actors/domain/recall_marker.hpp"
#include "actors/domain/session/turns.hpp"
#include "actors/domain/sorted_ids.hpp"
#include "actors/effects/generation_rules.hpp"

#include <algorithm>

namespace reverie::actors {

bool is_to_be_observed(const bond::state& now, const events::message_id& message) {
  return !contains_id(now.observed, message) && !contains_id(now.retracted, message) && !contains_id(now.barred, message);
}

std::string without_recalled(std::string_view text) {
  std::string own;
  std::size_t from = 0;
  for (const auto& span : recalled_spans(text)) {
    own += text.substr(from, span.begin - from);
    from = span.end;
  }
  return own += text.substr(from);
}

extraction_inputs inputs_before(const session::state& now, const events::message_id& message, std::span<const events::message_id> barred) {
  extraction_inputs inputs;
  const auto turns = session::active_turns(now);
  auto at = std::ranges::find(turns, message, &session::turn::message);
  if (at == turns.end()) return inputs;
  while (at != turns.begin() && inputs.before.size() < extraction_turns_before) {
    --at;
    if (!at->text || std::ranges::binary_search(barred, at->message)) continue;
    inputs.before.push_back({at->by == session::role::user ? "user" : "assistant", cut_text(without_recalled(*at->text), extraction_turn_bytes)});
  }
  std::ranges::reverse(inputs.before);
  return inputs;
}

} // namespace reverie::actors
