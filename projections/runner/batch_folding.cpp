#include "projections/runner/batch_folding.hpp"

#include "projections/postgres/row_sql.hpp"

#include <algorithm>
#include <exception>
#include <new>

namespace reverie::projections {
namespace {

outcome<void> load(connection& database, const std::string& schema, row_store& rows) {
  const auto wishes = rows.take_wishes();
  std::vector<statement> statements;
  std::vector<std::size_t> asked;
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    if (wishes[i].empty()) continue;
    asked.push_back(i);
    statements.push_back(select_of(*rows.tables()[i], schema, wishes[i]));
  }
  const auto answers = database.run_all(statements);
  if (!answers) return std::unexpected(answers.error());
  for (std::size_t i = 0; i < asked.size(); ++i) rows.loaded(asked[i], wishes[asked[i]], rows_in(*rows.tables()[asked[i]], (*answers)[i]));
  return {};
}

/// One try at folding a batch: ends early when an entity has to be parked (`again`), goes to the end when rows are missing.
struct folding_pass {
  const fold& with;
  std::span<const intake_record> records;
  folded_batch& out;
  const discarded_events& discarded;
  bool missed = false;
  bool again = false;

  void run() {
    out.rows->rewind();
    out.letters.clear();
    for (const auto& each : records) {
      if (events::is_fork(each.entity.kind) != with.of_forks()) continue;
      if (each.verdict == events::record_verdict::gap) park({each.entity, each.offset, each.first_sequence, "sequence_gap", "records of this entity are missing in the log"});
      if (each.verdict != events::record_verdict::counts) continue;
      if (const auto& why = each.unreadable_for(with.name())) unreadable(each, *why);
      for (const auto& one : each.happened_for(with.name())) {
        if (with.takes(one)) take(each, one);
        if (again) return;
      }
    }
  }

  bool is_discarded(const events::entity_ref& entity, events::sequence_number sequence) const {
    if (discarded.empty()) return false;
    const auto at = discarded.find(entity);
    return at != discarded.end() && at->second.contains(sequence);
  }

  void take(const intake_record& record, const events::recorded_event& one) {
    if (is_discarded(record.entity, one.context.sequence)) return;
    if (const auto at = out.parked.find(record.entity); at != out.parked.end() && one.context.sequence >= at->second.sequence) {
      const bool first = one.context.sequence == at->second.sequence;
      out.letters.push_back({record.entity, record.offset, one.context.sequence, first ? at->second.code : "behind_parked",
                             first ? at->second.message : "an earlier event of this entity is parked"});
      return;
    }
    try {
      out.rows->at(one.context.position);
      with.apply(one, *out.rows);
    } catch (const row_not_loaded&) {
      missed = true;
    } catch (const fold_failure& problem) {
      if (missed) return; // it may rest on rows that are not there yet
      out.parked.emplace(record.entity, parked_from{one.context.sequence, "fold_failed", problem.what()});
      again = true;
    } catch (const std::bad_alloc&) {
      throw; // nothing about this event: the worker backs off and tries again
    } catch (const std::exception& problem) { // a bug of the fold: this entity's letter says so, the others go on
      if (missed) return;
      out.parked.emplace(record.entity, parked_from{one.context.sequence, "fold_failed", std::string("an unexpected error: ") + problem.what()});
      again = true;
    }
  }

  void park(dead_letter letter) {
    out.parked.try_emplace(letter.entity, parked_from{letter.sequence, letter.code, letter.message});
    out.letters.push_back(std::move(letter));
  }

  /// Whether this projection wants any of it is not known: it is parked to be on the safe side, where its kind is wanted at all.
  void unreadable(const intake_record& record, const events::failure& why) {
    if (record.entity.kind == events::entity_kind::partition || is_discarded(record.entity, record.first_sequence)) return;
    park({record.entity, record.offset, record.first_sequence, std::string(events::name_of(why.code)), why.message});
  }
};

} // namespace

outcome<folded_batch> fold_batch(connection& database, const fold& with, const std::string& schema, events::partition_number,
                                 std::span<const intake_record> records, const parked_entities& parked, const discarded_events& discarded) {
  folded_batch out{std::make_unique<row_store>(with.tables()), {}, parked};
  for (const auto& each : records)
    for (const auto& one : each.happened)
      if (with.takes(one)) with.expect(one, *out.rows);
  if (auto loaded = load(database, schema, *out.rows); !loaded) return std::unexpected(loaded.error());
  for (;;) {
    folding_pass pass{with, records, out, discarded};
    pass.run();
    if (pass.missed && !pass.again) {
      if (auto loaded = load(database, schema, *out.rows); !loaded) return std::unexpected(loaded.error());
    }
    if (!pass.missed && !pass.again) return out;
  }
}

} // namespace reverie::projections
