#pragma once

#include "events/codec/event_codec.hpp"
#include "events/log/record.hpp"

#include <string>

namespace reverie::tests {

/// A UUID that is told by a number.
inline events::uuid numbered_uuid(std::uint64_t number) {
  events::uuid id;
  for (std::size_t i = 0; i < 8; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

inline events::entity_ref numbered_session(std::uint64_t number) { return {events::entity_kind::session, numbered_uuid(number)}; }

/// The record that announces an owner, as the next one of its partition's own entity.
inline events::record announcement(events::partition_number partition, std::uint64_t epoch, const events::uuid& writer,
                                   std::uint64_t sequence) {
  events::record made;
  made.headers.entity = events::partition_entity(partition);
  made.slice_key = made.headers.entity.id;
  made.headers.epoch = {epoch};
  made.headers.writer = {writer};
  made.headers.first_sequence = {sequence};
  made.headers.types = {{std::string(events::partition::owner_announced::name), 1}};
  made.value = events::encode_events(std::vector<events::event>{events::partition::owner_announced{epoch, writer, "localhost:0"}}, {});
  made.headers.hash = events::hash_of(made);
  return made;
}

/// Makes the records of one entity, each linked to the one before.
class record_chain {
public:
  record_chain(events::entity_ref entity, std::uint64_t epoch, const events::uuid& writer)
      : entity_(entity), epoch_(epoch), writer_(writer) {}

  events::record next(const std::vector<events::event>& events, const events::field_sealer& sealer = {}) {
    events::record made;
    made.slice_key = entity_.id;
    made.headers.entity = entity_;
    made.headers.epoch = {epoch_};
    made.headers.writer = {writer_};
    made.headers.first_sequence = {sequence_};
    for (const auto& each : events) made.headers.types.push_back({std::string(events::name_of(each)), 1});
    made.headers.command = {numbered_uuid(1000 + sequence_)};
    made.headers.correlation = {numbered_uuid(2000 + sequence_)};
    made.headers.at = events::from_milliseconds(1'700'000'000'000 + static_cast<std::int64_t>(sequence_));
    made.headers.previous_hash = last_hash_;
    made.value = events::encode_events(events, sealer);
    made.headers.hash = last_hash_ = events::hash_of(made);
    sequence_ += events.size();
    return made;
  }

  /// A record of one message with that text.
  events::record message(const std::string& text, const events::field_sealer& sealer = {}) {
    return next({events::session::message_sent{{numbered_uuid(sequence_)}, {}, text, {}}}, sealer);
  }

private:
  events::entity_ref entity_;
  std::uint64_t epoch_;
  events::uuid writer_;
  std::uint64_t sequence_ = 1;
  events::chain_hash last_hash_{};
};

} // namespace reverie::tests
