#pragma once

#include "gateway/bridge/operator_ports.hpp"
#include "ops/operator/told_conversation.hpp"

namespace reverie::ops {

/// Copies of conversations that operators continue apart. Everything about one is asked of and done by entities of their own kinds
/// (`forked_session`, `forked_bond`) in the person's slice: sealed with the person's key, and in none of the person's lists.
class fork_desk : public gateway::fork_port {
public:
  fork_desk(actors::actor_node& node, entity_finder& finder, projections::connection_pool& pool, std::function<events::timestamp()> now);

  gateway::result<gateway::document> make(events::session_id of, const gateway::fork_wish& wish) override;
  gateway::result<gateway::document> list(const gateway::fork_query& query) override;
  gateway::result<gateway::document> one(events::session_id fork) override;
  gateway::result<gateway::document> timelines(events::session_id fork, gateway::privacy_mode privacy) override;
  gateway::result<gateway::document> say(events::session_id fork, const std::string& text) override;
  gateway::result<gateway::document> regenerate(events::session_id fork, events::message_id message) override;
  gateway::result<gateway::document> close(events::session_id fork) override;

private:
  gateway::result<entity_finder::place> find(events::entity_kind kind, const events::uuid& id);
  gateway::result<actors::command_answer> submit(const events::entity_address& to, actors::any_command command);
  gateway::result<gateway::document> command(events::session_id fork, actors::session::command command);

  actors::actor_node& node_;
  entity_finder& finder_;
  projections::connection_pool& pool_;
  std::function<events::timestamp()> now_;
  timeline_source timeline_;
};

} // namespace reverie::ops
