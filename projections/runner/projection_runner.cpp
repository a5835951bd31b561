#include "projections/runner/projection_runner.hpp"

#include "projections/postgres/projection_schemas.hpp"

namespace reverie::projections {

projection_runner::projection_runner(options how, events::event_log& log, events::key_ring& keys)
    : how_(std::move(how)), board_(log.partitions()), context_{how_.conninfo, log, keys, how_.folds, board_, how_.after_commit} {}

projection_runner::~projection_runner() { stop(); }

outcome<void> projection_runner::start() {
  auto database = connection::open(how_.conninfo);
  if (!database) return std::unexpected(database.error());
  for (const auto* each : how_.folds) {
    if (auto made = ensure_schema(*database, *each, context_.log.partitions()); !made) return made;
    if (auto made = ensure_indexes(*database, *each); !made) return made;
  }
  for (std::uint32_t i = 0; i < context_.log.partitions(); ++i)
    workers_.push_back(std::make_unique<partition_worker>(context_, events::partition_number{i}));
  for (auto& each : workers_) each->start();
  return {};
}

void projection_runner::stop() {
  for (auto& each : workers_) each->stop();
  workers_.clear();
  board_.stop();
}

} // namespace reverie::projections
