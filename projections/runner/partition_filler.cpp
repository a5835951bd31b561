#include "projections/runner/partition_filler.hpp"

#include "events/model/limits.hpp"
#include "projections/postgres/bulk_session.hpp"
#include "projections/runner/event_rules.hpp"

namespace reverie::projections {
namespace {

constexpr std::chrono::milliseconds read_wait{250};

} // namespace

/// A connection is held only while something is done, so that many partitions need few.
outcome<void> partition_filler::connect() {
  auto opened = connection::open(source_.conninfo);
  if (!opened) return std::unexpected(opened.error());
  database_ = std::move(*opened);
  prefer_fast_packing(*database_);
  return {};
}

outcome<void> partition_filler::open(const std::vector<filled_version>& versions) {
  if (auto connected = connect(); !connected) return connected;
  for (const auto& each : versions) {
    const auto taken = database_->run("UPDATE runner.projection_positions SET lease = lease + 1 WHERE projection = $1 AND version = $2 AND partition = $3 "
                                      "RETURNING next, lease",
                                      {each.version.projection, std::to_string(each.version.number), std::to_string(partition_.value)});
    if (!taken) return std::unexpected(taken.error());
    if (taken->rows() == 0) return events::fail(failure_code::not_found, "a version has no position in partition " + std::to_string(partition_.value));
    projections_.push_back({.with = each.of, .version = each.version.number, .schema = each.version.schema, .serving = false,
                            .next = {static_cast<std::uint64_t>(taken->integer(0, 0))}, .lease = taken->integer(0, 1), .parked = {}});
    if (auto loaded = load_parked(*database_, projections_.back(), partition_); !loaded) return loaded;
  }
  next_ = projections_.front().next;
  for (auto& each : projections_) {
    if (each.next != next_) return events::fail(failure_code::locked, "the versions stand at different places: rebuild them one by one");
    who_.push_back(&each);
  }
  database_.reset();
  return intake_.start(next_, std::nullopt);
}

outcome<void> partition_filler::open_shadow(const filled_version& of, const std::string& schema) {
  projections_.push_back({.with = of.of, .version = of.version.number, .schema = schema, .serving = false, .next = {}, .lease = 0, .parked = {}});
  who_.push_back(&projections_.back());
  keeps_position_ = false;
  return intake_.start(next_, std::nullopt);
}

outcome<void> partition_filler::fill(events::log_offset to, const batch_callback& after_batch, std::stop_token stop) {
  if (next_ >= to) return {};
  if (auto connected = connect(); !connected) return connected;
  const auto done = fill_connected(to, after_batch, stop);
  database_.reset();
  return done;
}

outcome<void> partition_filler::fill_connected(events::log_offset to, const batch_callback& after_batch, std::stop_token stop) {
  if (!keeps_position_)
    if (auto loaded = load_parked(*database_, projections_.front(), partition_); !loaded) return loaded;
  auto rules = event_rules::load(*database_);
  if (!rules) return std::unexpected(rules.error());
  intake_.read_by(std::move(*rules));
  std::vector<intake_record> records;
  while (next_ < to) {
    if (stop.stop_requested()) return events::fail(failure_code::cancelled, "stopped on request");
    records.clear();
    const auto range = source_.log.range(partition_);
    if (!range) return std::unexpected(range.error());
    if (auto got = intake_.read(records, batch_events == 0 ? events::limits::rebuild_batch_events : batch_events, to, read_wait); !got) return got;
    // That nothing came says only that nothing came in time: Kafka may be slow, and a tool beside the owner sees the newest a little later.
    if (records.empty() && !intake_.stands_at(to)) continue;
    commit_request request{.partition = partition_, .from = next_, .to = {}, .log_end = range->end, .records = records, .keep_log_state = false,
                           .keep_position = keeps_position_, .generation = std::nullopt, .bulk = true};
    request.to = intake_.stands_at(to) ? to : records.back().offset.next();
    if (auto done = commit_or_park(*database_, who_, request); !done) {
      if (done.error().taken_over) return events::fail(failure_code::locked, "somebody else has taken this rebuild over");
      return std::unexpected(done.error().reason);
    }
    const auto moved = request.to.value - next_.value;
    next_ = request.to;
    std::uint64_t happened = 0;
    for (const auto& each : records) happened += each.happened.size();
    if (!after_batch) continue;
    if (auto told = after_batch(moved, happened); !told) return told;
  }
  return {};
}

} // namespace reverie::projections
