#pragma once

#include "events/log/event_log.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace reverie::events {

/// Which records are looked for; all that is given must hold.
struct record_filter {
  std::optional<entity_ref> entity;
  std::string type; ///< of one of its events; `session.*` for all that begin so
  std::optional<correlation_id> correlation;
  std::optional<command_id> command;
  std::optional<timestamp> since, until; ///< [since, until)

  bool matches(const record& content) const;
};

/// Where a search stands in each partition: forward the next offset, backward the one behind the next.
using search_places = std::map<partition_number, log_offset>;

struct record_search {
  record_filter filter;
  std::optional<partition_number> only; ///< one partition
  bool forward = false;                 ///< oldest first, else newest first
  search_places from;                   ///< where the search before stopped; empty: a new one
  std::size_t found_max = 50;
  std::size_t looked_at_max = 20'000;   ///< records
};

struct search_findings {
  std::vector<stored_record> found; ///< in the order of their times, as far as partitions can be merged
  search_places places;             ///< to go on from
  std::size_t looked_at = 0;
  bool more = false;                ///< there may be more
};

/// Looks through the log with bounded work: at most `looked_at_max` records, in small batches, however large the log. A range of times is
/// found by bisecting record times, with a minute's slack for clocks that differ between owners. `not_found` for a partition there is none of.
outcome<search_findings> search_records(event_log& log, const record_search& what);

/// The first offset in [from, end) whose record was written at or after a time; `end` when there is none. Few reads: it bisects.
outcome<log_offset> first_at(event_log& log, partition_number partition, log_range within, timestamp at);

/// The record at a place; `not_found` when there is none.
outcome<stored_record> record_at(event_log& log, log_position at);

} // namespace reverie::events
