#include "ops/operator/entity_finder.hpp"

#include "events/codec/event_codec.hpp"
#include "events/model/event.hpp"
#include "events/replay/record_search.hpp"
#include "events/vault/field_sealing.hpp"

namespace reverie::ops {

using events::entity_kind;
using events::outcome;

outcome<std::optional<events::uuid>> entity_finder::slice_key_of(const events::entity_ref& entity) {
  const char* sql = nullptr;
  switch (entity.kind) {
  case entity_kind::session: sql = "SELECT user_id FROM reverie.message_threads WHERE id = $1"; break;
  case entity_kind::bond: sql = "SELECT user_id FROM reverie.memory_shelves WHERE id = $1 UNION SELECT user_id FROM reverie.bonds WHERE id = $1 LIMIT 1"; break;
  case entity_kind::forked_session: sql = "SELECT user_id FROM reverie.forks WHERE id = $1"; break;
  case entity_kind::forked_bond: sql = "SELECT user_id FROM reverie.forks WHERE bond_id = $1"; break;
  default: return std::optional(entity.id);
  }
  const auto rows = pool_.run(sql, {events::to_string(entity.id)});
  if (!rows) return std::unexpected(rows.error());
  if (rows->rows() > 0) return std::optional(rows->uuid(0, 0));
  events::record_search look;
  look.filter.entity = entity;
  look.found_max = 1;
  const auto found = events::search_records(log_, look);
  if (!found) return std::unexpected(found.error());
  if (found->found.empty()) return std::optional<events::uuid>{};
  return std::optional(found->found.front().content.slice_key);
}

/// As the log says, near its start; read once.
outcome<events::partition_number> entity_finder::partition_of(const events::uuid& slice_key) {
  const std::scoped_lock lock(mutex_);
  if (!slices_) {
    events::record_search look;
    look.filter.type = events::partition::slices_mapped::name;
    look.only = events::partition_number{0};
    look.forward = true;
    look.found_max = 1;
    const auto found = events::search_records(log_, look);
    if (!found) return std::unexpected(found.error());
    if (found->found.empty()) return events::fail(events::failure_code::unavailable, "the log has no slice map yet");
    auto decoded = events::decode_events(found->found.front().content.value, events::open_nothing());
    if (!decoded) return std::unexpected(decoded.error());
    const auto* mapped = decoded->events.empty() ? nullptr : std::get_if<events::partition::slices_mapped>(&decoded->events.front());
    if (mapped == nullptr) return events::fail(events::failure_code::corrupted, "the slice map can't be read");
    auto map = events::slice_map::from_event(*mapped, log_.partitions());
    if (!map) return std::unexpected(map.error());
    slices_ = std::move(*map);
  }
  return slices_->partition_of(slice_key);
}

outcome<std::optional<entity_finder::place>> entity_finder::find(const events::entity_ref& entity) {
  if (entity.kind == entity_kind::partition) {
    for (std::uint32_t i = 0; i < log_.partitions(); ++i)
      if (events::partition_entity({i}) == entity) return std::optional(place{{entity, entity.id}, {i}});
    return std::optional<place>{};
  }
  const auto slice = slice_key_of(entity);
  if (!slice) return std::unexpected(slice.error());
  if (!*slice) return std::optional<place>{};
  const auto partition = partition_of(**slice);
  if (!partition) return std::unexpected(partition.error());
  return std::optional(place{{entity, **slice}, *partition});
}

} // namespace reverie::ops
