#include "actors/domain/bond/state.hpp"
#include "actors/domain/session/state.hpp"
#include "events/codec/event_codec.hpp"
#include "events/model/limits.hpp"
#include "tests/support/given_when_then.hpp"

#include <functional>
#include <iostream>
#include <random>

namespace reverie::tests {
namespace {

using actors::any_command;
using events::event;

const events::user_id ada{test_id(1)};
const events::character_id mira{test_id(3)};

/// Draws from a printed seed.
class dice {
public:
  explicit dice(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t bound) { return static_cast<std::size_t>(engine_() % bound); }
  bool often() { return below(4) != 0; }
  template <class Item>
  Item one_of(const std::vector<Item>& items) { return items.empty() ? Item{} : items[below(items.size())]; }

private:
  std::mt19937_64 engine_;
};

const std::vector<std::string> things_said{"My dog is named Bruno.", "I live in Oslo.",      "I live in Bergen now.", "I like tea.",
                                           "I don't like tea anymore.", "Thank you so much!", "You are stupid.",       "My name is Ada.",
                                           "",                        "What is my dog's name?"};

std::vector<events::message_id> messages_of(const std::vector<events::recorded_event>& history) {
  std::vector<events::message_id> ids;
  for (const auto& each : history) {
    if (const auto* sent = std::get_if<events::session::message_sent>(&each.payload)) ids.push_back(sent->message);
    if (const auto* started = std::get_if<events::session::reply_started>(&each.payload)) ids.push_back(started->reply);
    if (const auto* edited = std::get_if<events::session::message_edited>(&each.payload)) ids.push_back(edited->message);
  }
  return ids;
}

any_command next_session_command(dice& roll, const given_when_then& entity) {
  using namespace actors::session;
  const auto& now = entity.state<state>();
  const auto any = roll.one_of(messages_of(entity.history()));
  const auto running = now.turn.value_or(open_turn{});
  switch (roll.below(14)) {
  case 0: return command{edit_message{any, roll.one_of(things_said)}};
  case 1: return command{delete_message{any}};
  case 2: return command{regenerate{any}};
  case 3: return command{select_branch{any}};
  case 4: return command{mark_read{any}};
  case 5: return command{fail_reply{running.reply, running.attempt, "model_unavailable", "No.", true}};
  case 6: return command{restart_reply{running.reply, running.attempt}};
  case 7: return roll.below(30) == 0 ? command{close{}} : command{mark_read{any}};
  case 8: case 9: case 10: return command{complete_reply{running.reply, running.attempt, roll.one_of(things_said), "stop", "m", {}, "{}"}};
  default: return command{send_message{roll.one_of(things_said), roll.often() ? std::nullopt : std::optional(test_id(roll.below(20)))}};
  }
}

any_command next_bond_command(dice& roll, const given_when_then& entity) {
  using namespace actors::bond;
  const auto& now = entity.state<state>();
  const events::message_id message{test_id(1000 + roll.below(40))};
  std::vector<events::memory_id> facts;
  for (const auto& [id, fact] : now.facts) facts.push_back(id);
  switch (roll.below(10)) {
  case 0: return command{open_conversation{ada, mira, 1, "Hello."}};
  case 1: return command{close_conversation{now.open_session.value_or(events::session_id{})}};
  case 2: case 3: return command{retract_turns{{test_id(9)}, {message, {test_id(1000 + roll.below(40))}}}};
  case 4: return roll.often() ? command{forget_memory{roll.one_of(facts), {}}} : command{forget_memory{episode_of(message), message}};
  default: return command{observe_turn{{test_id(9)}, message, roll.one_of(things_said), entity.now()}};
  }
}

any_command next_character_command(dice& roll) {
  using namespace actors::character;
  events::character::profile profile;
  profile.name = roll.one_of(things_said);
  const auto card = "card" + std::to_string(roll.below(5));
  switch (roll.below(8)) {
  case 0: return command{create_character{ada, true, "image/png", card, "V2", profile}};
  case 1: return roll.below(10) == 0 ? command{delete_character{}} : command{create_character{ada, false, "image/png", card, "V3", profile}};
  default: return command{replace_card{"application/json", card, "V1", profile}};
  }
}

any_command next_user_command(dice& roll) {
  using namespace actors::user;
  switch (roll.below(4)) {
  case 0: return command{register_user{"ada@example.org", "Ada", {}}};
  case 1: return command{change_roles{{roll.often() ? "user" : "admin"}}};
  default: return command{change_profile{roll.one_of(things_said)}};
  }
}

struct kind_case {
  events::entity_address address;
  std::function<any_command(dice&, const given_when_then&)> next;
};

std::vector<kind_case> all_kinds() {
  using enum events::entity_kind;
  return {{{{events::entity_kind::user, ada.value}, ada.value}, [](dice& roll, const given_when_then&) { return next_user_command(roll); }},
          {{{session, test_id(9)}, ada.value}, next_session_command},
          {{{character, mira.value}, mira.value}, [](dice& roll, const given_when_then&) { return next_character_command(roll); }},
          {{{bond, events::bond_of(ada, mira).value}, ada.value}, next_bond_command}};
}

/// A life of up to `commands` random commands by the system.
given_when_then a_life(const kind_case& kind, dice& roll, std::size_t commands) {
  given_when_then entity(kind.address);
  if (kind.address.entity.kind == events::entity_kind::session)
    entity.when(actors::session::command{actors::session::open{ada, mira, 1, "Hello."}});
  for (std::size_t i = 0; i < commands; ++i)
    entity.later(std::chrono::minutes(roll.below(2000))).when(kind.next(roll, entity));
  return entity;
}

constexpr std::uint64_t first_seed = 20'261'121;

/// Runs a law for many lives of every kind; a failure names its seed.
void for_many_lives(const std::function<void(given_when_then&, dice&)>& law) {
  for (const auto& kind : all_kinds())
    for (std::uint64_t seed = first_seed; seed < first_seed + 60; ++seed) {
      SCOPED_TRACE(std::string(events::name_of(kind.address.entity.kind)) + " seed " + std::to_string(seed));
      dice roll(seed);
      auto entity = a_life(kind, roll, 1 + roll.below(120));
      law(entity, roll);
      if (::testing::Test::HasFailure()) {
        std::cerr << "seed " << seed << '\n';
        return;
      }
    }
}

TEST(laws_of_entities, replaying_the_events_gives_the_same_state_byte_for_byte) {
  for_many_lives([](given_when_then& lived, dice&) {
    auto replayed = actors::make_entity_logic(lived.self().entity.kind);
    for (const auto& each : lived.history()) replayed->evolve(each.payload, each.context);
    EXPECT_EQ(replayed->state_bytes(), lived.logic().state_bytes());
  });
}

TEST(laws_of_entities, events_that_went_through_the_log_give_the_same_state) {
  for_many_lives([](given_when_then& lived, dice&) {
    auto replayed = actors::make_entity_logic(lived.self().entity.kind);
    for (const auto& each : lived.history()) {
      const auto decoded = events::decode_events(events::encode_events(std::span(&each.payload, 1), {}), {});
      ASSERT_TRUE(decoded.has_value()) << decoded.error().message;
      replayed->evolve(decoded->events.at(0), each.context);
    }
    EXPECT_EQ(replayed->state_bytes(), lived.logic().state_bytes());
  });
}

TEST(laws_of_entities, a_snapshot_and_the_tail_give_the_same_state_as_the_whole) {
  for_many_lives([](given_when_then& lived, dice& roll) {
    const auto& history = lived.history();
    const auto cut = roll.below(history.size() + 1);
    auto before = actors::make_entity_logic(lived.self().entity.kind);
    for (std::size_t i = 0; i < cut; ++i) before->evolve(history[i].payload, history[i].context);
    auto after = actors::make_entity_logic(lived.self().entity.kind);
    ASSERT_TRUE(after->restore(before->state_bytes()).has_value());
    EXPECT_EQ(after->state_bytes(), before->state_bytes());
    for (std::size_t i = cut; i < history.size(); ++i) after->evolve(history[i].payload, history[i].context);
    EXPECT_EQ(after->state_bytes(), lived.logic().state_bytes());
  });
}

TEST(laws_of_entities, any_event_can_be_applied_to_any_state) {
  for_many_lives([](given_when_then& lived, dice& roll) {
    auto history = lived.history();
    for (std::size_t i = 0; i < 200 && !history.empty(); ++i) {
      const auto& drawn = history[roll.below(history.size())];
      lived.logic().evolve(drawn.payload, drawn.context);
      static_cast<void>(lived.logic().react(drawn.payload, drawn.context));
    }
    auto again = actors::make_entity_logic(lived.self().entity.kind);
    ASSERT_TRUE(again->restore(lived.logic().state_bytes()).has_value());
    EXPECT_EQ(again->state_bytes(), lived.logic().state_bytes());
    EXPECT_GT(lived.logic().memory_bytes(), 0U);
  });
}

TEST(laws_of_entities, a_decision_is_a_function_of_state_command_and_context) {
  for_many_lives([](given_when_then& lived, dice& roll) {
    for (const auto& kind : all_kinds()) {
      if (kind.address.entity.kind != lived.self().entity.kind) continue;
      const auto command = kind.next(roll, lived);
      const actors::decision_context context{lived.now(), {}, test_id(5).bytes, lived.self()};
      const auto once = lived.logic().decide(command, context), twice = lived.logic().decide(command, context);
      ASSERT_EQ(once.has_value(), twice.has_value());
      if (!once) continue;
      EXPECT_EQ(once->events, twice->events);
      EXPECT_EQ(once->subject, twice->subject);
      if (!once->events.empty()) {
        EXPECT_EQ(once->subject, actors::subject_of(once->events));
      }
    }
  });
}

TEST(laws_of_entities, a_record_stays_within_the_limit_of_events) {
  for_many_lives([](given_when_then& lived, dice&) {
    if (!lived.decided()) return;
    EXPECT_LE(lived.decided()->events.size(), events::limits::events_per_record);
  });
}

TEST(fresh_ids, differ_by_number_command_and_entity_and_carry_the_time) {
  const actors::decision_context context{events::from_milliseconds(1'790'000'000'123), {}, test_id(1).bytes, {}};
  auto other = context;
  other.seed = test_id(2).bytes;
  EXPECT_EQ(context.fresh_id(0), context.fresh_id(0));
  EXPECT_NE(context.fresh_id(0), context.fresh_id(1));
  EXPECT_NE(context.fresh_id(0), other.fresh_id(0));
  EXPECT_EQ(events::time_of(context.fresh_id(7)), context.now);
}

} // namespace
} // namespace reverie::tests
