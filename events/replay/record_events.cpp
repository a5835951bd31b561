#include "events/replay/record_events.hpp"

namespace reverie::events {

event_context context_of(const stored_record& stored, std::size_t index) {
  const auto& headers = stored.content.headers;
  return {stored.content.address(), stored.position,  {headers.first_sequence.value + index},
          headers.at,               headers.command, headers.correlation};
}

outcome<void> record_decoder::decode(const stored_record& stored) {
  const auto& types = stored.content.headers.types;
  if (auto done = decode_events(stored.content.value, opener_, decoded_); !done) return done;
  const auto& events = decoded_.events;
  bool same = events.size() == types.size();
  for (std::size_t i = 0; same && i < events.size(); ++i) same = name_of(events[i]) == types[i].name;
  if (!same) return fail(failure_code::corrupted, "the value holds other events than the headers say");
  return {};
}

} // namespace reverie::events
