#pragma once

#include "gateway/bridge/audit_log.hpp"
#include "projections/postgres/connection_pool.hpp"

namespace reverie::ops {

/// The audit trail in Postgres' schema `audit`, where triggers refuse every change.
class postgres_audit_log : public gateway::audit_log {
public:
  explicit postgres_audit_log(projections::connection_pool& pool) : pool_(pool) {}

  events::outcome<void> append(const gateway::audit_entry& entry) override;
  events::outcome<gateway::audit_page> list(const gateway::audit_filter& which, std::optional<std::uint64_t> from, std::size_t entries_max) override;

private:
  projections::connection_pool& pool_;
};

} // namespace reverie::ops
