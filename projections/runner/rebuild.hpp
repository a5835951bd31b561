#pragma once

#include "projections/runner/rebuild_steering.hpp"
#include "projections/runner/row_comparison.hpp"

namespace reverie::projections {

struct rebuild_options {
  bool switch_over = true; ///< false: the new version is left ready
  bool keep_old = true;    ///< the version that served is kept up to date for a roll-back; false: dropped
  bool compare = true;
  bool expect_same = false; ///< with any difference nothing is switched; the new version is left ready
  rebuild_pace pace;
  std::size_t differences_shown = 10;
  unsigned index_workers = 2; ///< parallel workers of each index
};

struct rebuilt_projection {
  std::string projection;
  std::uint32_t old_version = 0, new_version = 0;
  bool switched = false, compared = false, resumed = false;
  row_comparison found; ///< old (stored) against new (expected)
  std::uint64_t parked = 0; ///< dead letters of the new version
};

struct rebuild_report {
  std::uint64_t records = 0, events = 0;
  std::chrono::milliseconds took{};
  std::vector<rebuilt_projection> projections;
};

/// Makes projections anew beside those that serve, for any reader unnoticed: a new version in a schema of its own, all partitions side by
/// side, rows by COPY, secondary indexes and vectors after the bulk; then the new version follows the log until both stand at one place,
/// where they are compared and, in one transaction, the stable views are pointed at the new one. Runners may be alive and go on with
/// both. What was begun before (a tool that was killed) is gone on with. `locked` when one of these is being rebuilt already, `cancelled`
/// when that was wanted (what was made is taken away then) or the token says so (it stays, to be gone on with).
outcome<rebuild_report> rebuild(const bulk_source& source, std::span<const fold* const> which, const bulk_callback& progress = {},
                                std::stop_token stop = {}, const rebuild_options& how = {});

} // namespace reverie::projections
