#pragma once

#include "projections/runner/rebuild_steering.hpp"
#include "projections/runner/row_comparison.hpp"

namespace reverie::projections {

struct rebuilt_projection {
  std::string projection;
  std::uint32_t old_version = 0, new_version = 0;
  bool switched = false, compared = false, resumed = false;
  row_comparison found; ///< old (stored) against new (expected)
  std::uint64_t parked = 0; ///< events that wait among the dead letters of the new version
  std::uint64_t parked_before = 0; ///< of the one that served
};

struct rebuild_report {
  std::uint64_t records = 0, events = 0;
  std::chrono::milliseconds took{};
  std::string held_back; ///< why it was not switched over though that was wanted; empty: it was, or was not to be
  std::vector<rebuilt_projection> projections;
};

/// Makes projections anew beside those that serve, for any reader unnoticed: a new version in a schema of its own, all partitions side by
/// side, rows by COPY, secondary indexes and vectors after the bulk; then the new version follows the log until both stand at one place,
/// where they are compared and, in one transaction, the stable views are pointed at the new one. Runners may be alive and go on with
/// both. A version with more parked events than the old is left ready: readers would miss rows they had. What was begun before (a tool that was killed) is gone on with. `locked` when one of these is being rebuilt already, `cancelled`
/// when that was wanted (what was made is taken away then) or the token says so (it stays, to be gone on with).
outcome<rebuild_report> rebuild(const bulk_source& source, std::span<const fold* const> which, const bulk_callback& progress = {},
                                std::stop_token stop = {}, const rebuild_options& how = {});

} // namespace reverie::projections
