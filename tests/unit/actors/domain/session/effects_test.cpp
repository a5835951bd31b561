#include "tests/unit/actors/domain/session/conversation.hpp"

#include <set>

namespace reverie::tests {
namespace {

using actors::deliver_command;
using actors::generate_reply;
using actors::generation_of;

/// The command an effect delivers, or a failed test.
template <class Command>
Command delivered(const actors::reaction& asked, std::size_t index = 0) {
  if (index < asked.begin.size())
    if (const auto* delivery = std::get_if<deliver_command>(&asked.begin[index].second))
      if (const auto* to_bond = std::get_if<actors::bond::command>(&delivery->command))
        if (const auto* command = std::get_if<Command>(to_bond)) return *command;
  ADD_FAILURE() << "no " << Command::name;
  return {};
}

TEST(session_effects, a_message_is_observed_by_the_bond_and_answered_by_the_model) {
  conversation talk;
  talk.send("My dog is Bruno");
  ASSERT_EQ(talk.reactions().size(), 2U);
  const auto observed = delivered<actors::bond::observe_turn>(talk.reactions()[0]);
  EXPECT_EQ(observed.content, "My dog is Bruno");
  EXPECT_EQ(observed.message, talk.last_subject());
  const auto& delivery = std::get<deliver_command>(talk.reactions()[0].begin[0].second);
  EXPECT_EQ(delivery.target.entity.id, events::bond_of(ada, mira).value);
  EXPECT_EQ(delivery.target.slice_key, ada.value);
  const auto& [id, effect] = talk.reactions()[1].begin.at(0);
  EXPECT_EQ(id, generation_of(talk.running()));
  const auto& generation = std::get<generate_reply>(effect);
  EXPECT_EQ(generation.reply, talk.running());
  EXPECT_EQ(generation.character, mira);
  EXPECT_EQ(generation.attempt, 1U);
}

TEST(session_effects, the_end_of_a_reply_settles_its_generation_and_the_next_one_begins_its_own) {
  conversation talk;
  talk.send("One").send("Two");
  const auto first = talk.running();
  talk.reply("Uno.");
  ASSERT_EQ(talk.reactions().size(), 2U);
  EXPECT_EQ(talk.reactions()[0].settle, std::vector{generation_of(first)});
  EXPECT_EQ(talk.reactions()[1].begin.at(0).first, generation_of(talk.running()));
  const auto second = talk.running();
  talk.fail();
  EXPECT_EQ(talk.reactions()[0].settle, std::vector{generation_of(second)});
}

TEST(session_effects, a_new_attempt_begins_the_same_effect_again) {
  conversation talk;
  talk.send("One");
  talk.by_the_system().when(session::command{session::restart_reply{talk.running(), 1}});
  const auto& [id, effect] = talk.reactions().at(0).begin.at(0);
  EXPECT_EQ(id, generation_of(talk.running()));
  EXPECT_EQ(std::get<generate_reply>(effect).attempt, 2U);
}

TEST(session_effects, an_edit_takes_back_the_old_message_and_tells_the_new_one) {
  conversation talk;
  talk.send("My dog is Rex");
  const auto old = talk.last_subject();
  talk.reply("Nice.").edit(old, "My dog is Bruno");
  EXPECT_EQ(delivered<actors::bond::retract_turns>(talk.reactions()[0]).messages, std::vector{old});
  EXPECT_EQ(delivered<actors::bond::observe_turn>(talk.reactions()[0], 1).content, "My dog is Bruno");
  EXPECT_NE(talk.reactions()[0].begin[0].first, talk.reactions()[0].begin[1].first);
}

TEST(session_effects, a_deletion_takes_back_all_removed_messages_in_small_commands) {
  conversation talk;
  talk.send("first");
  const auto first = talk.last_subject();
  talk.reply("a");
  for (int i = 0; i < 4; ++i) talk.send("q").reply("a");
  talk.remove(first);
  const auto& asked = talk.reactions().at(0);
  std::size_t messages = 0;
  std::set<events::effect_id> ids;
  for (std::size_t i = 0; i < asked.begin.size(); ++i) {
    messages += delivered<actors::bond::retract_turns>(asked, i).messages.size();
    ids.insert(asked.begin[i].first);
  }
  EXPECT_EQ(messages, 10U);
  EXPECT_EQ(ids.size(), asked.begin.size());
}

TEST(session_effects, closing_tells_the_bond) {
  conversation talk;
  talk.ask(session::close{});
  EXPECT_EQ(delivered<actors::bond::close_conversation>(talk.reactions().at(0)).session.value, test_id(9));
}

} // namespace
} // namespace reverie::tests
