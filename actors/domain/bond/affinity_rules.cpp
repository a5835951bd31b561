#include "actors/domain/bond/affinity_rules.hpp"

#include "events/model/text_terms.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <utility>

namespace reverie::actors::bond {
namespace {

using namespace std::string_view_literals;
using std::chrono::days;
using std::chrono::duration;
using std::chrono::hours;

constexpr std::array axis_names{"affection"sv, "trust"sv, "familiarity"sv, "tension"sv};

// The words of a message without what makes no difference ("don't" is `don`, `t`).
using words = std::vector<std::string>;

bool has_any(const words& said, std::span<const std::string_view> wanted) {
  return std::ranges::any_of(
      said, [&](const std::string& word) { return std::ranges::find(wanted, word) != wanted.end(); });
}

// Whether the words stand together, in this order; with `unless_negated` not behind "not", "never" or "n't".
bool has_phrase(const words& said, std::string_view phrase, bool unless_negated = true) {
  const words wanted = events::words_of(phrase);
  for (auto at = said.begin();; ++at) {
    at = std::search(at, said.end(), wanted.begin(), wanted.end());
    if (at == said.end()) return false;
    const bool negated = at != said.begin() && (*(at - 1) == "not" || *(at - 1) == "never" ||
                                                *(at - 1) == "t" || *(at - 1) == "no");
    if (!negated || !unless_negated) return true;
  }
}

bool has_phrase_of(const words& said, std::span<const std::string_view> phrases) {
  return std::ranges::any_of(phrases, [&](std::string_view phrase) { return has_phrase(said, phrase); });
}

bool thanks(const words& said) {
  static constexpr std::array phrases{"thank you"sv,    "thanks"sv,        "thank u"sv, "thx"sv,
                                      "i appreciate"sv, "appreciate it"sv, "grateful"sv};
  return has_phrase_of(said, phrases);
}

bool compliments(const words& said) {
  static constexpr std::array praise{"amazing"sv, "awesome"sv,    "wonderful"sv, "great"sv,    "sweet"sv,
                                     "kind"sv,    "beautiful"sv,  "lovely"sv,    "cute"sv,     "smart"sv,
                                     "funny"sv,   "clever"sv,     "brilliant"sv, "adorable"sv, "fantastic"sv,
                                     "nice"sv,    "incredible"sv, "talented"sv,  "best"sv};
  static constexpr std::array phrases{
      "i love you"sv,          "i like you"sv,          "i missed you"sv,         "i miss you"sv,
      "love talking to you"sv, "like talking to you"sv, "enjoy talking to you"sv, "glad you are here"sv,
      "you make me smile"sv,   "you make me happy"sv,   "i care about you"sv};
  if (has_phrase_of(said, phrases)) return true;
  // "you are (so) sweet", "you're the best"; "are you nice?" asks, and "you are not nice" is none
  for (std::size_t i = 0; i + 2 < said.size(); ++i) {
    if (said[i] != "you" || (said[i + 1] != "are" && said[i + 1] != "re" && said[i + 1] != "look")) continue;
    for (std::size_t k = i + 2; k < said.size() && k < i + 6; ++k) {
      if (said[k] == "not" || said[k] == "never" || said[k] == "t" || said[k] == "no") break;
      if (std::ranges::find(praise, said[k]) != praise.end()) return true;
    }
  }
  return false;
}

bool apologises(const words& said) {
  static constexpr std::array phrases{"i am sorry"sv,  "i m sorry"sv,   "im sorry"sv,   "my apologies"sv,
                                      "i apologize"sv, "i apologise"sv, "forgive me"sv, "sorry for"sv,
                                      "sorry that"sv,  "sorry about"sv, "my bad"sv};
  return has_phrase_of(said, phrases) || (!said.empty() && said.size() <= 3 && said.front() == "sorry");
}

bool insults(const words& said) {
  static constexpr std::array names{
      "stupid"sv, "idiot"sv,   "idiotic"sv,  "dumb"sv,       "useless"sv, "worthless"sv, "pathetic"sv,
      "ugly"sv,   "boring"sv,  "annoying"sv, "disgusting"sv, "moron"sv,   "loser"sv,     "terrible"sv,
      "awful"sv,  "garbage"sv, "trash"sv,    "bitch"sv,      "asshole"sv, "creepy"sv,    "liar"sv};
  static constexpr std::array phrases{"i hate you"sv, "shut up"sv,       "fuck you"sv,
                                      "fuck off"sv,   "screw you"sv,     "go to hell"sv,
                                      "you suck"sv,   "i despise you"sv, "you disgust me"sv,
                                      "stupid bot"sv, "stupid machine"sv};
  if (has_phrase_of(said, phrases)) return true;
  for (std::size_t i = 0; i + 1 < said.size(); ++i) {
    if (said[i] != "you" && said[i] != "u") continue;
    const std::size_t reach =
        said[i + 1] == "are" || said[i + 1] == "re" || said[i + 1] == "r" ? i + 6 : i + 2;
    for (std::size_t k = i + 1; k < said.size() && k < reach; ++k) {
      if (said[k] == "not" || said[k] == "never" || said[k] == "t" || said[k] == "no") break;
      if (std::ranges::find(names, said[k]) != names.end()) return true;
    }
  }
  return false;
}

bool greets(const words& said) {
  static constexpr std::array greetings{"hi"sv,        "hello"sv,   "hey"sv,     "hiya"sv,      "howdy"sv,
                                        "greetings"sv, "morning"sv, "evening"sv, "afternoon"sv, "hola"sv,
                                        "bonjour"sv,   "hallo"sv,   "ciao"sv,    "salut"sv,     "привет"sv};
  return has_any(
      words(said.begin(), said.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(said.size(), 3))),
      greetings);
}

bool asks_about_character(std::string_view text, const words& said) {
  static constexpr std::array about_you{"you"sv, "your"sv, "yours"sv, "yourself"sv};
  static constexpr std::array phrases{"can you"sv,         "could you"sv,   "would you"sv,
                                      "will you please"sv, "do you know"sv, "do you remember"sv,
                                      "you remember my"sv};
  const bool asks = text.contains('?') || text.contains("？");
  return asks && has_any(said, about_you) && !has_phrase_of(said, phrases);
}

bool confides(const words& said) {
  static constexpr std::array phrases{
      "i feel"sv,       "i m afraid"sv,        "i am afraid"sv,  "i m scared"sv,           "i m worried"sv,
      "i am worried"sv, "i never told"sv,      "nobody knows"sv, "no one knows"sv,         "between us"sv,
      "my secret"sv,    "i have to confess"sv, "to be honest"sv, "i ve been struggling"sv, "i m struggling"sv,
      "i trust you"sv,  "i cried"sv,           "i m lonely"sv,   "i feel lonely"sv,        "i m ashamed"sv,
      "i regret"sv};
  return std::ranges::any_of(phrases,
                             [&](std::string_view phrase) { return has_phrase(said, phrase, false); });
}

// Collects changes and keeps every axis in [0, 1] and every gain under its cap of the day.
class ledger {
public:
  ledger(const affinity_values& now, const affinity_values& gained_today) : at_(now), gained_(gained_today) {}

