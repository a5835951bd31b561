#include "projections/runner/log_state.hpp"

#include "projections/postgres/array_text.hpp"

#include <map>

namespace reverie::projections {
namespace {

constexpr std::size_t entities_per_statement = 20'000;

/// The place itself. Its row stays locked to the end of the transaction, also where it is ahead.
statement place_statement(events::partition_number partition, events::log_offset next, const events::counting_pair& pair) {
  return {"INSERT INTO runner.log_states (partition, next, epoch, writer) VALUES ($1, $2, $3, $4) "
          "ON CONFLICT (partition) DO UPDATE SET next = excluded.next, epoch = excluded.epoch, writer = excluded.writer "
          "WHERE log_states.next <= excluded.next",
          {std::to_string(partition.value), std::to_string(next.value), std::to_string(pair.epoch.value), events::to_string(pair.writer)}};
}

/// Sequences of some entities at a place, which go in only beside that place.
class sequence_list {
public:
  void add(const events::entity_ref& entity, events::sequence_number next) {
    kinds_.add_plain(std::to_string(static_cast<unsigned>(entity.kind)));
    ids_.add(entity.id);
    sequences_.add_plain(std::to_string(next.value));
    ++size_;
  }
  std::size_t size() const { return size_; }
  statement finish(events::partition_number partition, events::log_offset next) && {
    return {"INSERT INTO runner.entity_sequences (partition, entity_kind, entity_id, next_sequence) "
            "SELECT $1::integer, u.* FROM unnest($2::smallint[], $3::uuid[], $4::bigint[]) u "
            "WHERE EXISTS (SELECT FROM runner.log_states s WHERE s.partition = $1::integer AND s.next = $5::bigint) "
            "ON CONFLICT (partition, entity_kind, entity_id) DO UPDATE SET next_sequence = excluded.next_sequence",
            {std::to_string(partition.value), std::move(kinds_).finish(), std::move(ids_).finish(), std::move(sequences_).finish(),
             std::to_string(next.value)}};
  }

private:
  array_text kinds_, ids_, sequences_;
  std::size_t size_ = 0;
};

} // namespace

outcome<std::optional<events::log_offset>> stored_log_state(connection& database, events::partition_number partition) {
  const auto rows = database.run("SELECT next FROM runner.log_states WHERE partition = $1", {std::to_string(partition.value)});
  if (!rows) return std::unexpected(rows.error());
  if (rows->rows() == 0) return std::optional<events::log_offset>{};
  return events::log_offset{static_cast<std::uint64_t>(rows->integer(0, 0))};
}

outcome<void> store_log_state(connection& database, events::partition_number partition, events::log_offset next, const events::epoch_rule& rule) {
  std::vector<statement> all{{"BEGIN"}, place_statement(partition, next, rule.pair())};
  sequence_list some;
  for (const auto& [entity, sequence] : rule.next()) {
    some.add(entity, sequence);
    if (some.size() == entities_per_statement) all.push_back(std::move(std::exchange(some, {})).finish(partition, next));
  }
  if (some.size() > 0) all.push_back(std::move(some).finish(partition, next));
  all.push_back({"COMMIT"});
  if (const auto done = database.run_all(all); !done) {
    const auto why = done.error();
    database.roll_back();
    return std::unexpected(why);
  }
  return {};
}

void move_log_state(events::partition_number partition, events::log_offset to, std::span<const intake_record> records, std::vector<statement>& out) {
  if (records.empty()) return;
  out.push_back(place_statement(partition, to, records.back().pair));
  std::map<events::entity_ref, events::sequence_number> next;
  for (const auto& each : records)
    if (each.verdict == events::record_verdict::counts) next[each.entity] = each.next_sequence;
  if (next.empty()) return;
  sequence_list all;
  for (const auto& [entity, sequence] : next) all.add(entity, sequence);
  out.push_back(std::move(all).finish(partition, to));
}

} // namespace reverie::projections
