#include "ops/operator/dead_letter_desk.hpp"

#include "ops/operator/failure_view.hpp"

#include <charconv>

namespace reverie::ops {

using gateway::document;
using gateway::result;
using projections::sql_params;

namespace {

constexpr const char* listed_sql =
    "SELECT d.id, d.projection, d.version, d.entity, d.partition, d.log_offset, d.sequence, d.code, d.message, d.attempts, d.state, d.reason, "
    "(extract(epoch FROM d.created_at) * 1000)::bigint, "
    "(SELECT count(*) FROM runner.dead_letters b WHERE b.projection = d.projection AND b.version = d.version AND b.partition = d.partition "
    "AND b.entity = d.entity AND b.state = 'parked' AND b.sequence > d.sequence), v.serving "
    "FROM runner.dead_letters d JOIN runner.projection_versions v USING (projection, version) WHERE ";

/// Those that were parked for a cause of their own, not for one before them.
constexpr const char* first_of_entity_sql =
    " AND d.state = 'parked' AND NOT EXISTS (SELECT 1 FROM runner.dead_letters e WHERE e.projection = d.projection AND e.version = d.version "
    "AND e.partition = d.partition AND e.entity = d.entity AND e.state = 'parked' AND e.sequence < d.sequence)";

document letter_view(const projections::result& rows, std::size_t line) {
  const auto text = [&](std::size_t column) { return std::string(rows.text(line, column)); };
  const auto reason = text(11);
  return {{"id", std::to_string(rows.integer(line, 0))}, {"projection", text(1)}, {"version", rows.integer(line, 2)}, {"entity", text(3)},
          {"partition", rows.integer(line, 4)}, {"position", text(4) + ":" + text(5)}, {"sequence", rows.integer(line, 6)}, {"code", text(7)},
          {"message", text(8)}, {"attempts", rows.integer(line, 9)}, {"state", text(10)}, {"reason", reason.empty() ? document(nullptr) : document(reason)},
          {"created_at", events::format_rfc3339(rows.time(line, 12))}, {"behind", rows.integer(line, 13)}, {"serving", rows.boolean(line, 14)}};
}

/// Why an operator can do nothing about a letter that no serving version has.
gateway::api_error absent(projections::connection& database, std::int64_t id) {
  const auto other = database.run("SELECT projection, version FROM runner.dead_letters WHERE id = $1", {std::to_string(id)});
  if (!other) return operator_error(other.error());
  if (other->rows() == 0) return gateway::not_found_error("There is no such dead letter.");
  return {409, "conflict", "This dead letter is of version " + std::string(other->text(0, 1)) + " of " + std::string(other->text(0, 0)) +
                               ", which does not serve: mend its cause and rebuild again, or switch to it."};
}

} // namespace

result<std::uint64_t> dead_letter_desk::parked() {
  const auto rows = pool_.run("SELECT count(*) FROM runner.dead_letters d JOIN runner.projection_versions v USING (projection, version) WHERE v.serving AND d.state = 'parked'");
  if (!rows) return std::unexpected(operator_error(rows.error()));
  return static_cast<std::uint64_t>(rows->integer(0, 0));
}

result<document> dead_letter_desk::list(const gateway::letter_query& query) {
  if (query.version) {
    const auto known = pool_.run("SELECT count(*) FROM runner.projection_versions WHERE projection = $1 AND version = $2", {query.projection, std::to_string(*query.version)});
    if (!known) return std::unexpected(operator_error(known.error()));
    if (known->integer(0, 0) == 0) return std::unexpected(gateway::not_found_error("There is no such version."));
  }
  sql_params params;
  std::string where = query.version ? "true" : "v.serving";
  const auto add = [&](const char* condition, const std::string& value) {
    params.emplace_back(value);
    where += std::string(" AND ") + condition + " $" + std::to_string(params.size());
  };
  if (!query.projection.empty()) add("d.projection =", query.projection);
  if (query.version) add("d.version =", std::to_string(*query.version));
  if (!query.entity.empty()) add("d.entity =", query.entity);
  if (query.state == "first") where += first_of_entity_sql;
  else if (query.state != "any") add("d.state =", query.state.empty() ? "parked" : query.state);
  const auto counted = pool_.run("SELECT count(*) FROM runner.dead_letters d JOIN runner.projection_versions v USING (projection, version) WHERE " + where, params);
  if (!counted) return std::unexpected(operator_error(counted.error()));
  if (!query.cursor.empty()) {
    std::uint64_t from = 0;
    const auto [end, error] = std::from_chars(query.cursor.data(), query.cursor.data() + query.cursor.size(), from);
    if (error != std::errc{} || end != query.cursor.data() + query.cursor.size() || from > INT64_MAX) return std::unexpected(gateway::validation_error("This is not a cursor.", "cursor"));
    add("d.id <=", query.cursor);
  }
  params.emplace_back(std::to_string(query.page_size + 1));
  const auto rows = pool_.run(listed_sql + where + " ORDER BY d.id DESC LIMIT $" + std::to_string(params.size()), params);
  if (!rows) return std::unexpected(operator_error(rows.error()));
  auto items = document::array();
  for (std::size_t i = 0; i < std::min(rows->rows(), query.page_size); ++i) items.push_back(letter_view(*rows, i));
  const bool more = rows->rows() > query.page_size;
  return document{{"items", std::move(items)}, {"next_cursor", more ? document(std::to_string(rows->integer(query.page_size, 0))) : document(nullptr)},
                  {"has_more", more}, {"total", counted->integer(0, 0)}};
}

result<projections::dead_letter_row> dead_letter_desk::letter(std::int64_t id) {
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  const auto found = projections::list_letters(**database, {.projection = {}, .entity = {}, .id = id, .state = ""}, 1);
  if (!found) return std::unexpected(operator_error(found.error()));
  if (found->empty()) return std::unexpected(absent(**database, id));
  if (found->front().state != "parked") return std::unexpected(gateway::api_error{409, "conflict", "This dead letter is " + found->front().state + " already."});
  return found->front();
}

result<std::uint64_t> dead_letter_desk::waiting_with(const projections::dead_letter_row& one) {
  const auto rows = pool_.run("SELECT count(*) FROM runner.dead_letters d JOIN runner.projection_versions v USING (projection, version) "
                              "WHERE v.serving AND d.state = 'parked' AND d.projection = $1 AND d.entity = $2",
                              {one.projection, events::to_string(one.entity)});
  if (!rows) return std::unexpected(operator_error(rows.error()));
  return static_cast<std::uint64_t>(rows->integer(0, 0));
}

result<document> dead_letter_desk::impact(std::int64_t id) {
  const auto one = letter(id);
  if (!one) return std::unexpected(one.error());
  const auto waiting = waiting_with(*one);
  if (!waiting) return std::unexpected(waiting.error());
  return document{{"title", "Give up event " + std::to_string(one->sequence.value) + " of " + events::to_string(one->entity) + " in " + one->projection},
                  {"touches", document::array({{{"what", "events given up"}, {"count", 1}}, {{"what", "events of this entity that wait behind it"}, {"count", *waiting > 0 ? *waiting - 1 : 0}}})},
                  {"confirm", "discard " + std::to_string(id)},
                  {"reversible", false},
                  {"warning", "No fold of this projection takes the event any more, no rebuild either."}};
}

/// A dry run folds for real and undoes it.
result<document> dead_letter_desk::retry(std::int64_t id, bool dry_run) {
  const auto one = letter(id);
  if (!one) return std::unexpected(one.error());
  const projections::letter_choice which{.projection = one->projection, .entity = one->entity, .id = {}};
  const auto done = dry_run ? projections::try_letters(source_, which) : projections::retry_letters(source_, which);
  if (!done) return std::unexpected(operator_error(done.error()));
  return document{{"folded", done->retried}, {"still_parked", done->left}, {"dry_run", dry_run},
                  {"problem", done->problems.empty() ? document(nullptr) : document(done->problems.front())}};
}

result<document> dead_letter_desk::discard(std::int64_t id, const std::string& reason) {
  const auto one = letter(id);
  if (!one) return std::unexpected(one.error());
  auto database = pool_.borrow();
  if (!database) return std::unexpected(operator_error(database.error()));
  const auto gone = projections::discard_letters(**database, {.projection = {}, .entity = {}, .id = id}, reason);
  if (!gone) return std::unexpected(operator_error(gone.error()));
  const auto waiting = waiting_with(*one);
  return document{{"folded", 0}, {"discarded", *gone}, {"still_parked", waiting.value_or(0)}};
}

} // namespace reverie::ops