  void move(affinity_axis axis, double wanted, std::string_view reason, std::string_view sentence) {
    double delta = wanted;
    if (delta > 0) {
      // The nearer to 1, the less one kind word does.
      delta *= 1 - at_[axis];
      delta = std::min(delta, daily_gain_cap(axis) - gained_[axis]);
    } else {
      delta = std::max(delta, -at_[axis]);
    }
    if (wanted > 0) delta = std::max(delta, 0.0);
    delta = std::round(delta * 1e6) / 1e6; // so that sums print as they are
    if (delta == 0) return;
    at_[axis] += delta;
    if (delta > 0) gained_[axis] += delta;
    changes_.push_back({axis, delta, reason, sentence});
  }

  double at(affinity_axis axis) const { return at_[axis]; }
  std::vector<affinity_change> changes() && { return std::move(changes_); }

private:
  affinity_values at_;
  affinity_values gained_;
  std::vector<affinity_change> changes_;
};

// What time alone did since the message before: after three days closeness fades, by halves in 60 days, to a
// floor.
void fade(ledger& book, const affinity_values& now, events::timestamp said_at, events::timestamp last) {
  const double away = duration<double, days::period>(said_at - last).count();
  if (away > 0) {
    const double calmed = now[affinity_axis::tension] * (1 - std::exp2(-away));
    if (calmed > 0.005)
      book.move(affinity_axis::tension, -calmed, "time_calms", "Time has passed and tempers have cooled.");
  }
  constexpr double patience_days = 3;
  if (away <= patience_days) return;
  const double kept = std::exp2(-(away - patience_days) / 60);
  constexpr std::pair<affinity_axis, double> floors[] = {{affinity_axis::affection, 0.1},
                                                         {affinity_axis::familiarity, 0.2}};
  for (const auto& [axis, floor] : floors) {
    const double faded = (now[axis] - floor) * (1 - kept);
    if (now[axis] > floor && faded > 0.001)
      book.move(axis, -faded, "long_absence", "You were away for long.");
  }
}

} // namespace

