#include "projections/fold/memories_fold.hpp"

#include "projections/fold/memory_rows.hpp"

namespace reverie::projections {
namespace {

namespace talk = events::session;
namespace bond = events::bond;

constexpr const table* tables_of_memories[] = {&memory_tables::threads, &memory_tables::turns, &memory_tables::memories,
                                               &memory_tables::shelves, &memory_tables::postings, &memory_tables::recalls,
                                               &memory_tables::forgotten};

/// One event being folded.
struct folding {
  const events::recorded_event& one;
  row_store& rows;
  message_tree tree{memory_tables::threads, memory_tables::turns, rows};
  memory_rows kept{one, rows};

  events::session_id self() const { return conversation_of(one); }

  void grow(fresh_node fresh, bool barred = false) {
    fresh.more = {barred};
    if (!tree.grow(self(), std::move(fresh))) kept.touch(self());
  }

  void operator()(const talk::opened& fresh) {
    kept.open(self(), fresh.user, fresh.character);
    if (!fresh.greeting.is_nil()) grow({fresh.greeting, std::nullopt, "character", "complete"});
  }
  void operator()(const talk::message_sent& sent) {
    kept.look_up(self());
    grow({sent.message, sent.parent, "user", "complete"});
    kept.remember_turn(self(), sent.message, sent.content);
  }
  void operator()(const talk::reply_started& started) {
    const auto* before = started.attempt > 1 ? rows.find(memory_tables::turns, started.reply.value) : nullptr;
    if (before == nullptr) return grow({started.reply, started.parent, "character", "generating"}, kept.answers_barred(started.parent));
    const bool runs_on = (*before)[node_column::state] == value(std::string("generating"));
    rows.update(memory_tables::turns, started.reply.value, {{node_column::state, std::string("generating")}});
    if (!runs_on) move_leaf(started.reply);
  }
  void operator()(const talk::reply_completed& done) {
    kept.look_up(self());
    if (rows.find(memory_tables::turns, done.reply.value) == nullptr) return;
    rows.update(memory_tables::turns, done.reply.value, {{node_column::state, std::string("complete")}});
    kept.remember_reply(self(), done);
  }
  void operator()(const talk::reply_failed& failed) {
    rows.update(memory_tables::turns, failed.reply.value, {{node_column::state, std::string("failed")}});
  }
  void operator()(const talk::message_edited& edited) {
    kept.look_up(self());
    grow({edited.message, tree.parent_of(edited.replaces), "user", "complete"});
    kept.remember_turn(self(), edited.message, edited.content);
  }
  void operator()(const talk::message_deleted& deleted) {
    kept.look_up(self());
    tree.remove(self(), deleted.removed, deleted.leaf);
    for (const auto& message : deleted.removed) kept.drop(memory_rows::episode_of(message));
    kept.touch(self());
  }
  void operator()(const talk::branch_selected& selected) { move_leaf(selected.leaf); }

  void operator()(const bond::fact_learned& fact) { kept.remember_fact(fact); }
  void operator()(const bond::fact_closed& fact) { kept.close_fact(fact); }
  void operator()(const bond::fact_retracted& fact) {
    kept.drop(fact.memory);
    for (const auto& again : fact.reopened) kept.reopen_fact(again);
  }
  void operator()(const bond::memory_forgotten& gone) { kept.forget(gone); }

  template <class Payload>
  void operator()(const Payload&) {}

  void move_leaf(events::message_id leaf) {
    kept.look_up(self());
    tree.move_leaf(self(), leaf);
    kept.touch(self());
  }
};

void expect_talk(const events::recorded_event& one, row_store& rows) {
  rows.expect(memory_tables::threads, one.context.entity.entity.id);
  const auto turn = [&](const events::message_id& id) { rows.expect(memory_tables::turns, id.value); };
  if (const auto* sent = std::get_if<talk::message_sent>(&one.payload); sent != nullptr && sent->parent) turn(*sent->parent);
  if (const auto* started = std::get_if<talk::reply_started>(&one.payload)) {
    turn(started->parent);
    if (started->attempt > 1) turn(started->reply);
  }
  if (const auto* done = std::get_if<talk::reply_completed>(&one.payload)) {
    turn(done->reply);
    for (const auto& memory : done->recalled) rows.expect(memory_tables::forgotten, memory.value);
  }
  if (const auto* failed = std::get_if<talk::reply_failed>(&one.payload)) turn(failed->reply);
  if (const auto* edited = std::get_if<talk::message_edited>(&one.payload)) turn(edited->replaces);
  if (const auto* deleted = std::get_if<talk::message_deleted>(&one.payload))
    for (const auto& id : deleted->removed) rows.expect(memory_tables::memories, memory_rows::episode_of(id).value);
}

void expect_bond(const events::recorded_event& one, row_store& rows) {
  const auto memory = [&](const events::memory_id& id) { rows.expect(memory_tables::memories, id.value); };
  rows.expect(memory_tables::shelves, one.context.entity.entity.id);
  if (const auto* fact = std::get_if<bond::fact_learned>(&one.payload)) rows.expect(memory_tables::turns, fact->message.value);
  if (const auto* closed = std::get_if<bond::fact_closed>(&one.payload)) memory(closed->memory);
  if (const auto* retracted = std::get_if<bond::fact_retracted>(&one.payload)) {
    memory(retracted->memory);
    for (const auto& again : retracted->reopened) memory(again);
  }
  if (const auto* gone = std::get_if<bond::memory_forgotten>(&one.payload)) {
    memory(gone->memory);
    for (const auto& also : gone->also_forgotten) memory(also);
    for (const auto& barred : gone->barred) {
      rows.expect(memory_tables::turns, barred.value);
      memory(memory_rows::episode_of(barred));
    }
  }
}

} // namespace

std::span<const table* const> memories_fold::tables() const { return tables_of_memories; }

bool memories_fold::wants(const events::event& any) const {
  if (std::holds_alternative<talk::closed>(any) || std::holds_alternative<talk::read_marked>(any)) return false;
  return events::number_of(any) / 100 == 2 || std::holds_alternative<bond::fact_learned>(any) || std::holds_alternative<bond::fact_closed>(any) ||
         std::holds_alternative<bond::fact_retracted>(any) || std::holds_alternative<bond::memory_forgotten>(any);
}

void memories_fold::expect(const events::recorded_event& one, row_store& rows) const {
  if (std::holds_alternative<talk::opened>(one.payload)) {
    const auto& fresh = std::get<talk::opened>(one.payload);
    rows.expect(memory_tables::shelves, events::bond_of(fresh.user, fresh.character).value);
  } else if (one.context.entity.entity.kind == events::entity_kind::session) {
    expect_talk(one, rows);
  } else {
    expect_bond(one, rows);
  }
  message_tree(memory_tables::threads, memory_tables::turns, rows).expect_insertions(one);
}

void memories_fold::apply(const events::recorded_event& one, row_store& rows) const { std::visit(folding{one, rows}, one.payload); }

} // namespace reverie::projections
