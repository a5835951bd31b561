#include "actors/effects/prompt/examples.hpp"
#include "actors/effects/prompt/first_sentences.hpp"
#include "actors/effects/prompt/prompt_shapes.hpp"
#include "actors/effects/prompt/token_estimate.hpp"
#include "events/model/text_terms.hpp"

#include <algorithm>
#include <array>
#include <set>

// The shape and the settings that recalled most in measurements with a model of 135 million parameters.
namespace reverie::actors::prompt {
namespace {

constexpr std::size_t persona_tokens = 60;
constexpr std::size_t question_tokens = 400;
constexpr std::size_t memory_tokens = 60;
constexpr std::size_t example_tokens = 40;
constexpr double semantic_threshold = 0.35;

std::string persona_of(const inputs& from, const character::macro_names& names) {
  const auto& card = from.card;
  auto about = character::replace_macros(card.description.empty() ? card.personality : card.description, names);
  std::ranges::replace(about, '\n', ' ');
  const auto start = "You are " + names.character + ", talking with " + names.user + ". ";
  const auto left = persona_tokens > estimate_tokens(start) + 8 ? persona_tokens - estimate_tokens(start) : 8;
  auto fits = std::string(cut_to_tokens(about, left));
  // Whole sentences where there are any: half a sentence is what a small model goes on with.
  if (fits.size() < about.size()) {
    const auto end = fits.find_last_of(".!?");
    if (end != std::string::npos) fits.resize(end + 1);
    else if (const auto blank = fits.find_last_of(' '); blank != std::string::npos) fits = fits.substr(0, blank) + ".";
  }
  return start + fits;
}

/// Two exchanges: how the character talks (from the card when it has a short one), and how a told fact is used.
std::vector<prompt_message> exchanges_of(const inputs& from, const character::macro_names& names) {
  std::vector<prompt_message> chosen{{"user", "Hi, it's me."}, {"assistant", "Hello, " + names.user + ". It's good to see you."}};
  for (const auto& example : examples_of(from.card.message_examples, names)) {
    const auto pair = std::ranges::adjacent_find(example, [](const prompt_message& left, const prompt_message& right) {
      return left.role == "user" && right.role == "assistant" && estimate_tokens(left.content) <= example_tokens;
    });
    if (pair == example.end()) continue;
    const auto answer = first_sentences(std::next(pair)->content, 2);
    if (estimate_tokens(answer) > example_tokens) continue;
    chosen = {*pair, {"assistant", answer}};
    break;
  }
  chosen.push_back({"user", "I drink green tea every morning. What do I drink in the morning?"});
  chosen.push_back({"assistant", "You drink green tea in the morning, " + names.user + "."});
  return chosen;
}

bool touches(const recalled_memory& memory, const std::set<std::string>& question) {
  if (memory.semantic_score >= semantic_threshold) return true;
  return std::ranges::any_of(events::terms_of(memory.text), [&](const std::string& term) { return question.contains(term); });
}

/// How much of a memory the question is about, in [0, 1]: "What is my name?" is about "My name is Tom" more than about a dog's name.
double share_asked_for(const recalled_memory& memory, std::set<std::string> question) {
  if (question.contains("call")) question.insert("name"); // "What's my dog called?"
  const auto terms = events::terms_of(in_own_words(memory.text));
  if (terms.empty()) return 0;
  const auto asked = std::ranges::count_if(terms, [&](const std::string& term) { return question.contains(term); });
  return static_cast<double>(asked) / static_cast<double>(terms.size());
}

/// The one memory that is told again; nothing when none has to do with the question.
std::string best_memory(const inputs& from, std::string_view question, manifest& account) {
  const auto terms = events::terms_of(question);
  const std::set<std::string> asked(terms.begin(), terms.end());
  std::string told;
  auto usable = usable_memories(from, account);
  std::ranges::stable_sort(usable, std::ranges::greater{},
                           [&](const recalled_memory& memory) { return memory.score * (1 + share_asked_for(memory, asked)); });
  for (const auto& memory : usable) {
    const auto id = to_string(memory.memory);
    auto text = in_own_words(memory.text);
    std::string_view reason;
    if (!told.empty()) reason = "a small model follows one memory";
    else if (memory.kind == "episode" && memory.speaker == "character") reason = "not in the user's words";
    else if (text.ends_with('?')) reason = "a question tells nothing";
    else if (!touches(memory, asked)) reason = "has nothing to do with the question";
    if (!reason.empty()) {
      account.cut("memory", id, memory.text, reason, memory.score);
      continue;
    }
    told = cut_to_tokens(first_sentences(text, 2), memory_tokens);
    account.kept("memory", id, told, memory.score);
  }
  if (!told.empty() && !std::string_view(".!?").contains(told.back())) told += '.';
  return told;
}

std::string question_of(const std::vector<turn>& turns, manifest& account) {
  std::string question;
  auto first = turns.size();
  while (first > 0 && turns[first - 1].by == session::role::user) --first;
  for (std::size_t i = 0; i < turns.size(); ++i) {
    const auto id = to_string(turns[i].message);
    if (i < first) {
      account.cut("turn", id, turns[i].text, "a small model repeats what it sees");
      continue;
    }
    account.kept("turn", id, turns[i].text);
    question += (question.empty() ? "" : "\n") + turns[i].text;
  }
  return std::string(cut_to_tokens(question, question_tokens));
}

} // namespace

std::string in_own_words(std::string_view fact) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 8> starts{
      {{"User's ", "My "}, {"User is ", "I am "}, {"User was ", "I was "}, {"User has ", "I have "}, {"User does not ", "I do not "},
       {"User doesn't ", "I don't "}, {"User will ", "I will "}, {"User can ", "I can "}}};
  for (const auto& [theirs, mine] : starts)
    if (fact.starts_with(theirs)) return std::string(mine) + std::string(fact.substr(theirs.size()));
  if (!fact.starts_with("User ")) return std::string(fact);
  constexpr std::array<std::string_view, 5> sibilants{"sses", "ches", "shes", "oes", "xes"};
  // A verb in the third person: "likes tea", "studies law", "goes sailing".
  const auto end = std::min(fact.find(' ', 5), fact.size());
  std::string verb(fact.substr(5, end - 5));
  if (verb.ends_with("ies")) verb.replace(verb.size() - 3, 3, "y");
  else if (std::ranges::any_of(sibilants, [&](std::string_view ending) { return verb.ends_with(ending); })) verb.resize(verb.size() - 2);
  else if (verb.ends_with('s') && !verb.ends_with("ss")) verb.pop_back();
  return "I " + verb + std::string(fact.substr(end));
}

