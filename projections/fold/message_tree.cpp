#include "projections/fold/message_tree.hpp"

#include "projections/fold/fold.hpp"

#include <unordered_set>

namespace reverie::projections {
namespace {

std::optional<events::uuid> uuid_in(const row& any, std::size_t column) {
  const auto* held = std::get_if<events::uuid>(&any[column]);
  return held == nullptr ? std::nullopt : std::optional(*held);
}

} // namespace

void message_tree::expect_insertions(const events::recorded_event& one) {
  namespace happened = events::session;
  const auto node = [&](const events::message_id& id) { rows_.expect_insertion(nodes_, id.value); };
  if (const auto* opened = std::get_if<happened::opened>(&one.payload)) {
    rows_.expect_insertion(threads_, one.context.entity.entity.id);
    node(opened->greeting);
  }
  if (const auto* sent = std::get_if<happened::message_sent>(&one.payload)) node(sent->message);
  if (const auto* started = std::get_if<happened::reply_started>(&one.payload); started != nullptr && started->attempt == 1) node(started->reply);
  if (const auto* edited = std::get_if<happened::message_edited>(&one.payload)) node(edited->message);
}

const row& message_tree::thread(events::session_id conversation) {
  const auto* found = rows_.find(threads_, conversation.value);
  if (found == nullptr) throw fold_failure("the conversation was never opened");
  return *found;
}

bool message_tree::grow(events::session_id conversation, fresh_node fresh) {
  const auto leaf = uuid_in(thread(conversation), thread_column::leaf);
  std::int64_t depth = 0;
  if (fresh.parent) {
    const auto* parent = rows_.find(nodes_, fresh.parent->value);
    if (parent != nullptr) depth = std::get<std::int64_t>((*parent)[node_column::depth]) + 1;
  }
  const bool extends = leaf == (fresh.parent ? std::optional(fresh.parent->value) : std::nullopt);
  row cells{fresh.id.value, conversation.value, optional_uuid(fresh.parent), depth, extends, std::string(fresh.role), std::string(fresh.state)};
  for (auto& each : fresh.more) cells.push_back(std::move(each));
  if (!extends) rows_.where(nodes_, node_column::conversation, conversation.value); // asks for them before anything is written
  rows_.insert(nodes_, std::move(cells));
  if (extends) rows_.update(threads_, conversation.value, {{thread_column::leaf, fresh.id.value}});
  else move_leaf(conversation, fresh.id);
  return extends;
}

void message_tree::move_leaf(events::session_id conversation, std::optional<events::message_id> leaf) {
  const auto now = leaf ? std::optional(leaf->value) : std::nullopt;
  if (uuid_in(thread(conversation), thread_column::leaf) == now) return;
  const auto nodes = rows_.where(nodes_, node_column::conversation, conversation.value);
  std::unordered_set<events::uuid> branch;
  for (auto at = now; at && branch.insert(*at).second;) {
    const auto* node = rows_.find(nodes_, *at);
    at = node == nullptr ? std::nullopt : uuid_in(*node, node_column::parent);
  }
  for (const auto* node : nodes) {
    const auto id = std::get<events::uuid>((*node)[node_column::id]);
    rows_.update(nodes_, id, {{node_column::on_branch, branch.contains(id)}});
  }
  rows_.update(threads_, conversation.value, {{thread_column::leaf, optional_uuid(leaf)}});
}

void message_tree::remove(events::session_id conversation, const std::vector<events::message_id>& removed,
                          std::optional<events::message_id> leaf) {
  rows_.where(nodes_, node_column::conversation, conversation.value);
  for (const auto& id : removed) rows_.erase(nodes_, id.value);
  move_leaf(conversation, leaf);
}

std::optional<events::message_id> message_tree::parent_of(events::message_id message) {
  const auto* found = rows_.find(nodes_, message.value);
  const auto parent = found == nullptr ? std::nullopt : uuid_in(*found, node_column::parent);
  return parent ? std::optional(events::message_id{*parent}) : std::nullopt;
}

} // namespace reverie::projections
