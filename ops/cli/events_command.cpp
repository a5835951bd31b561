#include "events/model/entity_position.hpp"
#include "events/model/limits.hpp"
#include "ops/cli/commands.hpp"
#include "ops/cli/interrupts.hpp"
#include "ops/cli/log_access.hpp"
#include "ops/cli/record_json.hpp"

#include <cstdio>

namespace reverie::ops {

namespace {

constexpr std::chrono::milliseconds look_every{200};

void show(const events::stored_record& stored, bool json) {
  auto line = json ? json_of(stored).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) : line_of(stored);
  std::puts(line.c_str());
}

exit_code show_one(events::event_log& log, const events_options& how) {
  auto position = events::parse_record_position(how.position);
  if (!position) return report({events::failure_code::malformed, "'" + how.position + "' is no position: use <partition>:<offset>"});
  auto range = log.range(position->partition);
  if (!range || position->offset < range->first || !(position->offset < range->end))
    return report({events::failure_code::not_found, "there is no record at " + how.position});
  auto reader = log.reader(position->partition, position->offset);
  if (!reader) return report(reader.error());
  std::vector<events::stored_record> found;
  if (auto read = (*reader)->read(found, 1, std::chrono::milliseconds(0)); !read) return report(read.error());
  std::puts(json_of(found.at(0)).dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  return exit_code::done;
}

events::outcome<std::vector<std::unique_ptr<events::log_reader>>> readers_of(events::event_log& log, bool from_start) {
  std::vector<std::unique_ptr<events::log_reader>> readers;
  for (std::uint32_t number = 0; number < log.partitions(); ++number) {
    auto range = log.range({number});
    if (!range) return std::unexpected(range.error());
    auto reader = log.reader({number}, from_start ? range->first : range->end);
    if (!reader) return std::unexpected(reader.error());
    readers.push_back(std::move(*reader));
  }
  return readers;
}

exit_code tail(events::event_log& log, const events_options& how, bool json) {
  std::optional<events::entity_ref> only;
  if (how.entity && !(only = events::parse_entity(*how.entity)))
    return report({events::failure_code::malformed, "'" + *how.entity + "' is no entity: use session/<id>"});
  auto readers = readers_of(log, how.from_start);
  if (!readers) return report(readers.error());
  std::vector<events::stored_record> batch;
  while (!interrupted()) {
    bool any = false;
    for (auto& reader : *readers) {
      batch.clear();
      bool last = &reader == &readers->back();
      auto read = reader->read(batch, events::limits::read_batch_records, last && how.follow && !any ? look_every : std::chrono::milliseconds(0));
      if (!read) return report(read.error());
      any = any || *read > 0;
      for (const auto& stored : batch)
        if (!only || stored.content.headers.entity == *only) show(stored, json);
    }
    std::fflush(stdout);
    if (!any && !how.follow) break;
  }
  return exit_code::done;
}

} // namespace

exit_code run_events(const settings& given, const events_options& how, bool json) {
  if (how.action == "export" || how.action == "import") return run_copy(given, how, json);
  note_interrupts();
  auto access = open_log_for_reading(given);
  if (!access) return report(access.error());
  return how.action == "show" ? show_one(*access->log, how) : tail(*access->log, how, json);
}

} // namespace reverie::ops