built build_small(const inputs& from) {
  const auto names = character::names_for(from.card, from.user_name);
  manifest account;
  account.say("shape", "small");
  const auto turns = usable_turns(from, account);
  const auto question = question_of(turns, account);
  const auto memory = best_memory(from, question, account);

  built result;
  auto& request = result.request;
  request.messages.push_back({"system", persona_of(from, names)});
  account.kept("persona", {}, request.messages.back().content);
  for (auto& message : exchanges_of(from, names)) {
    account.kept("example", {}, message.content);
    request.messages.push_back(std::move(message));
  }
  request.messages.push_back({"user", memory.empty() ? question : memory + " " + question});
  request.max_tokens = 48;
  request.temperature = 0.4;
  request.top_p = 0.9;
  request.min_p = 0.1;
  request.repeat_penalty = 1.1;
  result.sentences_max = 2;

  std::size_t estimated = 0;
  for (const auto& message : request.messages) estimated += estimate_tokens(message.content);
  account.say("model", from.model.name);
  account.say("ranking", from.recalled.ranking);
  if (!from.recall_note.empty()) account.say("recall", from.recall_note);
  account.count("estimated_tokens", estimated);
  result.recalled = account.kept_memories();
  result.manifest_json = account.json();
  return result;
}

} // namespace reverie::actors::prompt
