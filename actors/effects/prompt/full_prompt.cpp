#include "actors/domain/recall_marker.hpp"
#include "actors/effects/prompt/examples.hpp"
#include "actors/effects/prompt/lorebook.hpp"
#include "actors/effects/prompt/prompt_builder.hpp"
#include "actors/effects/prompt/prompt_shapes.hpp"
#include "actors/effects/prompt/token_estimate.hpp"

#include <algorithm>
#include <deque>
#include <format>

namespace reverie::actors::prompt {
namespace {

constexpr std::uint32_t reply_tokens = 512;
constexpr std::size_t tokens_per_message = 6; ///< what a chat template puts around a message
constexpr std::size_t smallest_budget = 256;

/// Spends the token budget and keeps the account.
class budget {
public:
  explicit budget(std::size_t tokens) : left_(tokens) {}
  bool spend(std::size_t tokens) {
    if (tokens > left_) return false;
    left_ -= tokens;
    return true;
  }
  void force(std::size_t tokens) { left_ -= std::min(left_, tokens); }
  std::size_t left() const { return left_; }

private:
  std::size_t left_;
};

struct full_shape {
  const inputs& from;
  character::macro_names names = character::names_for(from.card, from.user_name);
  manifest account{};
  budget tokens;
  std::string system{};

  std::string fill(std::string_view text, std::string_view original = {}) const {
    return character::replace_macros(text, names, original);
  }

  /// Adds a layer of the system message; what can't be left out is shortened to what is left.
  void require(std::string_view kind, std::string text, std::size_t at_most) {
    if (text.empty()) return;
    const auto fits = cut_to_tokens(text, std::min(at_most, tokens.left()));
    if (fits.size() < text.size())
      account.cut(std::string(kind) + "_rest", {}, std::string_view(text).substr(fits.size()), "token budget");
    account.kept(kind, {}, fits);
    tokens.force(estimate_tokens(fits));
    append(fits);
  }

  void append(std::string_view text) {
    if (!system.empty() && !text.empty()) system += "\n\n";
    system += text;
  }
};

/// The turns to be answered: the user's last ones.
std::size_t first_to_answer(const std::vector<turn>& turns) {
  auto first = turns.size();
  while (first > 0 && turns[first - 1].by == session::role::user) --first;
  return first;
}

void add_lore(full_shape& shape, std::vector<lore_entry>& entries, bool before_card) {
  for (auto& entry : entries) {
    if (entry.before_card != before_card) continue;
    const auto text = shape.fill(entry.content);
    if (!entry.cut_reason.empty()) shape.account.cut("lore", entry.id, text, entry.cut_reason);
    else if (!shape.tokens.spend(estimate_tokens(text))) shape.account.cut("lore", entry.id, text, "token budget");
    else {
      shape.account.kept("lore", entry.id, text);
      shape.append(text);
    }
  }
}

void add_card(full_shape& shape) {
  const auto& card = shape.from.card;
  const auto most = std::max<std::size_t>(shape.tokens.left() / 2, 64);
  if (!card.description.empty()) shape.require("description", shape.fill(card.description), most);
  if (!card.personality.empty())
    shape.require("personality", shape.names.character + "'s personality: " + shape.fill(card.personality), most / 2);
  if (!card.scenario.empty()) shape.require("scenario", "Scenario: " + shape.fill(card.scenario), most / 2);
}

void add_bond(full_shape& shape) {
  const auto& bond = shape.from.bond;
  if (bond.level.empty()) return;
  auto text = std::format("To {}, {} is: {}.", shape.names.character, shape.names.user, bond.level);
  for (const auto& [axis, value] : bond.axes) text += std::format(" {} {:.2f}", axis, value);
  shape.require("bond", std::move(text), 64);
}

/// A memory on one line, with who said it. It can't end the marked block by what it says.
std::string memory_line(const full_shape& shape, const recalled_memory& memory) {
  auto text = memory.text;
  std::ranges::replace(text, '\n', ' ');
  constexpr std::string_view mark = "recalled_memories";
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at)) text.replace(at, mark.size(), "memories");
  if (memory.kind != "episode") return text;
  return (memory.speaker == "character" ? shape.names.character : shape.names.user) + " said: " + text;
}

/// At most a quarter of what is left; the best first, so the worst are cut.
void add_memories(full_shape& shape) {
  auto left = shape.tokens.left() / 4;
  std::string block;
  for (const auto& memory : usable_memories(shape.from, shape.account)) {
    const auto text = memory_line(shape, memory);
    const auto needed = estimate_tokens(text) + 4;
    const auto id = to_string(memory.memory);
    if (needed > left) {
      shape.account.cut("memory", id, memory.text, "token budget", memory.score);
      continue;
    }
    left -= needed;
    shape.tokens.force(needed);
    shape.account.kept("memory", id, memory.text, memory.score);
    block += "- " + text + "\n";
  }
  if (!block.empty()) shape.append(std::string(recall_begin) + "\n" + block + std::string(recall_end));
}

