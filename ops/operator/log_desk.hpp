#pragma once

#include "events/replay/record_search.hpp"
#include "events/vault/key_ring.hpp"
#include "gateway/bridge/operator_ports.hpp"
#include "ops/operator/entity_finder.hpp"
#include "ops/operator/log_watch.hpp"

namespace reverie::ops {

/// The log as operators look at it: searched with bounded work, one record, followed live, and its owners.
class log_desk : public gateway::log_inspector {
public:
  log_desk(events::event_log& log, events::key_ring& keys, entity_finder& finder, const log_watch& watch)
      : log_(log), keys_(keys), finder_(finder), watch_(watch) {}

  gateway::result<gateway::document> search(const gateway::record_query& query) override;
  gateway::result<gateway::document> record(events::log_position at, gateway::privacy_mode privacy) override;
  gateway::result<std::unique_ptr<gateway::record_feed>> follow(const gateway::record_query& query) override;
  gateway::result<gateway::document> epochs(events::partition_number partition, const std::string& cursor, std::size_t page_size) override;

private:
  gateway::result<events::record_search> search_of(const gateway::record_query& query);

  events::event_log& log_;
  events::key_ring& keys_;
  entity_finder& finder_;
  const log_watch& watch_;
};

} // namespace reverie::ops
