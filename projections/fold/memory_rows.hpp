#pragma once

#include "projections/fold/lexical/lexical_document.hpp"
#include "projections/fold/message_tree.hpp"

namespace reverie::projections {

/// The tables of the projection `memories`.
namespace memory_tables {

extern const table threads;  ///< conversations with their bond
extern const table turns;    ///< the message tree without texts; `barred` turns are forgotten
extern const table memories; ///< what is remembered
extern const table shelves;  ///< per bond: the next ordinal, and a generation that grows when what may be seen changes
extern const table postings; ///< (bond, term, ordinal) → frequency
extern const table recalls;  ///< which reply had recalled which memory
extern const table forgotten; ///< memories that were forgotten, and with them the replies that may echo them

} // namespace memory_tables

/// Puts memories with their postings into the rows and takes them out. Speakers' names are no part of the stored postings: they are
/// joined in at query time, so a name can change, and a row depends on one partition's events alone.
class memory_rows {
public:
  memory_rows(const events::recorded_event& cause, row_store& rows) : one_(cause), rows_(rows) {}

  static events::memory_id episode_of(events::message_id message) { return {events::derive_uuid("episode", message.value)}; }

  void open(events::session_id conversation, events::user_id user, events::character_id character);
  /// Asks for all rows that remembering in a conversation needs, before anything costly is done.
  void look_up(events::session_id conversation);
  /// The bond's visible documents changed other than by one more at the end.
  void touch(events::session_id conversation);

  /// A message is an episode, unless its turn is barred or it says nothing.
  void remember_turn(events::session_id conversation, events::message_id message, const std::string& text);
  /// A reply is an episode as well, unless a memory it had recalled is forgotten.
  void remember_reply(events::session_id conversation, const events::session::reply_completed& done);
  /// Whether a reply to this message answers a forgotten turn: it answers all messages since the reply before it.
  bool answers_barred(events::message_id parent);
  void remember_fact(const events::bond::fact_learned& fact);
  void close_fact(const events::bond::fact_closed& fact);
  void reopen_fact(events::memory_id memory);
  /// Takes out the memories, the turns they came from, and every reply that may echo them: those that answered one of the turns or had
  /// recalled one of the memories, and so on from reply to reply.
  void forget(const events::bond::memory_forgotten& gone);
  /// Takes a memory and its postings out; nothing happens when there is none.
  void drop(events::memory_id memory);

private:
  struct fresh_memory;
  void add(const fresh_memory& fresh);
  void touch_bond(const events::uuid& bond);
  void bar(events::message_id message);
  std::vector<events::message_id> replies_to(events::message_id message);

  const events::recorded_event& one_;
  row_store& rows_;
};

} // namespace reverie::projections
