#pragma once

#include "events/model/event.hpp"
#include "projections/fold/row_store.hpp"

#include <array>
#include <optional>

namespace reverie::projections {

/// Columns that every table of conversations begins with.
namespace thread_column {
enum : std::size_t { id, user, character, leaf, count };
}
inline constexpr std::array<column, thread_column::count> thread_columns{{{"id", column_type::uuid},
                                                                          {"user_id", column_type::uuid},
                                                                          {"character_id", column_type::uuid},
                                                                          {"leaf_id", column_type::uuid}}};

/// Columns that every table of messages begins with. `depth` is 0 at the root; on the active branch there is one message per depth.
namespace node_column {
enum : std::size_t { id, conversation, parent, depth, on_branch, role, state, count };
}
inline constexpr std::array<column, node_column::count> node_columns{{{"id", column_type::uuid},
                                                                      {"conversation_id", column_type::uuid},
                                                                      {"parent_id", column_type::uuid},
                                                                      {"depth", column_type::integer},
                                                                      {"on_branch", column_type::boolean},
                                                                      {"role", column_type::text},
                                                                      {"state", column_type::text}}};

/// Columns of such a table and further ones behind them.
template <std::size_t Common, std::size_t More>
constexpr std::array<column, Common + More> joined_columns(const std::array<column, Common>& common, const std::array<column, More>& more) {
  std::array<column, Common + More> all{};
  for (std::size_t i = 0; i < Common; ++i) all[i] = common[i];
  for (std::size_t i = 0; i < More; ++i) all[Common + i] = more[i];
  return all;
}

/// A message about to be put into the tree: the cells behind the common ones are the table's own.
struct fresh_node {
  events::message_id id{};
  std::optional<events::message_id> parent;
  std::string_view role;
  std::string_view state;
  std::vector<value> more = {};
};

/// The tree of messages of conversations, with its active branch, in two tables of a projection. The same rules as the session's
/// own: what is new goes to the end of the active branch or starts another one, which is then the active one.
class message_tree {
public:
  message_tree(const table& threads, const table& nodes, row_store& rows) : threads_(threads), nodes_(nodes), rows_(rows) {}

  /// Which rows of the two tables an event of a session puts in.
  void expect_insertions(const events::recorded_event& one);

  /// The conversation's row; throws fold_failure when it was never opened.
  const row& thread(events::session_id conversation);

  /// Puts a message in, at the end of the active branch or as the start of another. Answers whether the branch only grew.
  bool grow(events::session_id conversation, fresh_node fresh);
  /// Makes the branch that ends at `leaf` the active one.
  void move_leaf(events::session_id conversation, std::optional<events::message_id> leaf);
  /// Takes messages out; the active branch ends at `leaf` afterwards. Answers whether the branch moved elsewhere.
  void remove(events::session_id conversation, const std::vector<events::message_id>& removed, std::optional<events::message_id> leaf);

  /// The parent of a message; nothing for a root or an unknown one.
  std::optional<events::message_id> parent_of(events::message_id message);

private:
  const table& threads_;
  const table& nodes_;
  row_store& rows_;
};

/// The conversation a session's event belongs to.
inline events::session_id conversation_of(const events::recorded_event& happened) { return {happened.context.entity.entity.id}; }

} // namespace reverie::projections
