#include "actors/domain/bond/state.hpp"
#include "actors/domain/bond/turn_extraction.hpp"
#include "events/model/limits.hpp"
#include "tests/support/given_when_then.hpp"

namespace reverie::tests {
namespace {

namespace bond = actors::bond;
namespace bond_events = events::bond;
namespace limits = events::limits;
using bond::command;
using bond::extracted_fact;
using bond::fact_attribute;

const events::user_id ada{test_id(1)};
const events::character_id mira{test_id(2)};
const events::session_id talk_id{test_id(3)};
const events::timestamp noon = events::from_milliseconds(1'790'000'000'000);

/// A message said so many minutes after noon.
events::message_id message_at(int minute) { return {events::make_uuid_v7(noon + std::chrono::minutes{minute}, std::array<std::uint8_t, 10>{})}; }

extracted_fact told(fact_attribute attribute, std::string subject, std::string value) {
  extracted_fact fact;
  fact.attribute = attribute;
  fact.subject = std::move(subject);
  fact.value = std::move(value);
  fact.sentence = "User: " + fact.value;
  fact.exclusive = bond::has_one_value(attribute, fact.subject);
  return fact;
}

class bond_of_ada : public given_when_then {
public:
  bond_of_ada() : given_when_then{{{events::entity_kind::bond, events::bond_of(ada, mira).value}, ada.value}} {}
  bond_of_ada& hear(events::message_id message, std::vector<extracted_fact> facts, std::string text = "So it is.") {
    bond::observe_turn asked{talk_id, message, std::move(text), now()};
    asked.extraction = bond::turn_extraction{"model:m", std::move(facts)};
    return by_the_system().when(command{asked}), *this;
  }
  const bond::fact* fact(std::string_view value) const {
    for (const auto& [id, each] : state<bond::state>().facts)
      if (each.value == value) return &each;
    return nullptr;
  }
};

TEST(turn_extraction, takes_the_place_of_the_rules_and_is_named_with_each_fact) {
  bond_of_ada pair;
  pair.hear(message_at(1), {told(fact_attribute::home, "user", "Oslo")}, "My dog is named Bruno.");
  const auto learned = pair.all<bond_events::fact_learned>();
  ASSERT_EQ(learned.size(), 1U);
  EXPECT_EQ(learned[0].attribute, "home");
  EXPECT_EQ(learned[0].value, "Oslo");
  EXPECT_EQ(learned[0].rules, "model:m");
  EXPECT_EQ(learned[0].message, message_at(1));
}

TEST(turn_extraction, that_found_nothing_teaches_nothing) {
  bond_of_ada pair;
  pair.hear(message_at(1), {}, "My dog is named Bruno.");
  EXPECT_TRUE(pair.all<bond_events::fact_learned>().empty());
  EXPECT_EQ(pair.all<bond_events::turn_observed>().size(), 1U);
}

TEST(turn_extraction, closes_what_it_replaces_and_opens_it_again_when_the_message_goes) {
  bond_of_ada pair;
  pair.hear(message_at(1), {told(fact_attribute::home, "user", "Oslo")});
  pair.hear(message_at(2), {told(fact_attribute::home, "user", "Rome")});
  ASSERT_TRUE(pair.fact("Oslo")->valid_to);
  pair.when(command{bond::retract_turns{talk_id, {message_at(2)}}});
  EXPECT_FALSE(pair.fact("Oslo")->valid_to);
  EXPECT_EQ(pair.fact("Rome"), nullptr);
}

TEST(turn_extraction, that_comes_late_does_not_end_what_was_said_after_it) {
  bond_of_ada pair;
  pair.hear(message_at(2), {told(fact_attribute::home, "user", "Rome")});
  pair.hear(message_at(1), {told(fact_attribute::home, "user", "Oslo")});
  ASSERT_EQ(pair.all<bond_events::fact_closed>().size(), 1U);
  EXPECT_EQ(pair.event<bond_events::fact_closed>().memory, pair.event<bond_events::fact_learned>().memory);
  EXPECT_FALSE(pair.fact("Rome")->valid_to);
  ASSERT_TRUE(pair.fact("Oslo")->valid_to);
  EXPECT_EQ(pair.fact("Oslo")->closed_in, message_at(2));
  pair.when(command{bond::retract_turns{talk_id, {message_at(2)}}});
  EXPECT_FALSE(pair.fact("Oslo")->valid_to);
}

TEST(turn_extraction, keeps_its_name_when_a_fact_goes_on_from_where_it_was_said_again) {
  bond_of_ada pair;
  pair.hear(message_at(1), {told(fact_attribute::pet, "dog", "Rex")});
  pair.hear(message_at(2), {told(fact_attribute::pet, "dog", "Rex")});
  pair.when(command{bond::retract_turns{talk_id, {message_at(1)}}});
  EXPECT_EQ(pair.event<bond_events::fact_learned>().rules, "model:m");
  EXPECT_EQ(pair.event<bond_events::fact_learned>().message, message_at(2));
}

TEST(turn_extraction, over_the_facts_of_a_turn_says_how_many_were_left_out) {
  bond_of_ada pair;
  std::vector<extracted_fact> facts;
  for (std::size_t i = 0; i < limits::facts_per_turn + 3; ++i)
    facts.push_back(told(fact_attribute::like, "user", "thing" + std::string(1, static_cast<char>('a' + i))));
  pair.hear(message_at(1), facts);
  EXPECT_EQ(pair.all<bond_events::fact_learned>().size(), limits::facts_per_turn);
  ASSERT_TRUE(pair.decided());
  EXPECT_EQ(pair.decided()->left_out, 3U);
  EXPECT_NE(pair.decided()->remark.find("3 facts over limits::facts_per_turn"), std::string::npos) << pair.decided()->remark;
}

TEST(turn_extraction, over_the_facts_of_a_bond_says_how_many_were_left_out) {
  bond_of_ada pair;
  std::vector<events::event> history;
  for (std::uint64_t i = 0; i < limits::facts_per_bond; ++i)
    history.emplace_back(bond_events::fact_learned{{test_id(100'000 + i)}, "like", "user", "v" + std::to_string(i), "", talk_id, message_at(0), {}, "r"});
  pair.given(history);
  pair.hear(message_at(1), {told(fact_attribute::pet, "dog", "Rex")});
  EXPECT_TRUE(pair.all<bond_events::fact_learned>().empty());
  ASSERT_TRUE(pair.decided());
  EXPECT_EQ(pair.decided()->left_out, 1U);
  EXPECT_NE(pair.decided()->remark.find("limits::facts_per_bond"), std::string::npos) << pair.decided()->remark;
}

TEST(has_one_value, holds_for_names_homes_and_birthdays_and_not_for_tastes_and_people) {
  EXPECT_TRUE(bond::has_one_value(fact_attribute::name, "user"));
  EXPECT_TRUE(bond::has_one_value(fact_attribute::home, "sister"));
  EXPECT_TRUE(bond::has_one_value(fact_attribute::date, "sister birthday"));
  EXPECT_TRUE(bond::has_one_value(fact_attribute::like, "favourite food"));
  EXPECT_FALSE(bond::has_one_value(fact_attribute::like, "user"));
  EXPECT_FALSE(bond::has_one_value(fact_attribute::pet, "dog"));
  EXPECT_FALSE(bond::has_one_value(fact_attribute::date, "exam"));
}

} // namespace
} // namespace reverie::tests
