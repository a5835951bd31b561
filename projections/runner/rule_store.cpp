#include "projections/runner/rule_store.hpp"

#include "events/vault/field_sealing.hpp"
#include "projections/postgres/advisory_lock.hpp"
#include "projections/runner/letter_folding.hpp"
#include "projections/runner/version_switch.hpp"

#include <algorithm>

namespace reverie::projections {
namespace {

constexpr std::size_t rule_reason_bytes_max = 2'000;

/// The letter a rule is for, and its event as it lies in the log.
struct rule_subject {
  events::entity_ref entity{};
  events::log_position position{};
  events::sequence_number sequence{};
  std::vector<std::string> projections;
  raw_event event;
  events::stored_record stored;
};

/// The person whose key the event's fields are sealed with; none for what is nobody's. What belongs to a person by its kind lies in that
/// person's slice: then nothing need be sealed in the event itself, which may be broken or have been written open.
std::optional<events::user_id> person_of(const rule_subject& subject) {
  switch (events::base_of(subject.entity.kind)) {
  case events::entity_kind::user:
  case events::entity_kind::session:
  case events::entity_kind::bond: return events::user_id{subject.stored.content.slice_key};
  default: break;
  }
  const auto& data = subject.event.data;
  for (const auto& [field, value] : data.items()) {
    if (!value.is_object() || !value.contains("$sealed") || !value["$sealed"].is_object()) continue;
    const auto key = value["$sealed"].value("key", std::string());
    if (!key.starts_with("user/")) continue;
    if (const auto id = events::parse_uuid(std::string_view(key).substr(5))) return events::user_id{*id};
  }
  return std::nullopt;
}

outcome<rule_subject> subject_of(connection& database, const bulk_source& source, std::int64_t letter) {
  auto found = list_letters(database, {.projection = {}, .entity = {}, .id = letter, .state = "parked"}, 1);
  if (!found) return std::unexpected(found.error());
  if (found->empty()) return events::fail(failure_code::not_found, "there is no such parked event");
  const auto& one = found->front();
  const auto earlier = database.run("SELECT count(*) FILTER (WHERE d.sequence < $2) FROM runner.dead_letters d "
                                    "JOIN runner.projection_versions v USING (projection, version) WHERE v.serving AND d.state = 'parked' AND d.entity = $1",
                                    {events::to_string(one.entity), std::to_string(one.sequence.value)});
  if (!earlier) return std::unexpected(earlier.error());
  if (earlier->integer(0, 0) > 0) return events::fail(failure_code::locked, "earlier events of this entity are parked: begin with the first");
  auto stored = read_stored(source.log, one.position);
  if (!stored) return std::unexpected(stored.error());
  auto event = raw_event_of(*stored, one.sequence);
  if (!event) return std::unexpected(event.error());
  rule_subject subject{one.entity, one.position, one.sequence, {}, std::move(*event), std::move(*stored)};
  const auto rows = database.run("SELECT DISTINCT d.projection FROM runner.dead_letters d JOIN runner.projection_versions v USING (projection, version) "
                                 "WHERE v.serving AND d.state = 'parked' AND d.entity = $1 AND d.sequence = $2 ORDER BY 1",
                                 {events::to_string(one.entity), std::to_string(one.sequence.value)});
  if (!rows) return std::unexpected(rows.error());
  for (std::size_t i = 0; i < rows->rows(); ++i) subject.projections.emplace_back(rows->text(i, 0));
  return subject;
}

/// Personal values sealed as the log would hold them; refuses what could leave a person's words open.
outcome<std::vector<patch_operation>> sealed_operations(const rule_wish& wish, const rule_subject& subject, events::key_ring& keys) {
  auto operations = parse_patch(wish.operations);
  if (!operations) return operations;
  const auto person = person_of(subject);
  for (auto& each : *operations) {
    const auto field = field_of(each.path);
    if (!may_be_personal(subject.event.type, field)) continue;
    // Shown and kept as what no person wrote, it would lie open for everybody.
    if (each.what == patch_operation::kind::rename && !may_be_personal(subject.event.type, field_of(each.to)))
      return events::fail(failure_code::malformed, each.path + " holds what people write: it can't become " + each.to + ", which does not");
    if (each.what != patch_operation::kind::set) continue;
    if (wish.scope == rule_scope::type) return events::fail(failure_code::malformed, each.path + " holds what people write: a rule for all entities can't set it");
    if (each.path.find('/', 1) != std::string::npos) return events::fail(failure_code::malformed, each.path + " is a part of what a person wrote: set the whole field");
    if (!person) continue; // nobody's
    const auto key = keys.load(*person);
    if (!key) return std::unexpected(key.error());
    each.value = patch_json::parse(events::seal(*person, **key, subject.event.type + "/" + field, each.value.dump(-1, ' ', false, patch_json::error_handler_t::replace)));
  }
  return operations;
}

/// Nobody makes these projections anew meanwhile, as what was folded already would have been read by other rules.
outcome<std::vector<advisory_lock>> keep_rebuilds_away(connection& holder, const std::vector<std::string>& projections) {
  std::vector<advisory_lock> locks;
  const auto catalogue = read_catalogue(holder);
  if (!catalogue) return std::unexpected(catalogue.error());
  for (const auto& each : projections) {
    auto taken = advisory_lock::try_now(holder, "rebuild." + each);
    if (!taken && taken.error().code == failure_code::locked) return events::fail(failure_code::locked, "a rebuild of " + each + " is running");
    if (!taken) return std::unexpected(taken.error());
    locks.push_back(std::move(*taken));
    if (catalogue->begun(each) != nullptr) return events::fail(failure_code::locked, "a version of " + each + " is being made: switch to it or cancel it first");
  }
  return locks;
}

outcome<std::vector<std::int64_t>> write_rules(connection& database, const rule_wish& wish, const rule_subject& subject, const std::vector<patch_operation>& operations) {
  std::vector<std::int64_t> ids;
  const bool all = wish.scope == rule_scope::type;
  const auto sequence = std::to_string(subject.sequence.value);
  for (const auto& each : subject.projections) {
    const auto made = database.run("INSERT INTO rules.event_rules (projection, entity, event_type, event_version, from_sequence, to_sequence, operations, reason, author) "
                                   "VALUES ($1, $2, $3, $4, $5, $6::bigint, $7, $8, $9) RETURNING id",
                                   {each, all ? std::nullopt : std::optional(events::to_string(subject.entity)), subject.event.type, std::to_string(subject.event.version),
                                    all ? std::string("0") : sequence, wish.scope == rule_scope::event ? std::optional(sequence) : std::nullopt,
                                    patch_document(operations).dump(), wish.reason, wish.author});
    if (!made) return std::unexpected(made.error());
    ids.push_back(made->integer(0, 0));
  }
  return ids;
}

/// What the event is under all rules, those just written among them, for the first of the projections.
outcome<patch_json> seen_after(const event_rules& rules, const rule_subject& subject, events::key_ring& keys) {
  for (auto& [projection, value] : rules.amend(subject.stored, keys)) {
    if (projection != subject.projections.front()) continue;
    if (!value) return std::unexpected(value.error());
    auto stored = subject.stored;
    stored.content.value = std::move(*value);
    const auto made = raw_event_of(stored, subject.sequence);
    if (!made) return std::unexpected(made.error());
    return opened_data(subject.event.type, made->data, keys);
  }
  return events::fail(failure_code::malformed, "the rule does not concern the event");
}

/// Writes the rules and folds the first letters under them, inside the caller's transaction behind the gate.
outcome<rule_trial> fold_under(connection& database, const bulk_source& source, const rule_wish& wish, const rule_subject& subject) {
  const auto operations = sealed_operations(wish, subject, source.keys);
  if (!operations) return std::unexpected(operations.error());
  rule_trial trial{.sequence = subject.sequence, .type = subject.event.type, .version = subject.event.version, .before = {}, .after = {}, .projections = subject.projections};
  auto ids = write_rules(database, wish, subject, *operations);
  if (!ids) return std::unexpected(ids.error());
  trial.rules = std::move(*ids);
  auto before = opened_data(subject.event.type, subject.event.data, source.keys);
  if (!before) return std::unexpected(before.error());
  trial.before = std::move(*before);
  const auto rules = event_rules::load(database);
  if (!rules) return std::unexpected(rules.error());
  auto after = seen_after(**rules, subject, source.keys);
  if (!after && is_passing(after.error().code)) return std::unexpected(after.error());
  if (after) trial.after = std::move(*after);
  const auto catalogue = read_catalogue(database);
  if (!catalogue) return std::unexpected(catalogue.error());
  trial.accepted = true;
  for (const auto& name : subject.projections) {
    const auto* of = find_fold(name);
    for (const auto& version : catalogue->versions) {
      if (of == nullptr || version.state != version_state::followed || !version.is_of(*of)) continue;
      const auto some = fold_letters(database, source, {*of, version, subject.position.partition, events::to_string(subject.entity)}, **rules);
      if (!some) return std::unexpected(some.error());
      if (!version.serving) continue;
      trial.retried.retried += some->folded;
      if (!some->problem.empty()) trial.retried.problems.push_back(some->problem);
      if (some->folded > 0) continue;
      trial.accepted = false;
      trial.problem = after ? some->problem : after.error().message;
    }
  }
  const auto left = database.run("SELECT count(*) FROM runner.dead_letters d JOIN runner.projection_versions v USING (projection, version) "
                                 "WHERE v.serving AND d.state = 'parked' AND d.entity = $1", {events::to_string(subject.entity)});
  if (!left) return std::unexpected(left.error());
  trial.retried.left = static_cast<std::uint64_t>(left->integer(0, 0));
  if (auto noted = note_change(database); !noted) return std::unexpected(noted.error());
  return trial;
}

/// Under the locks that a rule needs.
outcome<rule_trial> under_locks(const bulk_source& source, const rule_wish& wish, bool keep) {
  if (wish.reason.size() > rule_reason_bytes_max || (keep && wish.reason.empty())) return events::fail(failure_code::malformed, "a rule needs a reason, of at most 2000 bytes");
  auto database = connection::open(source.conninfo), holder = connection::open(source.conninfo);
  if (!database || !holder) return std::unexpected((database ? holder : database).error());
  const auto letters = advisory_lock::try_now(*holder, "dead_letters");
  if (!letters && letters.error().code == failure_code::locked) return events::fail(failure_code::locked, "dead letters are being worked on");
  if (!letters) return std::unexpected(letters.error());
  const auto subject = subject_of(*database, source, wish.letter);
  if (!subject) return std::unexpected(subject.error());
  const auto alone = keep_rebuilds_away(*holder, subject->projections);
  if (!alone) return std::unexpected(alone.error());
  outcome<rule_trial> trial = rule_trial{};
  const auto done = behind_gate(*database, [&]() -> outcome<bool> {
    trial = fold_under(*database, source, wish, *subject);
    if (!trial) return std::unexpected(trial.error());
    // What is only tried is undone by not being committed.
    if (!keep) return events::fail(failure_code::cancelled, "tried");
    if (!trial->accepted) return events::fail(failure_code::locked, "the event does not fit under this rule: " + trial->problem);
    return true;
  });
  if (!done && (keep || !trial || done.error().code != failure_code::cancelled)) return std::unexpected(done.error());
  return trial;
}

} // namespace

outcome<rule_trial> try_rule(const bulk_source& source, const rule_wish& wish) { return under_locks(source, wish, false); }

outcome<rule_trial> keep_rule(const bulk_source& source, const rule_wish& wish) { return under_locks(source, wish, true); }

outcome<std::vector<listed_rule>> list_rules(connection& database, const rule_choice& which, std::size_t limit) {
  const auto rows = database.run("SELECT id, projection, coalesce(entity, ''), event_type, event_version, from_sequence, operations, reason, author, " +
                                     as_milliseconds("created_at") + ", " + as_milliseconds("retired_at") + ", coalesce(retire_reason, ''), to_sequence FROM rules.event_rules "
                                     "WHERE ($1 = '' OR projection = $1) AND ($2 = '' OR entity = $2) AND id = coalesce($3::bigint, id) ORDER BY id DESC LIMIT $4",
                                 {which.projection, which.entity, which.id ? std::optional(std::to_string(*which.id)) : std::nullopt, std::to_string(limit)});
  if (!rows) return std::unexpected(rows.error());
  std::vector<listed_rule> all;
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    const auto text = [&](std::size_t column) { return std::string(rows->text(i, column)); };
    listed_rule one{.id = rows->integer(i, 0), .projection = text(1), .entity = text(2), .type = text(3), .version = static_cast<std::uint32_t>(rows->integer(i, 4)),
                    .from_sequence = static_cast<std::uint64_t>(rows->integer(i, 5)), .operations = patch_json::parse(text(6), nullptr, false), .reason = text(7),
                    .author = text(8), .created_at = rows->time(i, 9), .retired_at = rows->optional_time(i, 10), .retire_reason = text(11)};
    if (!rows->is_null(i, 12)) one.to_sequence = static_cast<std::uint64_t>(rows->integer(i, 12));
    for (auto& each : one.operations) each.erase("value");
    all.push_back(std::move(one));
  }
  return all;
}

outcome<void> retire_rule(connection& database, std::int64_t id, const std::string& reason) {
  if (reason.empty() || reason.size() > rule_reason_bytes_max) return events::fail(failure_code::malformed, "retiring a rule needs a reason, of at most 2000 bytes");
  const auto found = list_rules(database, {.projection = {}, .entity = {}, .id = id}, 1);
  if (!found) return std::unexpected(found.error());
  if (found->empty()) return events::fail(failure_code::not_found, "there is no such rule");
  if (found->front().retired_at) return events::fail(failure_code::locked, "the rule is retired already");
  const auto alone = keep_rebuilds_away(database, {found->front().projection});
  if (!alone) return std::unexpected(alone.error());
  return in_transaction(database, [&]() -> outcome<void> {
    if (auto closed = close_gate(database); !closed) return closed;
    const auto done = database.run("UPDATE rules.event_rules SET retired_at = now(), retire_reason = $2 WHERE id = $1 AND retired_at IS NULL", {std::to_string(id), reason});
    if (!done) return std::unexpected(done.error());
    return note_change(database);
  });
}

} // namespace reverie::projections
