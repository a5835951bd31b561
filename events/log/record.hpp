#pragma once

#include "events/model/event.hpp"
#include "events/model/failure.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace reverie::events {

/// BLAKE2b-256 of a link of an entity's chain.
using chain_hash = std::array<std::uint8_t, 32>;

/// Type and version of one event of a record, so that readers can route without parsing the value.
struct event_type {
  std::string name; ///< `session.message_sent`
  std::uint16_t version = 1;

  friend bool operator==(const event_type&, const event_type&) = default;
};

/// What made this record happen: the event, named so that it survives export and import.
struct event_cause {
  entity_ref entity{};
  sequence_number sequence{};

  friend bool operator==(const event_cause&, const event_cause&) = default;
};

/// Headers of a record (DESIGN section 4). Kafka carries them as headers, the embedded log in front of the value.
struct record_headers {
  std::uint16_t format_version = 1;
  epoch_number epoch{};
  writer_id writer{};
  entity_ref entity{};
  sequence_number first_sequence{}; ///< of the record's first event in its entity
  std::vector<event_type> types;    ///< one per event of the value, in order
  command_id command{};
  std::array<std::uint8_t, 16> command_digest{}; ///< keyed digest of the command's content: same id, other content → conflict
  correlation_id correlation{};
  std::optional<event_cause> cause;
  timestamp at{};
  chain_hash previous_hash{}; ///< of the entity's record before; zero for the first
  chain_hash hash{};

  friend bool operator==(const record_headers&, const record_headers&) = default;
};

/// One append: all events of one decision.
struct record {
  uuid slice_key{};
  record_headers headers;
  std::string value; ///< JSON array of events, personal fields sealed

  entity_address address() const { return {headers.entity, slice_key}; }
  sequence_number last_sequence() const { return {headers.first_sequence.value + headers.types.size() - 1}; }
  friend bool operator==(const record&, const record&) = default;
};

/// A record where it stands in the log.
struct stored_record {
  log_position position{};
  record content;
};

/// The chain's link over entity, sequence, types, command id and digest, correlation, time, previous hash and value; not epoch,
/// writer and offset, so that it survives export and import. BLAKE2b-256 (libsodium generichash).
chain_hash hash_of(const record& content);

/// Bytes of a record as the embedded log stores it (without checksum), and back. Format version 1; a newer one is `unknown_version`.
std::string encode_record(const record& content);
/// How many bytes encode_record makes.
std::size_t encoded_size(const record& content);
outcome<record> decode_record(std::string_view bytes);
/// The same into a record whose memory is used again (replay); on a failure it holds anything.
outcome<void> decode_record(std::string_view bytes, record& into);

} // namespace reverie::events
