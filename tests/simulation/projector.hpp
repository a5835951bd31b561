#pragma once

#include "events/log/epoch_rule.hpp"
#include "events/log/memory_log.hpp"
#include "projections/fold/fold.hpp"
#include "projections/runner/log_intake.hpp"
#include "tests/simulation/planted_bug.hpp"
#include "tests/simulation/simulated_process.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reverie::simulation {

/// The read models as a database holds them: rows of every projection, and how far each partition is folded. A commit is one step.
class memory_tables {
public:
  memory_tables();

  /// What a reader must know to go on: the place, and the rule's state there.
  struct folded_to {
    events::log_offset next{};
    events::epoch_rule rule;
  };
  folded_to place(events::partition_number partition) const;
  void set_place(events::partition_number partition, folded_to place) { places_[partition] = std::move(place); }

  /// Rows a batch needs.
  std::vector<projections::row> select(const projections::table& of, const projections::rows_asked& asked) const;
  /// Applies a batch's changes; says what a database would refuse.
  std::optional<std::string> apply(const std::vector<projections::table_changes>& changes);
  /// All rows of all tables, one a line, sorted.
  std::string all() const;

private:
  struct kept_rows {
    std::map<events::uuid, projections::row> rows;
    std::vector<projections::row> appended;
  };
  std::map<const projections::table*, kept_rows> tables_;
  std::map<events::partition_number, folded_to> places_;
};

/// A process that folds one partition into the tables, batch by batch: reads, folds, commits rows and position together, and may die before or
/// after the commit. Several may work on one partition; the position in the commit decides. The in-memory twin of projections/runner.
class projector {
public:
  projector(shared_world world, std::shared_ptr<memory_tables> tables, events::partition_number partition, std::string name);

  /// The next thing it does: starts, reads and folds a batch, commits it. False when there was nothing to do.
  bool go_on();
  /// Everything up to the log's end.
  void finish();
  void crash();
  const std::vector<std::string>& wrong() const { return wrong_; }

private:
  struct batch {
    events::log_offset from{};
    memory_tables::folded_to to;
    std::vector<std::unique_ptr<projections::row_store>> rows; ///< one a projection
  };
  bool start();
  bool fold();
  void commit();
  void fold_one(const projections::fold& with, const std::vector<projections::intake_record>& records, projections::row_store& rows);

  shared_world world_;
  std::shared_ptr<memory_tables> tables_;
  events::partition_number partition_;
  std::string name_;
  std::unique_ptr<events::memory_key_ring> keys_;
  std::unique_ptr<projections::log_intake> intake_;
  std::optional<batch> ready_;
  std::optional<memory_tables::folded_to> forgotten_; ///< planted: the position, which is to be written after the rows
  std::vector<std::string> wrong_;
};

/// The rows of a fold of the whole log from its start, in one go.
std::string rows_from_start(const shared_world& world);

} // namespace reverie::simulation
