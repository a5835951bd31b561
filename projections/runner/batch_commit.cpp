#include "projections/runner/batch_commit.hpp"

#include "projections/postgres/array_text.hpp"
#include "projections/postgres/copy_writer.hpp"
#include "projections/postgres/row_sql.hpp"
#include "projections/runner/log_state.hpp"

#include <algorithm>

namespace reverie::projections {
namespace {

std::string text_of(std::uint64_t number) { return std::to_string(number); }

statement move_positions(std::span<live_projection* const> projections, const commit_request& request) {
  array_text names, versions, leases;
  for (const auto* each : projections) {
    names.add_text(each->with->name());
    versions.add_plain(text_of(each->version));
    leases.add_plain(std::to_string(each->lease));
  }
  return {"SELECT runner.move_positions($1::text[], $2::integer[], $3::integer, $4::bigint, $5::bigint, $6::bigint[], $7::bigint, "
          "$8::bigint, $9::boolean)",
          {std::move(names).finish(), std::move(versions).finish(), text_of(request.partition.value), text_of(request.from.value),
           text_of(request.to.value), std::move(leases).finish(), text_of(request.log_end.value),
           request.generation ? std::optional(std::to_string(*request.generation)) : std::nullopt, request.generation ? "t" : "f"}};
}

statement insert_letters(const live_projection& projection, const commit_request& request, const std::vector<dead_letter>& letters) {
  array_text entities, offsets, sequences, codes, messages;
  for (const auto& each : letters) {
    entities.add_text(events::to_string(each.entity));
    offsets.add_plain(text_of(each.offset.value));
    sequences.add_plain(text_of(each.sequence.value));
    codes.add_text(each.code);
    messages.add_text(each.message);
  }
  return {"INSERT INTO runner.dead_letters (projection, version, partition, entity, log_offset, sequence, code, message) "
          "SELECT $1, $2::integer, $3::integer, u.* FROM unnest($4::text[], $5::bigint[], $6::bigint[], $7::text[], $8::text[]) u "
          "ON CONFLICT (projection, version, partition, log_offset, sequence, entity) DO UPDATE SET attempts = dead_letters.attempts + 1, "
          "updated_at = now()",
          {std::string(projection.with->name()), text_of(projection.version), text_of(request.partition.value),
           std::move(entities).finish(), std::move(offsets).finish(), std::move(sequences).finish(), std::move(codes).finish(),
           std::move(messages).finish()}};
}

/// What Postgres loses when it dies, what it committed in its last moment (0.6 s as it comes), is folded from the log again: rows and the position are of one
/// transaction. So nobody waits for its disk, and the log, which somebody does wait for, finds the disk free.
constexpr const char* let_disk_wait = "SET LOCAL synchronous_commit = off";

/// The statements of a transaction, with the projection each belongs to.
struct transaction_text {
  std::vector<statement> statements;
  std::vector<std::optional<std::size_t>> owner;