std::vector<prompt_message> chosen_examples(full_shape& shape) {
  std::vector<prompt_message> chosen;
  auto left = shape.tokens.left() / 4;
  for (const auto& example : examples_of(shape.from.card.message_examples, shape.names)) {
    std::string whole;
    std::size_t needed = 2 * tokens_per_message;
    for (const auto& message : example) {
      whole += message.content + "\n";
      needed += estimate_tokens(message.content) + tokens_per_message;
    }
    if (needed > left) {
      shape.account.cut("example", {}, whole, "token budget");
      continue;
    }
    left -= needed;
    shape.tokens.force(needed);
    shape.account.kept("example", {}, whole);
    chosen.push_back({"system", "An example of how " + shape.names.character + " talks:"});
    chosen.insert(chosen.end(), example.begin(), example.end());
  }
  if (!chosen.empty()) chosen.push_back({"system", "The conversation begins here."});
  return chosen;
}

prompt_message message_of(const turn& each, std::string text) {
  return {each.by == session::role::user ? "user" : "assistant", std::move(text)};
}

/// The newest turns that fit, in order; those to be answered come in any case, shortened at their start if need be.
std::deque<prompt_message> chosen_turns(full_shape& shape, const std::vector<turn>& turns) {
  std::deque<prompt_message> chosen;
  const auto answered_from = first_to_answer(turns);
  bool full = false;
  for (auto i = turns.size(); i-- > 0;) {
    const auto& each = turns[i];
    const auto id = to_string(each.message);
    const auto needed = estimate_tokens(each.text) + tokens_per_message;
    if (!full && shape.tokens.spend(needed)) {
      shape.account.kept("turn", id, each.text);
      chosen.push_front(message_of(each, each.text));
    } else if (i >= answered_from && !full && shape.tokens.left() > 2 * tokens_per_message) {
      const auto fits = cut_to_tokens(each.text, shape.tokens.left() - tokens_per_message);
      shape.account.kept("turn", id, fits);
      shape.account.cut("turn_rest", id, std::string_view(each.text).substr(fits.size()), "token budget");
      chosen.push_front(message_of(each, std::string(fits)));
      full = true;
    } else {
      full = true;
      shape.account.cut("turn", id, each.text, "token budget");
    }
  }
  return chosen;
}

std::size_t budget_of(const model_description& model) {
  const auto room = model.context_tokens > reply_tokens ? model.context_tokens - reply_tokens : 0;
  return std::max(smallest_budget, room - room / 10); // a tenth for what the estimate gets wrong
}

} // namespace

built build_full(const inputs& from) {
  const auto whole = budget_of(from.model);
  full_shape shape{.from = from, .tokens = budget(whole)};
  shape.account.say("shape", "full");
  const auto turns = usable_turns(from, shape.account);
  // Set aside for the turns to be answered, so that a long card leaves them room.
  const auto set_aside = whole / 4;
  shape.tokens = budget(whole - set_aside);

  const auto platform = shape.fill(platform_text);
  shape.require("system_prompt", from.card.system_prompt.empty() ? platform : shape.fill(from.card.system_prompt, platform), whole / 2);
  const auto after = shape.fill(from.card.post_history_instructions);
  const auto closing = std::string(cut_to_tokens(after, shape.tokens.left() / 4));
  shape.tokens.force(closing.empty() ? 0 : estimate_tokens(closing) + tokens_per_message);
  add_card(shape);
  auto lore = called_up_entries(from.card.lorebook_json, turns);
  add_lore(shape, lore, true);
  add_lore(shape, lore, false);
  add_bond(shape);
  add_memories(shape);
  auto examples = chosen_examples(shape);
  shape.tokens = budget(shape.tokens.left() + set_aside);
  auto recent = chosen_turns(shape, turns);

  built result;
  result.request.max_tokens = reply_tokens;
  result.request.stop = {"\n" + shape.names.user + ":"};
  result.request.messages.push_back({"system", std::move(shape.system)});
  std::ranges::move(examples, std::back_inserter(result.request.messages));
  std::ranges::move(recent, std::back_inserter(result.request.messages));
  if (!closing.empty()) {
    shape.account.kept("post_history_instructions", {}, closing);
    result.request.messages.push_back({"system", closing});
  }
  shape.account.say("model", from.model.name);
  shape.account.say("ranking", from.recalled.ranking);
  if (!from.recall_note.empty()) shape.account.say("recall", from.recall_note);
  shape.account.count("budget_tokens", whole);
  shape.account.count("estimated_tokens", whole - shape.tokens.left());
  result.recalled = shape.account.kept_memories();
  result.manifest_json = shape.account.json();
  return result;
}

} // namespace reverie::actors::prompt
