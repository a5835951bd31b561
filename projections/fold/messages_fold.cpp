#include "projections/fold/messages_fold.hpp"

#include "projections/fold/message_tree.hpp"

namespace reverie::projections {
namespace {

namespace happened = events::session;

constexpr table threads{"threads", thread_columns};

enum : std::size_t { content = node_column::count, attempt, model, finish_reason, error_code, manifest, position_offset, position_sequence, created_at, updated_at };
constexpr auto message_columns = joined_columns(node_columns, std::array<column, 10>{{{"content", column_type::text},
                                                                                     {"attempt", column_type::integer},
                                                                                     {"model", column_type::text},
                                                                                     {"finish_reason", column_type::text},
                                                                                     {"error_code", column_type::text},
                                                                                     {"manifest", column_type::text},
                                                                                     {"position_offset", column_type::integer},
                                                                                     {"position_sequence", column_type::integer},
                                                                                     {"created_at", column_type::time},
                                                                                     {"updated_at", column_type::time}}});
constexpr table messages{"messages", message_columns};
constexpr const table* tables_of_messages[] = {&threads, &messages};

/// One event being folded: the tree and the cells that depend on when it happened.
struct folding {
  const events::recorded_event& one;
  row_store& rows;
  message_tree tree{threads, messages, rows};

  std::int64_t place() const { return static_cast<std::int64_t>(one.context.position.offset.value); }
  std::int64_t sequence() const { return static_cast<std::int64_t>(one.context.sequence.value); }

  std::vector<value> cells(std::string text, std::int64_t attempts = 0) const {
    return {std::move(text), attempts, std::string{}, std::string{}, std::string{}, std::string{}, place(), sequence(), one.context.at, one.context.at};
  }

  void operator()(const happened::opened& fresh) {
    const auto self = conversation_of(one);
    rows.insert(threads, {self.value, fresh.user.value, fresh.character.value, std::monostate{}});
    if (!fresh.greeting.is_nil()) tree.grow(self, {fresh.greeting, std::nullopt, "character", "complete", cells(fresh.greeting_text)});
  }
  void operator()(const happened::message_sent& sent) {
    tree.grow(conversation_of(one), {sent.message, sent.parent, "user", "complete", cells(sent.content)});
  }
  void operator()(const happened::reply_started& started) {
    const auto attempts = std::int64_t{started.attempt};
    if (started.attempt > 1 && rows.find(messages, started.reply.value) != nullptr) {
      const auto* before = rows.find(messages, started.reply.value);
      const bool runs_on = (*before)[node_column::state] == value(std::string("generating"));
      rows.update(messages, started.reply.value,
                  {{node_column::state, std::string("generating")}, {attempt, attempts}, {error_code, std::string{}}, {updated_at, one.context.at}});
      if (!runs_on) tree.move_leaf(conversation_of(one), started.reply);
    } else {
      tree.grow(conversation_of(one), {started.reply, started.parent, "character", "generating", cells({}, attempts)});
    }
  }
  void operator()(const happened::reply_completed& done) {
    rows.update(messages, done.reply.value,
                {{node_column::state, std::string(done.finish_reason == "stopped" ? "stopped" : "complete")},
                 {content, done.content},
                 {attempt, std::int64_t{done.attempt}},
                 {model, done.model},
                 {finish_reason, done.finish_reason},
                 {manifest, done.manifest_json},
                 {position_offset, place()}, {position_sequence, sequence()},
                 {updated_at, one.context.at}});
  }
  void operator()(const happened::reply_failed& failed) {
    rows.update(messages, failed.reply.value,
                {{node_column::state, std::string("failed")}, {attempt, std::int64_t{failed.attempt}}, {error_code, failed.code},
                 {position_offset, place()}, {position_sequence, sequence()}, {updated_at, one.context.at}});
  }
  void operator()(const happened::message_edited& edited) {
    const auto parent = tree.parent_of(edited.replaces);
    tree.grow(conversation_of(one), {edited.message, parent, "user", "complete", cells(edited.content)});
  }
  void operator()(const happened::message_deleted& deleted) { tree.remove(conversation_of(one), deleted.removed, deleted.leaf); }
  void operator()(const happened::branch_selected& selected) { tree.move_leaf(conversation_of(one), selected.leaf); }
  template <class Payload>
  void operator()(const Payload&) {}
};

struct expecting {
  const events::recorded_event& one;
  row_store& rows;

  void operator()(const happened::opened&) {}
  void operator()(const happened::message_sent& sent) {
    thread();
    if (sent.parent) rows.expect(messages, sent.parent->value);
  }
  void operator()(const happened::reply_started& started) {
    thread();
    rows.expect(messages, started.parent.value);
    if (started.attempt > 1) rows.expect(messages, started.reply.value);
  }
  void operator()(const happened::reply_completed& done) { rows.expect(messages, done.reply.value); }
  void operator()(const happened::reply_failed& failed) { rows.expect(messages, failed.reply.value); }
  void operator()(const happened::message_edited& edited) {
    thread();
    rows.expect(messages, edited.replaces.value);
  }
  template <class Payload>
  void operator()(const Payload&) { thread(); }
  void thread() { rows.expect(threads, one.context.entity.entity.id); }
};

} // namespace

std::span<const table* const> messages_fold::tables() const { return tables_of_messages; }

bool messages_fold::wants(const events::event& any) const {
  return events::number_of(any) / 100 == 2 && !std::holds_alternative<happened::closed>(any) && !std::holds_alternative<happened::read_marked>(any);
}

void messages_fold::expect(const events::recorded_event& one, row_store& rows) const {
  std::visit(expecting{one, rows}, one.payload);
  message_tree(threads, messages, rows).expect_insertions(one);
}

void messages_fold::apply(const events::recorded_event& one, row_store& rows) const { std::visit(folding{one, rows}, one.payload); }

} // namespace reverie::projections
