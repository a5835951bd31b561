#pragma once

#include "events/log/event_log.hpp"
#include "events/log/slice_map.hpp"
#include "projections/postgres/connection_pool.hpp"

#include <mutex>
#include <optional>

namespace reverie::ops {

/// Where an entity lives. The slice of a session or bond is its person's, which the read models know; of what they do not know (yet), the
/// newest records are looked through, and no more than the limit of a search. Thread-safe; blocks.
class entity_finder {
public:
  entity_finder(events::event_log& log, projections::connection_pool& pool) : log_(log), pool_(pool) {}

  struct place {
    events::entity_address address{};
    events::partition_number partition{};
  };
  /// Nothing when nobody knows of it.
  events::outcome<std::optional<place>> find(const events::entity_ref& entity);

private:
  events::outcome<std::optional<events::uuid>> slice_key_of(const events::entity_ref& entity);
  events::outcome<events::partition_number> partition_of(const events::uuid& slice_key);

  events::event_log& log_;
  projections::connection_pool& pool_;
  std::mutex mutex_;
  std::optional<events::slice_map> slices_;
};

} // namespace reverie::ops
