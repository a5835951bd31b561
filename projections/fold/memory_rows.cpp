#include "projections/fold/memory_rows.hpp"

#include "projections/fold/fold.hpp"

#include <set>

namespace reverie::projections {
namespace {

enum : std::size_t { thread_bond = thread_column::count };
constexpr auto memory_thread_columns = joined_columns(thread_columns, std::array<column, 1>{{{"bond_id", column_type::uuid}}});

enum : std::size_t { turn_barred = node_column::count };
constexpr auto turn_columns = joined_columns(node_columns, std::array<column, 1>{{{"barred", column_type::boolean}}});

enum : std::size_t { id, bond_id, user_id, character_id, ordinal, kind, attribute, text, speaker, conversation_id, message_id, place, length,
                     terms, valid_from, valid_to, superseded_by, recorded_at, updated_at };
constexpr column memory_columns[] = {{"id", column_type::uuid},           {"bond_id", column_type::uuid},
                                     {"user_id", column_type::uuid},      {"character_id", column_type::uuid},
                                     {"ordinal", column_type::integer},   {"kind", column_type::text},
                                     {"attribute", column_type::text},    {"text", column_type::text},
                                     {"speaker", column_type::text},      {"conversation_id", column_type::uuid},
                                     {"message_id", column_type::uuid},   {"place", column_type::integer},
                                     {"length", column_type::integer},    {"terms", column_type::text_list},
                                     {"valid_from", column_type::time},   {"valid_to", column_type::time},
                                     {"superseded_by", column_type::uuid}, {"recorded_at", column_type::time},
                                     {"updated_at", column_type::time}};

enum : std::size_t { shelf_id, shelf_user, shelf_character, next_ordinal, generation };
constexpr column shelf_columns[] = {{"id", column_type::uuid}, {"user_id", column_type::uuid}, {"character_id", column_type::uuid},
                                    {"next_ordinal", column_type::integer}, {"generation", column_type::integer}};

constexpr column posting_columns[] = {{"bond_id", column_type::uuid}, {"term", column_type::text}, {"ordinal", column_type::integer},
                                      {"frequency", column_type::integer}};

enum : std::size_t { recall_id, recalled_memory, recalled_by };
constexpr column recall_columns[] = {{"id", column_type::uuid}, {"memory_id", column_type::uuid}, {"message_id", column_type::uuid}};

constexpr column forgotten_columns[] = {{"id", column_type::uuid}};

const events::uuid& uuid_of(const row& any, std::size_t column) { return std::get<events::uuid>(any[column]); }
std::int64_t integer_of(const row& any, std::size_t column) { return std::get<std::int64_t>(any[column]); }

} // namespace

namespace memory_tables {

constinit const table threads{"threads", memory_thread_columns};
constinit const table turns{"turns", turn_columns};
constinit const table memories{"memories", memory_columns};
constinit const table shelves{"shelves", shelf_columns};
constinit const table postings{"postings", posting_columns, 3, true};
constinit const table recalls{"recalls", recall_columns};
constinit const table forgotten{"forgotten", forgotten_columns};

} // namespace memory_tables

/// What differs between an episode and a fact.
struct memory_rows::fresh_memory {
  events::memory_id memory{};
  std::string_view kind;
  std::string attribute;
  const std::string& text;
  std::string_view speaker;
  events::session_id conversation{};
  events::message_id message{};
  std::int64_t place = 0;
  std::optional<events::timestamp> valid_from;
  std::string document;
};

void memory_rows::open(events::session_id conversation, events::user_id user, events::character_id character) {
  const auto bond = events::bond_of(user, character).value;
  const bool fresh = rows_.find(memory_tables::shelves, bond) == nullptr;
  rows_.insert(memory_tables::threads, {conversation.value, user.value, character.value, std::monostate{}, bond});
  if (fresh) rows_.insert(memory_tables::shelves, {bond, user.value, character.value, std::int64_t{0}, std::int64_t{0}});
}

void memory_rows::look_up(events::session_id conversation) {
  const auto* thread = rows_.find(memory_tables::threads, conversation.value);
  if (thread == nullptr) throw fold_failure("the conversation was never opened");
  rows_.find(memory_tables::shelves, uuid_of(*thread, thread_bond));
}

void memory_rows::touch_bond(const events::uuid& bond) {
  const auto* shelf = rows_.find(memory_tables::shelves, bond);
  if (shelf != nullptr) rows_.update(memory_tables::shelves, bond, {{generation, integer_of(*shelf, generation) + 1}});
}

void memory_rows::touch(events::session_id conversation) {
  const auto* thread = rows_.find(memory_tables::threads, conversation.value);
  if (thread != nullptr) touch_bond(uuid_of(*thread, thread_bond));
}

void memory_rows::add(const fresh_memory& fresh) {
  const auto* thread = rows_.find(memory_tables::threads, fresh.conversation.value);
  if (thread == nullptr) throw fold_failure("the conversation was never opened");
  const auto bond = uuid_of(*thread, thread_bond);
  const auto* shelf = rows_.find(memory_tables::shelves, bond);
  if (shelf == nullptr) throw fold_failure("the bond was never opened");
  const auto number = integer_of(*shelf, next_ordinal);
  const auto indexed = postings_of(fresh.document);
  std::vector<std::string> words;
  words.reserve(indexed.postings.size());
  for (const auto& each : indexed.postings) {
    words.push_back(each.term);
    rows_.insert(memory_tables::postings, {bond, each.term, number, std::int64_t{each.frequency}});
  }
  rows_.insert(memory_tables::memories,
               {fresh.memory.value, bond, uuid_of(*thread, thread_column::user), uuid_of(*thread, thread_column::character), number,
                std::string(fresh.kind), fresh.attribute, fresh.text, std::string(fresh.speaker), fresh.conversation.value, fresh.message.value,
                fresh.place, std::int64_t{indexed.length}, std::move(words), optional_time(fresh.valid_from), std::monostate{}, std::monostate{},
                one_.context.at, one_.context.at});
  rows_.update(memory_tables::shelves, bond, {{next_ordinal, number + 1}});
}

void memory_rows::remember_turn(events::session_id conversation, events::message_id message, const std::string& text) {
  const auto* turn = rows_.find(memory_tables::turns, message.value);
  if (turn == nullptr || text.empty() || (*turn)[turn_barred] == value(true)) return;
  const auto speaker = std::get<std::string>((*turn)[node_column::role]);
  add({episode_of(message), "episode", {}, text, speaker, conversation, message, integer_of(*turn, node_column::depth), std::nullopt,
       turn_document({}, one_.context.at, text)});
}

void memory_rows::remember_reply(events::session_id conversation, const events::session::reply_completed& done) {
  const std::set<events::memory_id> recalled(done.recalled.begin(), done.recalled.end());
  bool echoes = false;
  for (const auto& memory : recalled) echoes = rows_.find(memory_tables::forgotten, memory.value) != nullptr || echoes;
  if (echoes) bar(done.reply);
  remember_turn(conversation, done.reply, done.content);
  if (echoes) return;
  for (const auto& memory : recalled)
    rows_.insert(memory_tables::recalls, {events::derive_uuid("recalled", memory.value, done.reply.value), memory.value, done.reply.value});
}

bool memory_rows::answers_barred(events::message_id parent) {
  const auto* turn = rows_.find(memory_tables::turns, parent.value);
  while (turn != nullptr && (*turn)[node_column::role] == value(std::string("user"))) {
    if ((*turn)[turn_barred] == value(true)) return true;
    const auto* above = std::get_if<events::uuid>(&(*turn)[node_column::parent]);
    turn = above == nullptr ? nullptr : rows_.find(memory_tables::turns, *above);
  }
  return false;
}

void memory_rows::remember_fact(const events::bond::fact_learned& fact) {
  const auto* turn = rows_.find(memory_tables::turns, fact.message.value);
  if (turn != nullptr && (*turn)[turn_barred] == value(true)) return;
  rows_.find(memory_tables::threads, fact.session.value);
  add({fact.memory, "fact", fact.attribute, fact.text, "user", fact.session, fact.message, 0, fact.valid_from,
       fact_document({}, one_.context.at, fact.valid_from, fact.text)});
}

void memory_rows::close_fact(const events::bond::fact_closed& fact) {
  rows_.update(memory_tables::memories, fact.memory.value,
               {{valid_to, fact.valid_to}, {superseded_by, optional_uuid(fact.superseded_by)}, {updated_at, one_.context.at}});
}

void memory_rows::reopen_fact(events::memory_id memory) {
  rows_.update(memory_tables::memories, memory.value,
               {{valid_to, std::monostate{}}, {superseded_by, std::monostate{}}, {updated_at, one_.context.at}});
}

void memory_rows::drop(events::memory_id memory) {
  const auto* held = rows_.find(memory_tables::memories, memory.value);
  if (held == nullptr) return;
  const auto bond = uuid_of(*held, bond_id);
  for (const auto& term : std::get<std::vector<std::string>>((*held)[terms]))
    rows_.erase_key(memory_tables::postings, {bond, term, (*held)[ordinal]});
  rows_.erase(memory_tables::memories, memory.value);
  touch_bond(bond);
}

void memory_rows::bar(events::message_id message) { rows_.update(memory_tables::turns, message.value, {{turn_barred, true}}); }

/// The replies that answered a message, alone or with messages that came after it.
std::vector<events::message_id> memory_rows::replies_to(events::message_id message) {
  const auto* turn = rows_.find(memory_tables::turns, message.value);
  if (turn == nullptr) return {};
  const value user(std::string("user"));
  const bool said_by_user = (*turn)[node_column::role] == user;
  const auto all = rows_.where(memory_tables::turns, node_column::conversation, uuid_of(*turn, node_column::conversation));
  std::vector<events::message_id> replies;
  std::vector<events::uuid> above{message.value};
  for (std::size_t i = 0; i < above.size(); ++i) {
    for (const auto* each : all) {
      if ((*each)[node_column::parent] != value(above[i])) continue;
      const auto& below = uuid_of(*each, node_column::id);
      if ((*each)[node_column::role] != user) replies.push_back({below});
      else if (said_by_user) above.push_back(below);
    }
  }
  return replies;
}

void memory_rows::forget(const events::bond::memory_forgotten& gone) {
  std::vector<events::memory_id> lost{gone.memory};
  lost.insert(lost.end(), gone.also_forgotten.begin(), gone.also_forgotten.end());
  const auto lose_turn = [&](events::message_id message) {
    bar(message);
    lost.push_back(episode_of(message));
  };
  for (const auto& message : gone.barred) {
    lose_turn(message);
    for (const auto& reply : replies_to(message)) lose_turn(reply);
  }
  for (std::size_t i = 0; i < lost.size(); ++i) {
    const auto memory = lost[i];
    if (rows_.find(memory_tables::forgotten, memory.value) != nullptr) continue;
    rows_.insert(memory_tables::forgotten, {memory.value});
    drop(memory);
    std::vector<row> echoes;
    for (const auto* each : rows_.where(memory_tables::recalls, recalled_memory, memory.value)) echoes.push_back(*each);
    for (const auto& echo : echoes) {
      rows_.erase(memory_tables::recalls, uuid_of(echo, recall_id));
      lose_turn({uuid_of(echo, recalled_by)});
    }
  }
}

} // namespace reverie::projections
