#pragma once

#include "events/model/ids.hpp"

namespace reverie::events {

/// A place in the history of one entity: where the record lies, and which event it is. The sequence stays when a log is copied elsewhere,
/// the record's place does not; 0: it is not known. What clients of a conversation store.
struct entity_position {
  log_position record{};
  sequence_number sequence{};

  friend bool operator==(const entity_position&, const entity_position&) = default;
};

/// Whether `place` is what stands at `reached` or lies before it, in the same entity: by sequence when both are known.
bool is_reached(const entity_position& place, const entity_position& reached);

/// `<partition>:<offset>:<sequence>`, without the last part when that is not known; and back, either way.
std::string to_string(const entity_position& place);
std::optional<entity_position> parse_entity_position(std::string_view text);
/// Of either form, where the record lies.
std::optional<log_position> parse_record_position(std::string_view text);

} // namespace reverie::events
