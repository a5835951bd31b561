#include "events/model/entity_position.hpp"

#include <charconv>

namespace reverie::events {

bool is_reached(const entity_position& place, const entity_position& reached) {
  const bool both_known = place.sequence.value > 0 && reached.sequence.value > 0;
  return both_known ? place.sequence <= reached.sequence : place.record <= reached.record;
}

std::string to_string(const entity_position& place) {
  auto text = to_string(place.record);
  return place.sequence.value == 0 ? text : text + ":" + std::to_string(place.sequence.value);
}

std::optional<entity_position> parse_entity_position(std::string_view text) {
  const auto colon = text.find(':');
  const auto second = colon == std::string_view::npos ? colon : text.find(':', colon + 1);
  auto record = parse_position(text.substr(0, second));
  if (!record) return std::nullopt;
  if (second == std::string_view::npos) return entity_position{*record, {}};
  const auto digits = text.substr(second + 1);
  std::uint64_t sequence = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), sequence);
  if (error != std::errc{} || end != digits.data() + digits.size() || sequence == 0) return std::nullopt;
  return entity_position{*record, {sequence}};
}

std::optional<log_position> parse_record_position(std::string_view text) {
  const auto place = parse_entity_position(text);
  return place ? std::optional(place->record) : std::nullopt;
}

} // namespace reverie::events
