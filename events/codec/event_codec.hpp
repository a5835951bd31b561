#pragma once

#include "events/model/event.hpp"
#include "events/model/failure.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reverie::events {

/// Seals one personal value: gets the context (`session.message_sent/content`) and the plain JSON text, gives the JSON that stands in
/// the log. Empty function: personal fields stay open (entities that are nobody's).
using field_sealer = std::function<std::string(std::string_view context, std::string_view plain)>;
/// Opens what a sealer made: gets the key's name (`user/…`), context, nonce and box. `key_destroyed` gives the field's empty value
/// and marks the event redacted; any other failure fails the decoding.
using field_opener =
    std::function<outcome<std::string>(std::string_view key, std::string_view context, std::string_view nonce, std::string_view box)>;

/// The record's value: a JSON array `[{"type":"session.message_sent","version":1,"data":{…}}, …]`; keys in the order of the field
/// descriptions, so the bytes are a function of the events and the sealer.
std::string encode_events(std::span<const event> events, const field_sealer& sealer);

struct decoded_events {
  std::vector<event> events;
  bool redacted = false; ///< a personal field could not be opened because its key was destroyed
};

/// Reads a value of any known version, through upcasters, into current payloads. `unknown_version` for what a newer build wrote,
/// `malformed` otherwise. Hot path (replay): simdjson. Thread-safe; one parser per thread.
outcome<decoded_events> decode_events(std::string_view value, const field_opener& opener);
/// The same into a place whose memory is used again (replay).
outcome<void> decode_events(std::string_view value, const field_opener& opener, decoded_events& into);

/// Plain JSON of one event's data, personal fields open: for tools, tests and golden samples.
std::string data_json(const event& any);

} // namespace reverie::events
