#include "ops/operator/fork_copy.hpp"

#include "actors/domain/sorted_ids.hpp"
#include "events/codec/fields_json.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace reverie::ops {

namespace session = actors::session;
using actors::contains_id;

namespace {

std::string_view copied_state(session::node_state state) {
  if (state == session::node_state::failed) return "failed";
  return state == session::node_state::stopped ? "stopped" : "complete";
}

template <class Id>
std::vector<Id> united(std::vector<Id> one, const std::vector<Id>& other) {
  for (const auto& each : other) actors::insert_id(one, each);
  return one;
}

/// Deals what a part holds most of to as many parts as it takes, in order.
template <class Each>
std::vector<std::vector<Each>> dealt(std::vector<Each> all, std::size_t bytes_max) {
  std::vector<std::vector<Each>> parts(1);
  std::size_t bytes = 0;
  for (auto& each : all) {
    const auto size = events::to_canonical_json(each).size();
    if (bytes + size > bytes_max && !parts.back().empty()) {
      parts.emplace_back();
      bytes = 0;
    }
    bytes += size;
    parts.back().push_back(std::move(each));
  }
  return parts;
}

} // namespace

events::session::forked copy_of_conversation(const told_conversation& told) {
  events::session::forked copy;
  copy.user = told.then.user;
  copy.character = told.then.character;
  copy.card_version = told.then.card_version;
  copy.origin_sequence = told.sequence;
  copy.origin_at = told.at;
  std::set<events::message_id> copied;
  for (const auto& [id, node] : told.then.nodes) {
    // A reply that was being made then has no text yet; what the person deleted later is not theirs to see again.
    if (node.state == session::node_state::generating || !told.now.nodes.contains(id)) continue;
    events::session::copied_message message{id, node.parent, node.by == session::role::user ? "user" : "character", std::string(copied_state(node.state)),
                                            node.attempt, node.created, {}, {}, {}};
    if (const auto text = told.messages.find(id); text != told.messages.end()) {
      message.at = text->second.at;
      message.content = text->second.content;
      message.recalled = text->second.recalled;
    }
    copied.insert(id);
    copy.messages.push_back(std::move(message));
  }
  // What was said while such a reply was being made hangs below what the reply answers.
  for (auto& each : copy.messages)
    while (each.parent && !copied.contains(*each.parent)) {
      const auto above = told.then.nodes.find(*each.parent);
      each.parent = above == told.then.nodes.end() ? std::nullopt : above->second.parent;
    }
  std::ranges::sort(copy.messages, {}, [](const auto& each) { return std::pair{each.created, each.message}; });
  copy.leaf = told.then.leaf;
  while (copy.leaf && !copied.contains(*copy.leaf)) {
    const auto at = told.then.nodes.find(*copy.leaf);
    copy.leaf = at == told.then.nodes.end() ? std::nullopt : at->second.parent;
  }
  if (!copy.leaf && !copy.messages.empty()) copy.leaf = copy.messages.back().message;
  return copy;
}

events::bond::forked copy_of_bond(const told_bond& told) {
  events::bond::forked copy;
  copy.origin_sequence = told.sequence;
  copy.last_turn_at = told.then.last_turn_at;
  for (const auto& [name, axis] : told.then.axes) copy.axes.push_back({name, axis.value, axis.day, axis.gained_on_day});
  copy.barred = united(told.then.barred, told.now.barred);
  copy.forgotten = united(told.then.forgotten, told.now.forgotten);
  for (const auto& [id, fact] : told.then.facts) {
    if (contains_id(copy.forgotten, id) || contains_id(copy.barred, fact.message) || contains_id(told.now.retracted, fact.message)) continue;
    copy.facts.push_back({id, fact.attribute, fact.subject, fact.value, fact.text, fact.session, fact.message, fact.valid_from, fact.valid_to,
                          fact.superseded_by, fact.closed_in, fact.extractor});
  }
  return copy;
}

std::vector<events::session::forked> parts_of(events::session::forked whole, std::size_t bytes_max) {
  auto pieces = dealt(std::exchange(whole.messages, {}), bytes_max);
  const auto leaf = std::exchange(whole.leaf, std::nullopt);
  std::vector<events::session::forked> parts(pieces.size(), whole);
  for (std::size_t i = 0; i < pieces.size(); ++i) parts[i].messages = std::move(pieces[i]);
  parts.back().leaf = leaf;
  return parts;
}

std::vector<events::bond::forked> parts_of(events::bond::forked whole, std::size_t bytes_max) {
  auto pieces = dealt(std::exchange(whole.facts, {}), bytes_max);
  events::bond::forked more = whole;
  more.last_turn_at.reset();
  more.axes.clear();
  more.barred.clear();
  more.forgotten.clear();
  std::vector<events::bond::forked> parts(pieces.size(), more);
  parts.front() = std::move(whole);
  for (std::size_t i = 0; i < pieces.size(); ++i) parts[i].facts = std::move(pieces[i]);
  return parts;
}

} // namespace reverie::ops
