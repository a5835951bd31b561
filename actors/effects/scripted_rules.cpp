#include "actors/effects/scripted_rules.hpp"

#include "actors/domain/recall_marker.hpp"
#include "actors/effects/prompt/first_sentences.hpp"
#include "actors/effects/prompt/prompt_shapes.hpp"
#include "events/model/text_terms.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <ranges>
#include <set>

namespace reverie::actors {
namespace {

using phrases = std::initializer_list<std::string_view>;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
  while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
  return text;
}

std::string between(std::string_view text, std::string_view before, std::string_view after) {
  const auto at = text.find(before);
  if (at == std::string_view::npos) return {};
  const auto begin = at + before.size();
  const auto end = text.find(after, begin);
  return end == std::string_view::npos ? std::string{} : std::string(text.substr(begin, end - begin));
}

void read_system_text(scripted_scene& scene, std::string_view text) {
  if (scene.character.empty()) scene.character = between(text, "You are ", ",");
  if (scene.user.empty()) scene.user = between(text, "talking with ", " in a private chat");
  if (scene.about.empty()) {
    // What follows the platform's paragraph is the card's description.
    const auto paragraph = text.find("\n\n");
    if (paragraph != std::string_view::npos && !text.substr(paragraph + 2).starts_with(recall_begin))
      scene.about = prompt::first_sentences(text.substr(paragraph + 2, text.find("\n\n", paragraph + 2) - paragraph - 2), 1);
  }
  for (const auto& span : recalled_spans(text))
    for (const auto line : text.substr(span.begin, span.end - span.begin) | std::views::split('\n')) {
      const std::string_view one(line.begin(), line.end());
      if (one.starts_with("- ")) scene.memories.emplace_back(trimmed(one.substr(2)));
    }
}

std::vector<std::string> content_terms(std::string_view text) {
  static const std::set<std::string, std::less<>> empty_words{"rememb", "tell", "know", "told", "said", "say", "user", "call", "name"};
  auto terms = events::terms_of(text);
  auto telling = terms;
  std::erase_if(telling, [](const std::string& term) { return empty_words.contains(term); });
  return telling.empty() ? terms : telling; // "What is my name?" is about the name
}

std::size_t shared_terms(const std::vector<std::string>& asked, std::string_view text) {
  const auto terms = events::terms_of(text);
  const auto shared = std::ranges::count_if(asked, [&](const std::string& term) { return std::ranges::contains(terms, term); });
  return static_cast<std::size_t>(shared);
}

/// The text that shares most with the question; the first of equals.
const std::string* closest(const std::vector<std::string>& texts, const std::vector<std::string>& asked) {
  const std::string* best = nullptr;
  std::size_t most = 0;
  for (const auto& text : texts)
    if (const auto shared = text.ends_with('?') ? 0 : shared_terms(asked, text); shared > most) {
      most = shared;
      best = &text;
    }
  return best;
}

/// "User's dog is named Bruno" said to the user: "your dog is named Bruno".
std::string told_back(std::string_view memory) {
  if (const auto said = memory.find(" said: "); said != std::string_view::npos)
    return "you told me: \"" + std::string(memory.substr(said + 7)) + "\"";
  auto own = prompt::in_own_words(memory);
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> starts{
      {{"My ", "your "}, {"I am ", "you are "}, {"I was ", "you were "}, {"I'm ", "you're "}, {"I ", "you "}}};
  for (const auto& [mine, yours] : starts)
    if (own.starts_with(mine)) {
      own.replace(0, mine.size(), yours);
      break;
    }
  while (own.ends_with('.')) own.pop_back();
  return own + ".";
}

class answer {
public:
  answer(const scripted_scene& scene, std::uint64_t draw) : scene_(scene), draw_(draw), words_(events::words_of(scene.question)) {}

  std::string text() const {
    if (says_any({"thanks", "thank", "thx"}))
      return pick({"You're welcome{, user}.", "Any time{, user}.", "It was a pleasure{, user}."});
    if (is_question())
      if (auto answered = to_question(); !answered.empty()) return answered;
    if (says_any({"hello", "hi", "hey", "greetings", "morning", "evening"})) return greeting();
    if (says_any({"bye", "goodbye", "goodnight", "farewell"}))
      return pick({"Goodbye{, user}. Come back soon.", "Until next time{, user}."});
    if (auto felt = feeling(); !felt.empty()) return felt;
    if (is_question())
      return pick({"That is a good question. What do you think{, user}?", "I would have to think about that. What made you ask?"});
    if (tells_fact())
      return pick({"I'll remember that{, user}.", "Good to know. Tell me more about it{, user}.", "That I will keep in mind."});
    return pick({"I see. Go on{, user}.", "Tell me more about that.", "I'm listening{, user}."});
  }

private:
  bool says(std::string_view word) const { return std::ranges::find(words_, word) != words_.end(); }
  bool says_any(phrases words) const {
    return std::ranges::any_of(words, [&](std::string_view word) { return says(word); });
  }
  bool is_question() const {
    if (scene_.question.contains('?')) return true;
    constexpr std::array<std::string_view, 9> askers{"what", "who", "where", "when", "which", "why", "how", "do", "can"};
    return !words_.empty() && std::ranges::contains(askers, std::string_view(words_.front()));
  }
  bool tells_fact() const {
    return says("my") || (says("i") && says_any({"am", "like", "love", "have", "live", "work", "hate", "m"}));
  }
  bool asks_about_character() const {
    return says_any({"you", "your", "yourself"}) && says_any({"who", "name", "yourself", "are", "about"}) && !says("my");
  }

