#include "projections/runner/letter_folding.hpp"

#include "projections/postgres/row_sql.hpp"
#include "projections/runner/batch_commit.hpp"

#include <algorithm>

namespace reverie::projections {
namespace {

constexpr std::size_t letters_at_once = 200; // in one transaction, while everybody waits

struct letter {
  std::int64_t id = 0;
  events::log_offset offset{};
  events::sequence_number sequence{};
  std::string code;
};

outcome<std::vector<letter>> letters_of(connection& database, const parked_sequence& one) {
  const auto rows = database.run("SELECT id, log_offset, sequence, code FROM runner.dead_letters WHERE projection = $1 AND version = $2 AND partition = $3 "
                                 "AND entity = $4 AND state = 'parked' ORDER BY sequence, log_offset LIMIT $5",
                                 {one.version.projection, std::to_string(one.version.number), std::to_string(one.partition.value), one.entity,
                                  std::to_string(letters_at_once + 1)}); // the last one only tells where the one before it ends
  if (!rows) return std::unexpected(rows.error());
  std::vector<letter> all;
  for (std::size_t i = 0; i < rows->rows(); ++i)
    all.push_back({rows->integer(i, 0), {static_cast<std::uint64_t>(rows->integer(i, 1))}, {static_cast<std::uint64_t>(rows->integer(i, 2))}, std::string(rows->text(i, 3))});
  return all;
}

outcome<void> write_rows(connection& database, const folded_batch& folded, const std::string& schema) {
  std::vector<statement> all;
  for (const auto& each : folded.rows->changes())
    for (auto& one : statements_of(each, schema)) all.push_back(std::move(one));
  const auto written = database.run_all(all);
  if (!written) return std::unexpected(written.error());
  return {};
}

/// Folds one letter's events inside the transaction; a failure leaves nothing of it.
outcome<void> fold_again(connection& database, const bulk_source& source, const parked_sequence& one, const letter& which, events::sequence_number end,
                         const event_rules& rules) {
  if (which.code == "sequence_gap") return events::fail(failure_code::corrupted, "records of this entity are missing in the log");
  auto record = read_record(source.log, source.keys, {one.partition, which.offset}, &rules);
  if (!record) return std::unexpected(record.error());
  record->become_that_of(one.of.name());
  if (record->unreadable) return std::unexpected(*record->unreadable);
  const auto gone = load_discarded(database, one.of.name());
  if (!gone) return std::unexpected(gone.error());
  std::erase_if(record->happened, [&](const auto& each) { return each.context.sequence < which.sequence || (end.value > 0 && each.context.sequence >= end); });
  const intake_record records[] = {std::move(*record)};
  const auto folded = fold_batch(database, one.of, one.version.schema, one.partition, records, {}, *gone);
  if (!folded) return std::unexpected(folded.error());
  if (!folded->letters.empty()) return events::fail(failure_code::malformed, folded->letters.front().message);
  if (auto saved = database.run_script("SAVEPOINT letter"); !saved) return saved;
  if (auto written = write_rows(database, *folded, one.version.schema); !written) {
    if (database.usable()) (void)database.run_script("ROLLBACK TO SAVEPOINT letter");
    return written;
  }
  return database.run_script("RELEASE SAVEPOINT letter");
}

} // namespace

outcome<retried_part> fold_letters(connection& database, const bulk_source& source, const parked_sequence& one, const event_rules& rules) {
  const auto letters = letters_of(database, one);
  if (!letters) return std::unexpected(letters.error());
  retried_part done;
  for (std::size_t i = 0; i < std::min(letters->size(), letters_at_once); ++i) {
    const auto& each = (*letters)[i];
    const bool same_record = i + 1 < letters->size() && (*letters)[i + 1].offset == each.offset;
    const auto folded = fold_again(database, source, one, each, same_record ? (*letters)[i + 1].sequence : events::sequence_number{0}, rules);
    if (!folded && (!database.usable() || is_passing(folded.error().code))) return std::unexpected(folded.error());
    const auto noted = folded ? database.run("UPDATE runner.dead_letters SET state = 'retried', attempts = attempts + 1, updated_at = now() WHERE id = $1", {std::to_string(each.id)})
                              : database.run("UPDATE runner.dead_letters SET attempts = attempts + 1, updated_at = now(), message = $2, "
                                             "code = CASE WHEN code = 'behind_parked' THEN 'fold_failed' ELSE code END WHERE id = $1",
                                             {std::to_string(each.id), folded.error().message});
    if (!noted) return std::unexpected(noted.error());
    if (!folded) {
      done.problem = one.version.projection + " " + one.entity + " at sequence " + std::to_string(each.sequence.value) + ": " + folded.error().message;
      return done;
    }
    ++done.folded;
  }
  done.more = letters->size() > letters_at_once;
  return done;
}

} // namespace reverie::projections
