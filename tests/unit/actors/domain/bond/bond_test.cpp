#include "actors/domain/bond/axes.hpp"
#include "actors/domain/bond/state.hpp"
#include "actors/domain/recall_marker.hpp"
#include "events/model/limits.hpp"
#include "tests/support/given_when_then.hpp"

namespace reverie::tests {
namespace {

namespace limits = events::limits;
namespace bond = actors::bond;
namespace bond_events = events::bond;
using bond::command;
using events::rejection_code;

const events::user_id ada{test_id(1)};
const events::user_id eve{test_id(2)};
const events::character_id mira{test_id(3)};
const events::session_id talk_id{test_id(9)};

/// The bond of Ada and Mira.
class bond_of_ada : public given_when_then {
public:
  bond_of_ada() : given_when_then{{{events::entity_kind::bond, events::bond_of(ada, mira).value}, ada.value}} {}

  bond_of_ada& open() { return by(ada).when(command{bond::open_conversation{ada, mira, 2, "Hello."}}), *this; }
  bond_of_ada& hear(std::uint64_t message, std::string text) {
    return by_the_system().when(command{bond::observe_turn{talk_id, {test_id(message)}, std::move(text), now()}}), *this;
  }
  bond_of_ada& take_back(std::vector<std::uint64_t> messages) {
    bond::retract_turns asked{talk_id, {}};
    for (const auto number : messages) asked.messages.push_back({test_id(number)});
    return by_the_system().when(command{asked}), *this;
  }
  bond_of_ada& forget(events::memory_id memory, std::optional<events::message_id> episode = {}) {
    return by(ada).when(command{bond::forget_memory{memory, episode}}), *this;
  }

