#pragma once

#include "events/vault/key_ring.hpp"
#include "gateway/bridge/operator_limits.hpp"
#include "gateway/bridge/operator_ports.hpp"
#include "ops/operator/entity_timeline.hpp"
#include "ops/operator/folded_states.hpp"
#include "ops/operator/log_watch.hpp"

namespace reverie::ops {

/// Entities as operators look at them: now, at any sequence or time, what changed between two, and a person's whole world at one position.
class entity_desk : public gateway::entity_inspector {
public:
  struct bounds {
    std::chrono::milliseconds fold_within = gateway::operator_limits::fold_within;
    std::chrono::milliseconds entity_within = gateway::operator_limits::entity_within;
    reading_gate::bounds readings{gateway::operator_limits::long_reading_records, gateway::operator_limits::long_readings};
    folded_states::bounds states{gateway::operator_limits::folded_states_bytes, gateway::operator_limits::folded_states_per_entity,
                                 gateway::operator_limits::folded_state_every_events, gateway::operator_limits::folded_states_at_rest,
                                 gateway::operator_limits::folded_state_bytes_per_event};
  };
  entity_desk(actors::actor_node& node, events::event_log& log, events::key_ring& keys, entity_finder& finder, projections::connection_pool& pool,
              const log_watch& watch, bounds most);
  entity_desk(actors::actor_node& node, events::event_log& log, events::key_ring& keys, entity_finder& finder, projections::connection_pool& pool,
              const log_watch& watch) : entity_desk(node, log, keys, finder, pool, watch, bounds()) {}

  gateway::result<gateway::document> entity(events::entity_ref which, gateway::privacy_mode privacy) override;
  gateway::result<gateway::document> history(events::entity_ref which, const gateway::record_query& query) override;
  gateway::result<gateway::document> state_at(events::entity_ref which, gateway::entity_moment when, gateway::privacy_mode privacy) override;
  gateway::result<gateway::document> diff(events::entity_ref which, std::uint64_t from, std::uint64_t to, gateway::privacy_mode privacy) override;
  gateway::result<gateway::document> world(events::user_id person, events::log_position at, gateway::privacy_mode privacy) override;

private:
  gateway::result<entity_finder::place> find(const events::entity_ref& which);
  /// What one call reads, with its time and its place among the long ones.
  timeline_source timeline(std::chrono::milliseconds within) { return timeline_of(node_, gate_.enter(within)); }
  gateway::result<folded_entity> fold(const timeline_source& source, const entity_finder::place& of, const fold_until& until);
  gateway::result<std::vector<events::log_position>> page_of(const entity_finder::place& of, const gateway::record_query& query);
  gateway::result<std::vector<events::log_position>> records_between(const entity_finder::place& of, std::uint64_t from, std::uint64_t to);
  gateway::result<gateway::document> state_of_owner(const entity_finder::place& of, gateway::privacy_mode privacy);
  /// Sessions and bonds of a person, the newest first, and whether there were more than are given.
  struct belongings {
    std::vector<events::entity_ref> all;
    bool cut = false;
  };
  events::outcome<belongings> belongings_of(events::user_id person, std::optional<events::timestamp> until);

  actors::actor_node& node_;
  events::event_log& log_;
  events::key_ring& keys_;
  entity_finder& finder_;
  projections::connection_pool& pool_;
  const log_watch& watch_;
  const bounds most_;
  reading_gate gate_;
  folded_states states_;
};

} // namespace reverie::ops