  /// Empty when no rule knows an answer.
  std::string to_question() const {
    if (auto remembered = from_memory(); !remembered.empty()) return remembered;
    if (says("how") && says("are") && says("you"))
      return pick({"I'm well, thank you{, user}. And you?", "Quite well, now that you are here{, user}."});
    if (asks_about_character()) return about_character();
    if (says_any({"my", "me", "i"}))
      return pick({"I don't think you have told me that yet{, user}.", "That I don't know yet. Tell me{, user}?"});
    return {};
  }
  std::string about_character() const {
    return "I am " + scene_.character + "." + (scene_.about.empty() ? "" : " " + scene_.about);
  }
  std::string greeting() const {
    return pick({"Hello{, user}. It's good to see you.", "Hi{, user}! How are you today?", "There you are{, user}. I was hoping you would come by."});
  }

  std::string from_memory() const {
    const auto asked = content_terms(scene_.question);
    if (const auto* memory = closest(scene_.memories, asked)) return "I remember: " + told_back(*memory);
    if (const auto* said = closest(scene_.said, asked)) return "You told me: \"" + std::string(trimmed(*said)) + "\"";
    return {};
  }

  std::string feeling() const {
    if (says_any({"sad", "lonely", "unhappy", "depressed", "crying", "cry"}))
      return pick({"I'm sorry you feel that way{, user}. I'm here.", "That sounds hard{, user}. Do you want to talk about it?"});
    if (says_any({"angry", "furious", "annoyed", "hate"}))
      return pick({"That would upset me too. What happened{, user}?", "Take a breath{, user}. I'm listening."});
    if (says_any({"nervous", "anxious", "afraid", "scared", "worried"}))
      return pick({"It's all right to be nervous{, user}. What worries you most?", "You will get through it{, user}."});
    if (says_any({"tired", "exhausted", "sleepy"}))
      return pick({"You should rest{, user}.", "It was a long day, then. Sit down a while{, user}."});
    if (says_any({"happy", "glad", "excited", "great", "wonderful"}))
      return pick({"That makes me glad too{, user}.", "How lovely! Tell me all about it{, user}."});
    return {};
  }

  /// One of the phrases, with ", user" put in where the name is known.
  std::string pick(phrases of) const {
    std::string text(*(of.begin() + static_cast<std::ptrdiff_t>(draw_ % of.size())));
    constexpr std::string_view place = "{, user}";
    const auto named = scene_.user.empty() ? std::string{} : ", " + scene_.user;
    if (const auto at = text.find(place); at != std::string::npos) text.replace(at, place.size(), named);
    return text;
  }

  const scripted_scene& scene_;
  std::uint64_t draw_;
  std::vector<std::string> words_;
};

} // namespace

scripted_scene scene_of(const chat_request& request) {
  scripted_scene scene;
  // Examples stand between the first system message and the one that says the conversation begins.
  std::size_t begins = 0;
  for (std::size_t i = 0; i < request.messages.size(); ++i)
    if (request.messages[i].role == "system") {
      read_system_text(scene, request.messages[i].content);
      if (request.messages[i].content == "The conversation begins here.") begins = i;
    }
  auto last = request.messages.size();
  while (last > begins && request.messages[last - 1].role == "system") --last;
  auto first = last;
  while (first > begins && request.messages[first - 1].role == "user") --first;
  for (auto i = first; i < last; ++i) scene.question += (scene.question.empty() ? "" : "\n") + request.messages[i].content;
  for (auto i = first; i-- > begins;)
    if (request.messages[i].role == "user") scene.said.push_back(request.messages[i].content);
  if (scene.character.empty()) scene.character = "who you think I am";
  return scene;
}

std::string scripted_reply(const scripted_scene& scene, std::uint64_t draw) { return answer(scene, draw).text(); }

} // namespace reverie::actors