  void add(statement one, std::optional<std::size_t> of = std::nullopt) {
    statements.push_back(std::move(one));
    owner.push_back(of);
  }
};

commit_problem problem_of(connection& database, events::failure reason, std::optional<std::size_t> owner) {
  const auto& found = database.problem();
  const bool data = found.is_data();
  const bool taken = found.state == "RV001", changed = found.state == "RV002";
  database.roll_back();
  return {std::move(reason), taken, changed, data ? owner : std::nullopt};
}

/// Bulk: inserts by COPY, one table after the other, inside the transaction that `begin` opens.
std::expected<void, commit_problem> copy_inserts(connection& database, const live_projection& projection, std::size_t index,
                                                 const std::vector<table_changes>& changes) {
  for (const auto& each : changes) {
    if (each.inserted.empty()) continue;
    copy_writer rows;
    for (const auto* one : each.inserted) rows.add(*one);
    if (auto copied = database.copy_in(copy_statement(*each.of, projection.schema), rows.finish()); !copied)
      return std::unexpected(problem_of(database, copied.error(), index));
  }
  return {};
}

} // namespace

std::expected<void, commit_problem> commit_batch(connection& database, std::span<live_projection* const> projections,
                                                 const commit_request& request) {
  std::vector<folded_batch> folded;
  for (const auto* each : projections) {
    auto one = fold_batch(database, *each->with, each->schema, request.partition, request.records, each->parked, each->discarded);
    if (!one) return std::unexpected(problem_of(database, one.error(), std::nullopt));
    folded.push_back(std::move(*one));
  }
  transaction_text head, tail;
  head.add({"BEGIN"});
  head.add({let_disk_wait});
  if (request.keep_position) head.add(move_positions(projections, request));
  std::vector<std::vector<table_changes>> changes;
  for (std::size_t i = 0; i < folded.size(); ++i) {
    changes.push_back(folded[i].rows->changes());
    for (const auto& each : changes.back())
      for (auto& one : statements_of(each, projections[i]->schema, !request.bulk)) tail.add(std::move(one), i);
    if (request.keep_position && !folded[i].letters.empty()) tail.add(insert_letters(*projections[i], request, folded[i].letters));
  }
  std::vector<statement> state;
  if (request.keep_log_state) move_log_state(request.partition, request.to, request.records, state);
  for (auto& each : state) tail.add(std::move(each));
  tail.add({"COMMIT"});

  if (request.bulk) {
    if (auto begun = database.run_all(head.statements); !begun) return std::unexpected(problem_of(database, begun.error(), std::nullopt));
    for (std::size_t i = 0; i < folded.size(); ++i)
      if (auto copied = copy_inserts(database, *projections[i], i, changes[i]); !copied) return copied;
    head = {};
  }
  for (std::size_t i = 0; i < tail.statements.size(); ++i) head.add(std::move(tail.statements[i]), tail.owner[i]);
  if (auto done = database.run_all(head.statements); !done) {
    const auto at = database.problem().statement;
    return std::unexpected(problem_of(database, done.error(), at < head.owner.size() ? head.owner[at] : std::nullopt));
  }
  for (std::size_t i = 0; i < folded.size(); ++i) {
    projections[i]->next = request.to;
    projections[i]->parked = std::move(folded[i].parked);
  }
  return {};
}

std::expected<void, commit_problem> commit_or_park(connection& database, std::span<live_projection* const> projections,
                                                   commit_request request) {
  auto done = commit_batch(database, projections, request);
  if (done || !done.error().at_fault) return done;
  if (request.records.size() == 1) {
    auto& projection = *projections[*done.error().at_fault];
    const auto& record = request.records.front();
    const parked_from cause{record.first_sequence, "constraint", done.error().reason.message};
    if (!projection.parked.try_emplace(record.entity, cause).second) return done;
    return commit_or_park(database, projections, request);
  }
  const auto half = request.records.size() / 2;
  auto first = request, second = request;
  first.records = request.records.first(half);
  first.to = second.from = first.records.back().offset.next();
  second.records = request.records.subspan(half);
  done = commit_or_park(database, projections, first);
  return done ? commit_or_park(database, projections, second) : done;
}

outcome<void> load_parked(connection& database, live_projection& projection, events::partition_number partition) {
  const auto rows = database.run("SELECT DISTINCT ON (entity) entity, sequence, code, message FROM runner.dead_letters "
                                 "WHERE projection = $1 AND version = $2 AND partition = $3 AND state = 'parked' ORDER BY entity, sequence",
                                 {std::string(projection.with->name()), text_of(projection.version), text_of(partition.value)});
  if (!rows) return std::unexpected(rows.error());
  projection.parked.clear();
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    const auto entity = events::parse_entity(rows->text(i, 0));
    if (!entity) continue;
    projection.parked[*entity] = {{static_cast<std::uint64_t>(rows->integer(i, 1))}, std::string(rows->text(i, 2)), std::string(rows->text(i, 3))};
  }
  auto gone = load_discarded(database, projection.with->name());
  if (!gone) return std::unexpected(gone.error());
  projection.discarded = std::move(*gone);
  return {};
}

outcome<discarded_events> load_discarded(connection& database, std::string_view projection) {
  const auto gone = database.run("SELECT entity, sequence FROM runner.discarded_events WHERE projection = $1", {std::string(projection)});
  if (!gone) return std::unexpected(gone.error());
  discarded_events all;
  for (std::size_t i = 0; i < gone->rows(); ++i)
    if (const auto entity = events::parse_entity(gone->text(i, 0))) all[*entity].insert({static_cast<std::uint64_t>(gone->integer(i, 1))});
  return all;
}

} // namespace reverie::projections
