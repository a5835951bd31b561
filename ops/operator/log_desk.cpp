#include "ops/operator/log_desk.hpp"

#include "events/vault/field_sealing.hpp"
#include "gateway/bridge/operator_limits.hpp"
#include "ops/operator/failure_view.hpp"
#include "ops/operator/record_view.hpp"

#include <charconv>

namespace reverie::ops {

using gateway::document;
using gateway::result;
namespace limits = gateway::operator_limits;

namespace {

events::record_filter filter_of(const gateway::record_query& query) {
  return {query.entity, query.type, query.correlation, query.command, query.since, query.until};
}

/// `f` or `b`, then `partition:offset` of each partition.
std::string cursor_text(const events::search_places& places, bool forward) {
  std::string text = forward ? "f" : "b";
  for (const auto& [partition, offset] : places) text += "," + events::to_string(events::log_position{partition, offset});
  return text;
}

std::optional<events::search_places> places_in(std::string_view cursor, bool forward, std::uint32_t partitions) {
  if (!cursor.starts_with(forward ? 'f' : 'b')) return std::nullopt;
  events::search_places places;
  for (cursor.remove_prefix(1); !cursor.empty();) {
    cursor.remove_prefix(1);
    const auto place = events::parse_position(cursor.substr(0, cursor.find(',')));
    if (!place || place->partition.value >= partitions) return std::nullopt;
    places[place->partition] = place->offset;
    cursor.remove_prefix(std::min(cursor.size(), cursor.find(',')));
  }
  return places;
}

/// Readers at the log's end, one a partition; used by one call at a time.
class tail_feed : public gateway::record_feed {
public:
  tail_feed(events::event_log& log, events::key_ring& keys, const log_watch& watch, const gateway::record_query& query)
      : log_(log), keys_(keys), watch_(watch), filter_(filter_of(query)), privacy_(query.privacy) {}

  events::outcome<void> open(std::optional<events::partition_number> only) {
    for (std::uint32_t i = 0; i < log_.partitions(); ++i) {
      if (only && only->value != i) continue;
      auto range = log_.range({i});
      if (!range) return std::unexpected(range.error());
      auto reader = log_.reader({i}, range->end);
      if (!reader) return std::unexpected(reader.error());
      readers_.push_back(std::move(*reader));
    }
    return {};
  }

  result<std::vector<document>> next(std::size_t records_max) override {
    std::vector<document> found;
    const auto opener = events::open_with(keys_);
    const auto share = std::max<std::size_t>(1, records_max / std::max<std::size_t>(1, readers_.size()));
    for (auto& reader : readers_) {
      batch_.clear();
      if (auto read = reader->read(batch_, share, std::chrono::milliseconds(0)); !read) return std::unexpected(operator_error(read.error()));
      for (const auto& each : batch_)
        if (filter_.matches(each.content)) found.push_back(record_view(each, watch_.verdict_of(each.position), opener, privacy_, record_detail::list));
    }
    return found;
  }

private:
  events::event_log& log_;
  events::key_ring& keys_;
  const log_watch& watch_;
  events::record_filter filter_;
  gateway::privacy_mode privacy_;
  std::vector<std::unique_ptr<events::log_reader>> readers_;
  std::vector<events::stored_record> batch_;
};

} // namespace

result<events::record_search> log_desk::search_of(const gateway::record_query& query) {
  events::record_search what{.filter = filter_of(query), .only = query.partition, .forward = query.forward, .from = {}, .found_max = query.page_size,
                             .looked_at_max = limits::search_records};
  if (what.only && what.only->value >= log_.partitions()) return std::unexpected(gateway::validation_error("There is no such partition.", "partition"));
  if (query.entity && !what.only) {
    const auto place = finder_.find(*query.entity);
    if (place && *place) what.only = (*place)->partition;
  }
  if (query.cursor.empty()) return what;
  auto places = places_in(query.cursor, query.forward, log_.partitions());
  if (!places) return std::unexpected(gateway::validation_error("This cursor does not belong to this list.", "cursor"));
  what.from = std::move(*places);
  return what;
}

result<document> log_desk::search(const gateway::record_query& query) {
  auto what = search_of(query);
  if (!what) return std::unexpected(what.error());
  const auto found = events::search_records(log_, *what);
  if (!found) return std::unexpected(operator_error(found.error()));
  const auto opener = events::open_with(keys_);
  auto items = document::array();
  for (const auto& each : found->found) items.push_back(record_view(each, watch_.verdict_of(each.position), opener, query.privacy, record_detail::list));
  auto places = document::object();
  for (const auto& [partition, offset] : found->places) places[std::to_string(partition.value)] = offset.value;
  return document{{"items", std::move(items)},
                  {"next_cursor", found->more ? document(cursor_text(found->places, query.forward)) : document(nullptr)},
                  {"has_more", found->more},
                  {"total", nullptr},
                  {"scanned", found->looked_at},
                  {"scanned_to", std::move(places)}};
}

result<document> log_desk::record(events::log_position at, gateway::privacy_mode privacy) {
  const auto found = events::record_at(log_, at);
  if (!found) return std::unexpected(operator_error(found.error()));
  return record_view(*found, watch_.verdict_of(at), events::open_with(keys_), privacy, record_detail::whole);
}

result<std::unique_ptr<gateway::record_feed>> log_desk::follow(const gateway::record_query& query) {
  auto what = search_of(query);
  if (!what) return std::unexpected(what.error());
  auto feed = std::make_unique<tail_feed>(log_, keys_, watch_, query);
  if (auto opened = feed->open(what->only); !opened) return std::unexpected(operator_error(opened.error()));
  return feed;
}

result<document> log_desk::epochs(events::partition_number partition, const std::string& cursor, std::size_t page_size) {
  if (partition.value >= log_.partitions()) return std::unexpected(gateway::not_found_error("There is no such partition."));
  const auto owners = watch_.owners_of(partition);
  std::size_t skip = 0;
  if (!cursor.empty() && std::from_chars(cursor.data(), cursor.data() + cursor.size(), skip).ec != std::errc{})
    return std::unexpected(gateway::validation_error("This is not a cursor.", "cursor"));
  auto items = document::array();
  for (std::size_t i = skip; i < owners.size() && items.size() < page_size; ++i) {
    const auto& each = owners[owners.size() - 1 - i];
    items.push_back({{"epoch", each.epoch.value}, {"writer", events::to_string(each.writer)}, {"node", each.node},
                     {"position", events::to_string(each.position)}, {"at", events::format_rfc3339(each.at)}});
  }
  const auto next = skip + items.size();
  const bool more = next < owners.size();
  return document{{"items", std::move(items)}, {"next_cursor", more ? document(std::to_string(next)) : document(nullptr)}, {"has_more", more}, {"total", owners.size()}};
}

} // namespace reverie::ops