  const bond::state& now_known() const { return state<bond::state>(); }
  /// The open fact with a value; nil when there is none.
  events::memory_id fact(std::string_view value) const {
    for (const auto& [id, fact] : now_known().facts)
      if (fact.value == value && !fact.valid_to) return id;
    return {};
  }
  bool knows(std::string_view value) const { return !fact(value).is_nil(); }
};

TEST(bond, opens_one_conversation_at_a_time) {
  bond_of_ada pair;
  pair.open().then<bond_events::conversation_opened>();
  const auto session = pair.subject();
  EXPECT_EQ(pair.event<bond_events::conversation_opened>().session.value, session);
  pair.open().then_nothing();
  EXPECT_EQ(pair.subject(), session);
  pair.by_the_system().when(command{bond::close_conversation{{session}}}).then<bond_events::conversation_closed>();
  pair.when(command{bond::close_conversation{{session}}}).then_nothing();
  pair.open().then<bond_events::conversation_opened>();
  EXPECT_NE(pair.subject(), session);
}

TEST(bond, has_the_session_opened_with_the_card_and_the_greeting) {
  bond_of_ada pair;
  pair.open();
  const auto& [id, effect] = pair.reactions().at(0).begin.at(0);
  const auto& delivery = std::get<actors::deliver_command>(effect);
  EXPECT_EQ(delivery.target, (events::entity_address{{events::entity_kind::session, pair.subject()}, ada.value}));
  const auto& open = std::get<actors::session::open>(std::get<actors::session::command>(delivery.command));
  EXPECT_EQ(open.card_version, 2U);
  EXPECT_EQ(open.greeting, "Hello.");
  EXPECT_EQ(open.user, ada);
  EXPECT_EQ(open.character, mira);
}

TEST(bond, takes_a_message_back_in_one_record_however_often_it_was_said_again) {
  bond_of_ada pair;
  pair.open();
  for (std::uint64_t i = 0; i < 300; ++i) pair.hear(1'000 + i, "My name is Bob. My dog is named Bruno. I live in Porto.");
  ASSERT_TRUE(pair.knows("Bob"));
  pair.take_back({1'000});
  ASSERT_TRUE(pair.decided());
  EXPECT_LE(pair.decided()->events.size(), limits::events_per_record);
  EXPECT_TRUE(pair.knows("Bob")); // it rests on what was said again
}

TEST(bond, is_the_business_of_its_user_alone) {
  bond_of_ada pair;
  pair.by(eve).when(command{bond::open_conversation{ada, mira, 1, ""}}).then_rejected(rejection_code::not_found, "character_id");
  pair.by(ada).when(command{bond::open_conversation{ada, {test_id(4)}, 1, ""}}).then_rejected(rejection_code::validation_error, "character_id");
  pair.by(ada).when(command{bond::observe_turn{}}).then_rejected(rejection_code::permission_denied);
  pair.by(ada).when(command{bond::retract_turns{}}).then_rejected(rejection_code::permission_denied);
  pair.by(ada).when(command{bond::close_conversation{}}).then_rejected(rejection_code::permission_denied);
  pair.by(eve).when(command{bond::forget_memory{}}).then_rejected(rejection_code::not_found, "character_id");
}

TEST(bond, learns_a_fact_from_a_message_once) {
  bond_of_ada pair;
  pair.hear(100, "My dog is named Bruno.");
  const auto learned = pair.event<bond_events::fact_learned>();
  EXPECT_EQ(learned.value, "Bruno");
  EXPECT_EQ(learned.attribute, "pet");
  EXPECT_EQ(learned.message.value, test_id(100));
  EXPECT_EQ(pair.subject(), test_id(100));
  pair.hear(100, "My dog is named Bruno.").then_nothing();
}

TEST(bond, learns_nothing_again_that_is_said_again_but_remembers_where) {
  bond_of_ada pair;
  pair.hear(100, "My dog is named Bruno.").hear(101, "My dog is named Bruno.");
  EXPECT_TRUE(pair.all<bond_events::fact_learned>().empty());
  EXPECT_EQ(pair.event<bond_events::turn_observed>().restated, std::vector{pair.fact("Bruno")});
}

TEST(bond, closes_a_fact_that_a_newer_one_replaces_and_keeps_it_as_history) {
  bond_of_ada pair;
  pair.hear(100, "I live in Oslo.");
  const auto oslo = pair.fact("Oslo");
  pair.hear(101, "I moved to Bergen. I live in Bergen now.");
  EXPECT_EQ(pair.event<bond_events::fact_closed>().memory, oslo);
  EXPECT_FALSE(pair.knows("Oslo"));
  EXPECT_TRUE(pair.knows("Bergen"));
  EXPECT_TRUE(pair.now_known().facts.contains(oslo));
}

TEST(bond, never_extracts_recalled_text) {
  bond_of_ada pair;
  pair.hear(100, std::string(actors::recall_begin) + "My dog is named Bruno." + std::string(actors::recall_end) + " Hello there.");
  EXPECT_TRUE(pair.all<bond_events::fact_learned>().empty());
}

TEST(bond, takes_back_what_a_deleted_message_taught_and_reopens_what_it_closed) {
  bond_of_ada pair;
  pair.hear(100, "I live in Oslo.").hear(101, "I live in Bergen now.");
  pair.take_back({101});
  EXPECT_TRUE(pair.knows("Oslo"));
  EXPECT_FALSE(pair.knows("Bergen"));
  pair.take_back({101}).then_nothing();
  pair.hear(101, "I live in Bergen now.").then_nothing();
}

TEST(bond, gives_the_place_of_a_fact_that_was_taken_back_to_its_successor) {
  bond_of_ada pair;
  pair.hear(100, "I live in Oslo.").hear(101, "I live in Bergen now.").hear(102, "I live in Narvik now.");
  const auto narvik = pair.fact("Narvik");
  pair.take_back({101});
  EXPECT_FALSE(pair.knows("Oslo"));
  EXPECT_EQ(pair.event<bond_events::fact_closed>().superseded_by, narvik);
  pair.take_back({102});
  EXPECT_TRUE(pair.knows("Oslo"));
}

TEST(bond, still_knows_what_was_said_twice_when_one_source_goes) {
  bond_of_ada pair;
  pair.hear(100, "My dog is named Bruno.").hear(101, "My dog is named Bruno.");
  pair.take_back({100});
  ASSERT_TRUE(pair.knows("Bruno"));
  EXPECT_EQ(pair.now_known().facts.at(pair.fact("Bruno")).message.value, test_id(101));
  pair.take_back({101});
  EXPECT_FALSE(pair.knows("Bruno"));
}

TEST(bond, learns_nothing_from_a_message_that_was_taken_back_before_it_came) {
  bond_of_ada pair;
  pair.take_back({100}).then<bond_events::turns_retracted>();
  pair.hear(100, "My dog is named Bruno.").then_nothing();
}

TEST(bond, moves_its_axes_with_a_cause_and_back_when_the_message_goes) {
  bond_of_ada pair;
  const auto before = bond::affinity_of(pair.now_known());
  pair.hear(100, "Thank you so much, you are wonderful! I love talking to you.");
  const auto changes = pair.all<bond_events::affinity_changed>();
  ASSERT_FALSE(changes.empty());
  for (const auto& change : changes) {
    EXPECT_FALSE(change.reason.empty());
    EXPECT_FALSE(change.sentence.empty());
    EXPECT_EQ(change.message->value, test_id(100));
  }
  EXPECT_NE(bond::affinity_of(pair.now_known()), before);
  pair.take_back({100});
  for (const auto& change : pair.all<bond_events::affinity_changed>()) EXPECT_EQ(change.reason, bond::removed_reason);
  for (const auto axis : bond::all_affinity_axes) EXPECT_NEAR(bond::affinity_of(pair.now_known())[axis], before[axis], 1e-9);
  EXPECT_TRUE(pair.now_known().moved_by.empty());
}

TEST(bond, rises_no_more_than_the_cap_of_a_day_allows) {
  bond_of_ada pair;
  const auto start = bond::affinity_of(pair.now_known());
  for (std::uint64_t i = 0; i < 200; ++i) pair.hear(100 + i, "Thank you, I love talking to you! You are wonderful.");
  const auto values = bond::affinity_of(pair.now_known());
  for (const auto axis : bond::all_affinity_axes) EXPECT_LE(values[axis], start[axis] + bond::daily_gain_cap(axis) + 1e-9);
  EXPECT_LE(pair.now_known().causes.size(), limits::affinity_causes_kept);
}

TEST(bond, keeps_a_limited_number_of_causes) {
  bond_of_ada pair;
  std::vector<events::event> history(limits::affinity_causes_kept + 10,
                                     bond_events::affinity_changed{"trust", 0.0, 0.5, "test", "A test.", {}, 1});
  pair.given(history);
  EXPECT_EQ(pair.now_known().causes.size(), limits::affinity_causes_kept);
}

TEST(bond, forgets_a_fact_for_good_with_all_turns_it_came_from) {
  bond_of_ada pair;
  pair.hear(100, "My dog is named Bruno. I live in Oslo.").hear(101, "My dog is named Bruno.").hear(102, "I like tea.");
  const auto bruno = pair.fact("Bruno"), oslo = pair.fact("Oslo");
  pair.forget(bruno).then<bond_events::memory_forgotten>();
  const auto forgotten = pair.event<bond_events::memory_forgotten>();
  EXPECT_EQ(forgotten.also_forgotten, std::vector{oslo});
  EXPECT_EQ(forgotten.barred.size(), 2U);
  EXPECT_TRUE(bond::is_barred(pair.now_known(), {test_id(100)}));
  EXPECT_TRUE(bond::is_barred(pair.now_known(), {test_id(101)}));
  EXPECT_FALSE(bond::is_barred(pair.now_known(), {test_id(102)}));
  EXPECT_EQ(pair.logic().state_bytes().find("Bruno"), std::string::npos);
  pair.forget(bruno).then_nothing();
  pair.forget(oslo).then_nothing();
}

TEST(bond, forgets_an_episode_with_the_facts_that_came_from_it) {
  bond_of_ada pair;
  pair.hear(100, "My dog is named Bruno.");
  const events::message_id message{test_id(100)};
  pair.forget(bond::episode_of(message), message).then<bond_events::memory_forgotten>();
  EXPECT_FALSE(pair.knows("Bruno"));
  EXPECT_EQ(pair.event<bond_events::memory_forgotten>().barred, std::vector{message});
  pair.forget(bond::episode_of(message), message).then_nothing();
}

TEST(bond, says_in_which_conversation_an_axis_was_moved) {
  bond_of_ada pair;
  pair.hear(100, "Thank you so much, you are wonderful!");
  const auto moved = pair.event<bond_events::affinity_changed>();
  EXPECT_EQ(moved.message, events::message_id{test_id(100)});
  EXPECT_EQ(moved.session, pair.event<bond_events::turn_observed>().session);
}

TEST(bond, learns_nothing_from_a_barred_message) {
  bond_of_ada pair;
  const events::message_id message{test_id(100)};
  pair.forget(bond::episode_of(message), message);
  pair.hear(100, "My dog is named Bruno.").then_nothing();
}

TEST(bond, does_not_know_a_memory_that_never_was) {
  bond_of_ada pair;
  pair.forget({test_id(500)}).then_rejected(rejection_code::not_found, "memory_id");
  pair.forget({test_id(500)}, events::message_id{test_id(100)}).then_rejected(rejection_code::not_found, "memory_id");
}

TEST(bond, learns_a_limited_number_of_facts_from_a_turn) {
  bond_of_ada pair;
  std::string text;
  for (int i = 0; i < 60; ++i) text += "I like thing" + std::string(1, static_cast<char>('a' + i % 26)) + std::string(1, static_cast<char>('a' + i / 26)) + ". ";
  pair.hear(100, text);
  EXPECT_LE(pair.all<bond_events::fact_learned>().size(), limits::facts_per_turn);
  EXPECT_FALSE(pair.all<bond_events::fact_learned>().empty());
}

TEST(bond, learns_no_more_facts_than_it_can_hold) {
  bond_of_ada pair;
  std::vector<events::event> history;
  for (std::uint64_t i = 0; i < limits::facts_per_bond; ++i)
    history.emplace_back(bond_events::fact_learned{{test_id(100'000 + i)}, "like", "user", "v" + std::to_string(i), "", talk_id, {test_id(50)}, {}, "r"});
  pair.given(history).by_the_system();
  pair.hear(100, "My dog is named Bruno.");
  EXPECT_TRUE(pair.all<bond_events::fact_learned>().empty());
  EXPECT_EQ(pair.event<bond_events::turn_observed>().message.value, test_id(100));
}

} // namespace
} // namespace reverie::tests
