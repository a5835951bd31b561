#pragma once

#include "gateway/bridge/operator_limits.hpp"
#include "gateway/bridge/operator_ports.hpp"
#include "ops/operator/told_conversation.hpp"

namespace reverie::ops {

/// Copies of conversations that operators continue apart. Everything about one is asked of and done by entities of their own kinds
/// (`forked_session`, `forked_bond`) in the person's slice: sealed with the person's key, and in none of the person's lists.
class fork_desk : public gateway::fork_port {
public:
  struct bounds {
    std::chrono::milliseconds within = gateway::operator_limits::fork_within;
    reading_gate::bounds readings{gateway::operator_limits::long_reading_records, gateway::operator_limits::long_fork_readings};
    std::size_t part_bytes = gateway::operator_limits::fork_part_bytes;
  };
  fork_desk(actors::actor_node& node, entity_finder& finder, projections::connection_pool& pool, std::function<events::timestamp()> now, bounds most);
  fork_desk(actors::actor_node& node, entity_finder& finder, projections::connection_pool& pool, std::function<events::timestamp()> now)
      : fork_desk(node, finder, pool, std::move(now), bounds()) {}

  gateway::result<gateway::document> make(events::session_id of, const gateway::fork_wish& wish) override;
  gateway::result<gateway::document> list(const gateway::fork_query& query) override;
  gateway::result<gateway::document> one(events::session_id fork) override;
  gateway::result<gateway::document> timelines(events::session_id fork, gateway::privacy_mode privacy) override;
  gateway::result<gateway::document> say(events::session_id fork, const std::string& text) override;
  gateway::result<gateway::document> regenerate(events::session_id fork, events::message_id message) override;
  gateway::result<gateway::document> close(events::session_id fork) override;

private:
  gateway::result<entity_finder::place> find(events::entity_kind kind, const events::uuid& id);
  timeline_source timeline() { return timeline_of(node_, gate_.enter(most_.within)); }
  gateway::result<void> write_bond(const events::entity_address& to, events::bond::forked copy);
  gateway::result<actors::command_answer> write_session(const events::entity_address& to, events::session::forked copy);
  gateway::result<actors::command_answer> submit(const events::entity_address& to, actors::any_command command);
  gateway::result<gateway::document> command(events::session_id fork, actors::session::command command);

  actors::actor_node& node_;
  entity_finder& finder_;
  projections::connection_pool& pool_;
  std::function<events::timestamp()> now_;
  const bounds most_;
  reading_gate gate_;
};

} // namespace reverie::ops
