#pragma once

#include "projections/postgres/connection_pool.hpp"
#include "projections/queries/read_models.hpp"

namespace reverie::projections {

/// The read models over the stable views of schema `reverie`. A filter, order or cursor that a list does not know is `malformed`, with a
/// sentence for the caller.
class postgres_read_models : public read_models {
public:
  explicit postgres_read_models(connection_pool& pool) : pool_(pool) {}

  outcome<std::optional<user_row>> user(events::user_id id) override;
  outcome<page_of<character_row>> characters(events::user_id reader, const list_request& request) override;
  outcome<std::optional<character_row>> character(events::user_id reader, events::character_id id) override;
  outcome<std::optional<card_bytes>> card(events::user_id reader, events::character_id id) override;
  outcome<page_of<conversation_row>> conversations(events::user_id reader, const list_request& request) override;
  outcome<std::optional<conversation_row>> conversation(events::user_id reader, events::session_id id) override;
  outcome<std::optional<page_of<message_row>>> messages(events::user_id reader, events::session_id conversation,
                                                        const list_request& request) override;
  outcome<page_of<memory_row>> memories(events::user_id reader, std::optional<events::character_id> character,
                                        const list_request& request) override;
  outcome<std::optional<memory_row>> memory(events::user_id reader, events::memory_id id) override;
  outcome<std::optional<bond_row>> bond(events::user_id reader, events::character_id character) override;

private:
  connection_pool& pool_;
};

} // namespace reverie::projections
