#pragma once

#include "gateway/bridge/operator_ports.hpp"
#include "projections/postgres/connection_pool.hpp"
#include "projections/runner/dead_letters.hpp"

namespace reverie::ops {

/// Dead letters as operators work through them: listed newest first, retried by entity in order, also under a rule that lets a projection read
/// the event otherwise, given up with a reason. Thread-safe; blocks.
class dead_letter_desk : public gateway::letter_desk {
public:
  dead_letter_desk(projections::connection_pool& pool, projections::bulk_source source) : pool_(pool), source_(std::move(source)) {}

  gateway::result<gateway::document> list(const gateway::letter_query& query) override;
  gateway::result<std::uint64_t> parked() override;
  gateway::result<gateway::document> impact(std::int64_t id) override;
  gateway::result<gateway::document> retry(std::int64_t id, bool dry_run) override;
  gateway::result<gateway::document> discard(std::int64_t id, const std::string& reason) override;
  gateway::result<gateway::document> rule_preview(std::int64_t id, const gateway::event_rule_wish& wish, gateway::privacy_mode privacy) override;
  gateway::result<gateway::document> keep_rule(std::int64_t id, const gateway::event_rule_wish& wish) override;
  gateway::result<gateway::document> rules(const gateway::letter_query& query) override;
  gateway::result<gateway::document> retire_rule_impact(std::int64_t rule) override;
  gateway::result<gateway::document> retire_rule(std::int64_t rule, const std::string& reason) override;

private:
  gateway::result<projections::dead_letter_row> letter(std::int64_t id);
  /// How many parked events of its entity lie at or behind it.
  gateway::result<std::uint64_t> waiting_with(const projections::dead_letter_row& one);

  projections::connection_pool& pool_;
  projections::bulk_source source_;
};

} // namespace reverie::ops
