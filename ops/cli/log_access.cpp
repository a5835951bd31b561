#include "ops/cli/log_access.hpp"

#include "events/model/limits.hpp"
#include "events/vault/field_sealing.hpp"
#include "ops/server/log_choice.hpp"

#include <cstdio>

namespace reverie::ops {

events::field_opener log_access::opener() const {
  return vault ? events::open_with(*vault->keys) : events::open_nothing();
}

events::outcome<log_access> open_log_for_reading(const settings& given) {
  std::filesystem::path data = given.text("data");
  auto chosen = open_log_beside(given, data);
  if (!chosen) return std::unexpected(chosen.error());
  log_access access{std::move(chosen->log), std::nullopt, std::move(chosen->state)};
  if (given.text("database-url").empty()) {
    std::fprintf(stderr, "reverie: no database is named, so what people wrote stays sealed (--database-url)\n");
    return access;
  }
  auto master = find_master_key(given, data / "master.key", false);
  if (!master) return std::unexpected(master.error());
  access.vault = open_vault(given, *master);
  return access;
}

events::outcome<std::optional<std::pair<events::partition_number, events::entity_address>>>
find_entity(events::event_log& log, const events::entity_ref& entity) {
  for (std::uint32_t number = 0; number < log.partitions(); ++number) {
    auto range = log.range({number});
    if (!range) return std::unexpected(range.error());
    auto reader = log.reader({number}, range->first);
    if (!reader) return std::unexpected(reader.error());
    std::vector<events::stored_record> batch;
    for (auto at = range->first; at < range->end; at.value += batch.size()) {
      batch.clear();
      auto read = (*reader)->read(batch, events::limits::read_batch_records, std::chrono::milliseconds(0));
      if (!read) return std::unexpected(read.error());
      if (batch.empty()) break;
      for (const auto& each : batch)
        if (each.content.headers.entity == entity) return std::pair{events::partition_number{number}, each.content.address()};
    }
  }
  return std::nullopt;
}

} // namespace reverie::ops
