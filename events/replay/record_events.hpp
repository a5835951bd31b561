#pragma once

#include "events/codec/event_codec.hpp"
#include "events/log/record.hpp"

#include <functional>

namespace reverie::events {

/// What a fold may know of the event at `index` of a record.
event_context context_of(const stored_record& stored, std::size_t index);

/// Decodes records into events, one after the other, with memory that is used again. For one thread.
class record_decoder {
public:
  explicit record_decoder(field_opener opener) : opener_(std::move(opener)) {}

  /// Decodes one record. `corrupted` when the value does not hold the events that the headers say.
  outcome<void> decode(const stored_record& stored);
  /// The events of the record decoded last, which the caller may move from.
  std::vector<event>& events() { return decoded_.events; }
  /// A personal field of it could not be opened, because its key was destroyed.
  bool redacted() const { return decoded_.redacted; }

private:
  field_opener opener_;
  decoded_events decoded_;
};

} // namespace reverie::events
