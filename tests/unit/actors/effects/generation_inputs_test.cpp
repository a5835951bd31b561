#include "actors/effects/generation_inputs.hpp"
#include "tests/unit/actors/domain/session/conversation.hpp"

namespace reverie::tests {
namespace {

const std::vector<events::memory_id> recalled{{test_id(70)}, {test_id(71)}};

actors::generate_reply wanted_of(const conversation& talk) {
  actors::generate_reply wanted;
  wanted.session = {test_id(9)};
  wanted.reply = talk.running();
  wanted.attempt = 1;
  return wanted;
}

void reply_with_memories(conversation& talk) {
  talk.by_the_system().when(session::command{session::complete_reply{talk.running(), 1, "Bruno.", "stop", "m", {}, "{}", recalled}});
  talk.by(ada);
}

TEST(generation_inputs, tell_what_a_kept_reply_had_recalled) {
  conversation talk;
  talk.send("What's my dog called?");
  reply_with_memories(talk);
  talk.send("And now?");
  actors::generation_inputs inputs;
  inputs.take_session(talk.now(), wanted_of(talk), 4096);
  inputs.close_turns();
  ASSERT_EQ(inputs.prompt.turns.size(), 3U);
  EXPECT_EQ(inputs.prompt.turns[1].recalled, recalled);
}

TEST(generation_inputs, tell_what_a_reply_had_recalled_whose_text_is_read_again) {
  conversation talk;
  talk.send("What's my dog called?");
  const auto first = talk.last_subject();
  reply_with_memories(talk);
  const auto answer = talk.event<events::session::reply_completed>();
  const auto old_leaf = talk.leaf();
  talk.edit(first, "Hello.").reply("Hi.");
  talk.ask(session::select_branch{old_leaf}).send("And now?");
  actors::generation_inputs inputs;
  inputs.take_session(talk.now(), wanted_of(talk), 4096);
  const auto missing = inputs.missing_texts();
  ASSERT_EQ(missing.size(), 2U);
  events::recorded_event again;
  again.context.sequence = missing[1];
  again.payload = answer;
  inputs.take_text(actors::said_text::in(again));
  inputs.close_turns();
  ASSERT_EQ(inputs.prompt.turns.size(), 2U);
  EXPECT_EQ(inputs.prompt.turns[0].text, "Bruno.");
  EXPECT_EQ(inputs.prompt.turns[0].recalled, recalled);
}

} // namespace
} // namespace reverie::tests
