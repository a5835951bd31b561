#include "actors/effects/prompt/from_states.hpp"
#include "actors/effects/prompt/prompt_builder.hpp"
#include "events/model/limits.hpp"
#include "tests/unit/actors/domain/session/conversation.hpp"

namespace reverie::tests {
namespace {

namespace prompt = actors::prompt;

TEST(prompt_from_states, holds_the_turns_the_reply_answers_and_asks_about_their_end) {
  conversation talk("Hello.");
  talk.send("One").reply("Uno.").send("Two").send("Three").reply("Dos.");
  const auto from = prompt::inputs_from(talk.now(), nullptr, nullptr, "Tom", {});
  ASSERT_EQ(from.turns.size(), 6U);
  EXPECT_EQ(from.turns.back().text, "Three");
  const auto query = prompt::recall_query_for(talk.now(), {test_id(9)});
  EXPECT_EQ(query.text, "Three");
  EXPECT_EQ(query.exclude.size(), 6U);
  EXPECT_EQ(query.user, ada);
  EXPECT_TRUE(prompt::missing_texts(talk.now()).empty());
}

TEST(prompt_from_states, names_the_texts_to_be_read_again_and_takes_them) {
  conversation talk;
  talk.send("One");
  const auto first = talk.last_subject();
  talk.reply("Uno.").edit(first, "Eins").reply("Hm.");
  talk.ask(session::select_branch{first}).send("Two");
  const auto missing = prompt::missing_texts(talk.now());
  ASSERT_EQ(missing.size(), 2U);
  EXPECT_EQ(missing[0].message, first);
  EXPECT_EQ(missing[0].sequence.value, 2U);
  const auto from = prompt::inputs_from(talk.now(), nullptr, nullptr, "Tom", {{first, "One"}});
  ASSERT_EQ(from.turns.size(), 2U);
  EXPECT_EQ(from.turns[0].text, "One");
  EXPECT_EQ(from.turns[1].text, "Two");
}

TEST(prompt_from_states, takes_the_card_the_conversation_began_with_and_what_the_bond_bars) {
  conversation talk;
  talk.send("Hi");
  actors::character::state mira_state;
  mira_state.created = true;
  mira_state.cards[1].profile.name = "Mira";
  mira_state.cards[2].profile.name = "Mira II";
  actors::bond::state bond;
  bond.barred = {talk.last_subject()};
  const auto from = prompt::inputs_from(talk.now(), &bond, &mira_state, "Tom", {});
  EXPECT_EQ(from.card.name, "Mira");
  EXPECT_EQ(from.bond.axes.size(), 4U);
  EXPECT_FALSE(from.bond.level.empty());
  EXPECT_EQ(prompt::build_prompt(from).manifest_json.find("Hi"), std::string::npos);
}

} // namespace
} // namespace reverie::tests
