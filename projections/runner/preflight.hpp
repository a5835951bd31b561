#pragma once

#include "projections/runner/rebuild_steering.hpp"

namespace reverie::projections {

/// A record that no fold can take.
struct poison_record {
  events::log_position position{};
  events::entity_ref entity{};
  std::string code, message; ///< never personal text
};

/// What a rebuild of one projection would do.
struct rebuild_forecast {
  std::string projection;
  std::uint64_t events = 0;            ///< that it wants
  std::uint64_t rows = 0, bytes = 0;   ///< estimates, without secondary indexes
  std::uint64_t index_bytes = 0;       ///< estimate of those
  double seconds = 0;                  ///< estimate from the sample, with its indexes, alone on this machine
  std::uint64_t parked_in_sample = 0;  ///< entities that did not fit in the part that was folded
  std::uint64_t without_embedding = 0; ///< memories whose vectors the model would be asked for
  std::uint64_t embeddings_cached = 0; ///< memories without a vector that the cache has one for
};

struct look_ahead_report {
  std::uint64_t records = 0, events = 0;
  std::uint64_t poison_total = 0;
  std::vector<poison_record> poison; ///< the first
  std::vector<rebuild_forecast> projections;
};

/// Looks at the whole log and folds the first part of it into a schema that is dropped again: what a rebuild would find, make and take.
/// Nothing that is served is touched.
outcome<look_ahead_report> look_ahead(const bulk_source& source, std::span<const fold* const> which, const bulk_callback& progress = {},
                                      std::stop_token stop = {});

} // namespace reverie::projections
