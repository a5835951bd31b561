#include "actors/effects/prompt/prompt_builder.hpp"

#include "actors/domain/bond/commands.hpp"
#include "actors/effects/prompt/prompt_shapes.hpp"

#include <algorithm>
#include <set>

namespace reverie::actors::prompt {

const std::string_view platform_text =
    "You are {{char}}, talking with {{user}} in a private chat. Stay in character: speak and feel as {{char}} would, and write only "
    "{{char}}'s next message. Be natural and concise. What stands between <recalled_memories> marks is what you remember of {{user}} from "
    "earlier; use it where it matters, never mention the marks, and do not invent memories.";

built build_prompt(const inputs& from) { return from.model.small ? build_small(from) : build_full(from); }

std::vector<turn> usable_turns(const inputs& from, manifest& account) {
  std::vector<turn> usable;
  std::set<events::memory_id> gone(from.forgotten.begin(), from.forgotten.end());
  for (const auto& message : from.barred) gone.insert(bond::episode_of(message));
  bool answers_barred = false;
  const auto* before = from.turns.empty() ? nullptr : &from.turns.front();
  for (const auto& each : from.turns) {
    const bool reply = each.by == session::role::character;
    // A reply answers all messages since the one before it.
    if (!reply && before->by == session::role::character) answers_barred = false;
    before = &each;
    std::string_view reason;
    if (std::ranges::binary_search(from.barred, each.message)) reason = "forgotten";
    else if (reply && answers_barred) reason = "answers a forgotten turn";
    else if (reply && std::ranges::any_of(each.recalled, [&](const auto& memory) { return gone.contains(memory); }))
      reason = "recalled what is forgotten";
    answers_barred = answers_barred || !reason.empty();
    if (reason.empty()) {
      if (!each.text.empty()) usable.push_back(each);
      continue;
    }
    gone.insert(bond::episode_of(each.message));
    account.cut("turn", to_string(each.message), each.text, reason);
  }
  return usable;
}

std::vector<recalled_memory> usable_memories(const inputs& from, manifest& account) {
  std::vector<recalled_memory> usable;
  for (const auto& each : from.recalled.memories) {
    const auto is_barred = [&](const events::message_id& source) { return std::ranges::binary_search(from.barred, source); };
    if (std::ranges::binary_search(from.forgotten, each.memory) || std::ranges::any_of(each.sources, is_barred))
      account.cut("memory", to_string(each.memory), each.text, "forgotten", each.score);
    else usable.push_back(each);
  }
  std::ranges::stable_sort(usable, std::ranges::greater{}, &recalled_memory::score);
  return usable;
}

} // namespace reverie::actors::prompt