std::string_view axis_name(affinity_axis axis) noexcept {
  return axis_names[std::to_underlying(axis)];
}

std::optional<affinity_axis> axis_of(std::string_view name) noexcept {
  const auto* found = std::ranges::find(axis_names, name);
  if (found == axis_names.end()) return std::nullopt;
  return static_cast<affinity_axis>(found - axis_names.begin());
}

affinity_values initial_affinity() noexcept {
  return {{0.1, 0.1, 0.0, 0.0}};
}

double daily_gain_cap(affinity_axis axis) noexcept {
  switch (axis) {
  case affinity_axis::affection:
    return 0.08;
  case affinity_axis::trust:
    return 0.06;
  case affinity_axis::familiarity:
    return 0.1;
  case affinity_axis::tension:
    return 0.5;
  }
  return 0;
}

std::vector<affinity_change> affinity_changes(const affinity_values& now, const affinity_values& gained_today,
                                              const affinity_turn& turn) {
  using enum affinity_axis;
  ledger book(now, gained_today);
  const words said = events::words_of(turn.text);
  if (turn.last_said_at) fade(book, now, turn.said_at, *turn.last_said_at);

  if (insults(said)) { // a kind word beside an insult does not count
    book.move(affection, -0.06, "insult", "You said something hurtful.");
    book.move(trust, -0.05, "insult", "You said something hurtful.");
    book.move(tension, 0.2, "insult", "You said something hurtful.");
    return std::move(book).changes();
  }
  if (apologises(said)) {
    if (book.at(tension) > 0) book.move(tension, -0.15, "apology", "You apologised.");
    book.move(trust, 0.01, "apology", "You apologised.");
  }
  if (thanks(said)) book.move(affection, 0.012, "thanks", "You said thank you.");
  if (compliments(said)) {
    book.move(affection, 0.02, "compliment", "You said something kind.");
    if (book.at(tension) > 0) book.move(tension, -0.05, "compliment", "You said something kind.");
  }
  if (turn.facts_told > 0) {
    const double told = static_cast<double>(std::min<std::size_t>(turn.facts_told, 3));
    book.move(familiarity, 0.02 * told, "told_about_yourself", "You told something about yourself.");
    book.move(trust, 0.01 * told, "told_about_yourself", "You told something about yourself.");
  }
  if (confides(said)) {
    book.move(trust, 0.02, "confided", "You confided in me.");
    book.move(affection, 0.008, "confided", "You confided in me.");
  }
  if (asks_about_character(turn.text, said))
    book.move(affection, 0.01, "asked_about_me", "You asked about me.");
  const bool days_apart = turn.last_said_at && turn.said_at - *turn.last_said_at >= hours{20};
  if (days_apart && greets(said)) book.move(affection, 0.015, "came_back", "You came back and said hello.");
  if (!said.empty()) book.move(familiarity, 0.004, "talked", "You talked with me.");
  return std::move(book).changes();
}

std::string_view affinity_level(const affinity_values& now) noexcept {
  const double closeness =
      (now[affinity_axis::affection] + now[affinity_axis::trust] + now[affinity_axis::familiarity]) / 3;
  if (closeness >= 0.75 && now[affinity_axis::trust] >= 0.7) return "confidant";
  if (closeness >= 0.55 && now[affinity_axis::affection] >= 0.4) return "close friend";
  if (closeness >= 0.35 && now[affinity_axis::affection] >= 0.25) return "friend";
  if (closeness >= 0.12 && now[affinity_axis::familiarity] >= 0.05) return "acquaintance";
  return "stranger";
}

} // namespace reverie::actors::bond
