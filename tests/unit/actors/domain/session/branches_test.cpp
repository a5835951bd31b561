#include "tests/unit/actors/domain/session/conversation.hpp"

namespace reverie::tests {
namespace {

using events::rejection_code;
using session_events::branch_selected;
using session_events::message_deleted;
using session_events::message_edited;
using session_events::reply_started;

TEST(session_branches, edit_makes_a_sibling_that_is_answered_anew) {
  conversation talk;
  talk.send("My dog is Rex");
  const auto first = talk.last_subject();
  talk.reply("Nice.");
  talk.send("And a cat").reply("Nicer.");
  talk.edit(first, "My dog is Bruno").then<message_edited, reply_started>();
  EXPECT_EQ(talk.event<message_edited>().replaces, first);
  EXPECT_EQ(talk.subject(), talk.event<message_edited>().message.value);
  talk.reply("Hello Bruno.");
  EXPECT_EQ(talk.reads(), "user: My dog is Bruno | character: Hello Bruno.");
}

TEST(session_branches, the_old_branch_can_be_selected_down_to_its_newest_leaf) {
  conversation talk;
  talk.send("One");
  const auto first = talk.last_subject();
  talk.reply("Uno.").send("Two").reply("Dos.");
  const auto old_leaf = talk.leaf();
  talk.edit(first, "Eins").reply("Hm.");
  talk.ask(session::select_branch{first}).then<branch_selected>();
  EXPECT_EQ(talk.leaf(), old_leaf);
  EXPECT_EQ(talk.reads(), "user: ? | character: ? | user: ? | character: ?") << "texts off the active branch are read from the log again";
  talk.ask(session::select_branch{first}).then_nothing();
  talk.ask(session::select_branch{{test_id(500)}}).then_rejected(rejection_code::not_found, "message_id");
}

TEST(session_branches, only_own_messages_can_be_edited) {
  conversation talk("Hello.");
  talk.edit(talk.leaf(), "Bye.").then_rejected(rejection_code::validation_error, "message_id");
  talk.edit({test_id(500)}, "Bye.").then_rejected(rejection_code::not_found, "message_id");
  talk.send("Hi").reply("Yes?");
  const auto sent = talk.now().nodes.at(talk.leaf()).parent;
  talk.edit(*sent, "").then_rejected(rejection_code::validation_error, "content");
}

TEST(session_branches, nothing_forks_under_a_running_reply) {
  conversation talk("Hello.");
  const auto greeting = talk.leaf();
  talk.send("One");
  const auto message = talk.last_subject();
  talk.edit(message, "x").then_rejected(rejection_code::conflict);
  EXPECT_TRUE(talk.decided().error().retry_after_ms.has_value());
  talk.ask(session::regenerate{message}).then_rejected(rejection_code::conflict);
  talk.remove(message).then_rejected(rejection_code::conflict);
  talk.remove(greeting).then_rejected(rejection_code::conflict);
}

TEST(session_branches, a_waiting_message_can_be_deleted) {
  conversation talk;
  talk.send("One").send("Two");
  talk.remove(talk.last_subject()).then<message_deleted>();
  EXPECT_EQ(talk.leaf(), talk.running());
  talk.reply("Uno.").then<session_events::reply_completed>();
}

TEST(session_branches, deleting_takes_all_below_along_and_moves_the_leaf_to_the_parent) {
  conversation talk("Hello.");
  const auto greeting = talk.leaf();
  talk.send("One");
  const auto message = talk.last_subject();
  talk.reply("Uno.");
  const auto reply = talk.leaf();
  talk.remove(message).then<message_deleted>();
  EXPECT_EQ(talk.event<message_deleted>().removed, (std::vector{message, reply}));
  EXPECT_EQ(talk.leaf(), greeting);
  EXPECT_EQ(talk.now().nodes.size(), 1U);
  talk.remove(message).then_rejected(rejection_code::not_found, "message_id");
}

TEST(session_branches, deleting_one_of_two_replies_shows_the_other) {
  conversation talk;
  talk.send("One");
  talk.reply("First try.");
  const auto first = talk.leaf();
  talk.ask(session::regenerate{first}).then<reply_started>();
  talk.reply("Second try.");
  talk.remove(talk.leaf());
  EXPECT_EQ(talk.leaf(), first);
}

TEST(session_branches, deleting_everything_leaves_an_empty_conversation_that_goes_on) {
  conversation talk;
  talk.send("One");
  const auto message = talk.last_subject();
  talk.reply("Uno.").remove(message);
  EXPECT_FALSE(talk.now().leaf.has_value());
  talk.send("Again").reply("Yes.");
  EXPECT_EQ(talk.reads(), "user: Again | character: Yes.");
}

TEST(session_branches, regenerating_a_whole_reply_makes_a_sibling) {
  conversation talk;
  talk.send("One").reply("Uno.");
  const auto first = talk.leaf();
  talk.ask(session::regenerate{first}).then<reply_started>();
  EXPECT_NE(talk.event<reply_started>().reply, first);
  EXPECT_EQ(talk.event<reply_started>().attempt, 1U);
  EXPECT_EQ(talk.event<reply_started>().parent, *talk.now().nodes.at(first).parent);
  talk.reply("Un.");
  EXPECT_EQ(talk.reads(), "user: One | character: Un.");
}

TEST(session_branches, regenerating_a_failed_reply_is_its_next_attempt) {
  conversation talk;
  talk.send("One");
  talk.fail();
  const auto failed = talk.leaf();
  talk.ask(session::regenerate{failed}).then<reply_started>();
  EXPECT_EQ(talk.event<reply_started>().reply, failed);
  EXPECT_EQ(talk.event<reply_started>().attempt, 2U);
  talk.reply("Uno.");
  EXPECT_EQ(talk.reads(), "user: One | character: Uno.");
}

TEST(session_branches, regenerating_a_failed_reply_that_was_talked_past_makes_a_sibling) {
  conversation talk;
  talk.send("One");
  talk.fail();
  const auto failed = talk.leaf();
  talk.send("Two").reply("Dos.");
  talk.ask(session::regenerate{failed}).then<reply_started>();
  EXPECT_NE(talk.event<reply_started>().reply, failed);
  talk.reply("Uno.");
  EXPECT_EQ(talk.reads(), "user: One | character: Uno.");
}

TEST(session_branches, a_user_message_can_be_answered_again_but_a_greeting_can_not) {
  conversation talk("Hello.");
  const auto greeting = talk.leaf();
  talk.send("One");
  const auto message = talk.last_subject();
  talk.reply("Uno.");
  talk.ask(session::regenerate{message}).then<reply_started>();
  talk.reply("Un.");
  talk.ask(session::regenerate{greeting}).then_rejected(rejection_code::conflict, "message_id");
  talk.ask(session::regenerate{{test_id(500)}}).then_rejected(rejection_code::not_found, "message_id");
}

} // namespace
} // namespace reverie::tests
