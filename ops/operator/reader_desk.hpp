#pragma once

#include "gateway/bridge/operator_ports.hpp"
#include "projections/postgres/connection_pool.hpp"

namespace reverie::ops {

/// People and conversations as operators read them, out of the read models. Thread-safe; blocks.
class reader_desk : public gateway::people_desk {
public:
  explicit reader_desk(projections::connection_pool& pool) : pool_(pool) {}

  gateway::result<gateway::document> users(const gateway::people_query& query) override;
  gateway::result<gateway::document> user(events::user_id id, gateway::privacy_mode privacy) override;
  gateway::result<gateway::document> conversations(std::optional<events::user_id> of, const gateway::people_query& query) override;
  gateway::result<gateway::document> memories(events::user_id of, const gateway::people_query& query) override;
  gateway::result<gateway::document> messages(events::session_id conversation, const gateway::people_query& query) override;
  gateway::result<gateway::document> conversation(events::session_id id, gateway::privacy_mode privacy) override;

private:
  events::outcome<void> add_recalled_texts(gateway::document& messages, gateway::privacy_mode privacy);

  projections::connection_pool& pool_;
};

} // namespace reverie::ops
