#pragma once

#include "events/codec/event_codec.hpp"
#include "events/log/event_log.hpp"
#include "events/log/slice_map.hpp"
#include "ops/server/settings.hpp"
#include "ops/server/vault_access.hpp"

#include <filesystem>
#include <optional>

namespace reverie::ops {

/// What a command that only reads needs: the log, beside a server that may own it, and the keys to open what is sealed.
struct log_access {
  std::shared_ptr<events::event_log> log;
  std::optional<vault_access> vault; ///< none when no database is named: sealed fields stay closed
  std::filesystem::path state;       ///< where a server on this machine keeps what it folded from this log

  events::field_opener opener() const;
};

events::outcome<log_access> open_log_for_reading(const settings& given);

/// Which partition an entity's records lie in. An entity's slice can't always be told from its id (a session lives in its person's
/// slice), so every partition's records are looked through for it unless it is its own slice.
events::outcome<std::optional<std::pair<events::partition_number, events::entity_address>>>
find_entity(events::event_log& log, const events::entity_ref& entity);

} // namespace reverie::ops
