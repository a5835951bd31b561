#include "actors/effects/fork_recall.hpp"

#include "events/model/text_terms.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace reverie::actors {
namespace {

recalled_memory memory_of(const events::memory_id& id, const bond::fact& fact, events::timestamp recorded_at) {
  recalled_memory made;
  made.memory = id;
  made.kind = "fact";
  made.text = fact.text;
  made.speaker = "user";
  made.valid_from = fact.valid_from;
  made.valid_to = fact.valid_to;
  made.recorded_at = recorded_at;
  made.session = fact.session;
  made.sources = {fact.message};
  return made;
}

/// How much of what is asked stands in a text, in [0, 1].
double share_of(const std::set<std::string>& asked, std::string_view text) {
  if (asked.empty()) return 0;
  const auto words = events::terms_of(text);
  const std::set<std::string> said(words.begin(), words.end());
  const auto shared = std::ranges::count_if(asked, [&](const std::string& each) { return said.contains(each); });
  return static_cast<double>(shared) / static_cast<double>(asked.size());
}

} // namespace

recall_result recall_of_fork(recall_result found, std::string_view asked, events::timestamp copied_at, std::size_t limit,
                             std::span<const std::pair<events::memory_id, bond::fact>> facts, std::span<const events::memory_id> forgotten,
                             std::span<const events::message_id> barred) {
  const std::set<events::memory_id> gone(forgotten.begin(), forgotten.end());
  const std::set<events::message_id> silent(barred.begin(), barred.end());
  std::map<events::memory_id, const bond::fact*> known;
  for (const auto& [id, fact] : facts)
    if (!gone.contains(id) && !silent.contains(fact.message)) known.emplace(id, &fact);
  recall_result result{{}, found.ranking + " as of the fork", found.semantic_used};
  for (auto& each : found.memories) {
    if (each.recorded_at > copied_at || gone.contains(each.memory)) continue;
    if (std::ranges::any_of(each.sources, [&](const auto& source) { return silent.contains(source); })) continue;
    if (each.kind == "fact") {
      const auto at = known.find(each.memory);
      if (at == known.end()) continue;
      each.valid_to = at->second->valid_to; // what ended it later had not been said yet
      known.erase(at);
    }
    result.memories.push_back(std::move(each));
  }
  // What is left is the fork's own, or was not found: by words, behind nothing that scored higher.
  const auto words = events::terms_of(asked);
  const std::set<std::string> terms(words.begin(), words.end());
  for (const auto& [id, fact] : known) {
    const auto share = share_of(terms, fact->text);
    if (share == 0) continue;
    auto made = memory_of(id, *fact, copied_at);
    made.score = made.lexical_score = share;
    result.memories.push_back(std::move(made));
  }
  std::ranges::stable_sort(result.memories, std::ranges::greater{}, &recalled_memory::score);
  if (result.memories.size() > limit) result.memories.resize(limit);
  return result;
}

} // namespace reverie::actors
