#include "events/model/limits.hpp"
#include "tests/unit/actors/domain/session/conversation.hpp"

namespace reverie::tests {
namespace {

namespace limits = events::limits;
using events::rejection_code;
using session_events::message_sent;
using session_events::reply_completed;
using session_events::reply_failed;
using session_events::reply_started;

TEST(session, is_opened_once_with_the_greeting_as_its_first_message) {
  conversation talk("Hello, Ada.");
  EXPECT_EQ(talk.subject(), test_id(9));
  EXPECT_EQ(talk.reads(), "character: Hello, Ada.");
  talk.by_the_system().when(session::command{session::open{ada, mira, 1, "Hello, Ada."}}).then_nothing();
  talk.when(session::command{session::open{eve, mira, 1, ""}}).then_rejected(rejection_code::conflict);
}

TEST(session, opens_without_a_greeting_and_needs_a_user_and_a_character) {
  EXPECT_EQ(conversation().reads(), "");
  given_when_then nobody{{{events::entity_kind::session, test_id(9)}, test_id(1)}};
  nobody.when(session::command{session::open{{}, mira, 1, ""}}).then_rejected(rejection_code::validation_error, "user_id");
  nobody.when(session::command{session::open{ada, {}, 1, ""}}).then_rejected(rejection_code::validation_error, "character_id");
  nobody.by(eve).when(session::command{session::open{ada, mira, 1, ""}}).then_rejected(rejection_code::not_found, "conversation_id");
}

TEST(session, keeps_with_a_reply_which_memories_it_had_recalled) {
  conversation talk;
  const std::vector<events::memory_id> recalled{{test_id(70)}, {test_id(71)}};
  talk.send("What's my dog called?");
  talk.by_the_system().when(session::command{session::complete_reply{talk.running(), 1, "Bruno.", "stop", "m", {}, "{}", recalled}});
  EXPECT_EQ(talk.event<reply_completed>().recalled, recalled);
  const auto turns = session::active_turns(talk.now());
  ASSERT_EQ(turns.size(), 2U);
  EXPECT_TRUE(turns[0].recalled.empty());
  EXPECT_EQ(turns[1].recalled, recalled);
}

TEST(session, starts_a_reply_in_the_record_of_the_message) {
  conversation talk("Hello.");
  const auto greeting = talk.leaf();
  talk.send("Hi!").then<message_sent, reply_started>();
  EXPECT_EQ(talk.event<message_sent>().parent, greeting);
  EXPECT_EQ(talk.event<reply_started>().parent, talk.event<message_sent>().message);
  EXPECT_EQ(talk.subject(), talk.event<message_sent>().message.value);
  talk.reply("How are you?").then<reply_completed>();
  EXPECT_EQ(talk.reads(), "character: Hello. | user: Hi! | character: How are you?");
}

TEST(session, answers_together_what_waited_while_a_reply_was_running) {
  conversation talk;
  talk.send("One");
  const auto first_reply = talk.running();
  talk.send("Two").then<message_sent>();
  EXPECT_EQ(talk.event<message_sent>().parent, first_reply);
  talk.send("Three").then<message_sent>();
  const auto last_waiting = talk.last_subject();
  EXPECT_EQ(talk.text_of(session::turns_to_answer(talk.now())), "user: One");
  talk.reply("Uno.").then<reply_completed, reply_started>();
  EXPECT_EQ(talk.event<reply_started>().parent, last_waiting);
  EXPECT_EQ(talk.text_of(session::turns_to_answer(talk.now())), "user: One | character: Uno. | user: Two | user: Three");
  talk.reply("Dos, tres.").then<reply_completed>();
  EXPECT_EQ(talk.reads(), "user: One | character: Uno. | user: Two | user: Three | character: Dos, tres.");
}

TEST(session, goes_on_with_what_waited_when_a_reply_fails) {
  conversation talk;
  talk.send("One").send("Two");
  talk.fail().then<reply_failed, reply_started>();
  talk.reply("Both.").then<reply_completed>();
  EXPECT_EQ(talk.reads(), "user: One | user: Two | character: Both.");
}

TEST(session, lets_a_limited_number_of_messages_wait) {
  conversation talk;
  talk.send("first");
  for (std::size_t i = 0; i < limits::waiting_messages_per_session; ++i) talk.send("waiting").then<message_sent>();
  talk.send("one too many").then_rejected(rejection_code::overloaded);
  EXPECT_EQ(talk.decided().error().retry_after_ms, limits::overloaded_retry_after_ms.count());
  talk.reply("Done.");
  talk.send("again").then<message_sent>();
}

TEST(session, refuses_a_message_that_is_empty_too_long_or_no_text) {
  conversation talk;
  talk.send(std::string(limits::message_bytes, 'x')).then<message_sent, reply_started>();
  for (const std::string& text : {std::string{}, std::string(limits::message_bytes + 1, 'x'), std::string("a\0b", 3), std::string("\xC3")})
    talk.send(text).then_rejected(rejection_code::validation_error, "content");
}

TEST(session, keeps_a_text_byte_for_byte) {
  conversation talk;
  const std::string text = "  \xC3\xA9" "e\xCC\x81 \xF0\x9F\x90\xB6\r\n\t ";
  talk.send(text);
  EXPECT_EQ(talk.event<message_sent>().content, text);
}

TEST(session, does_a_message_with_a_known_client_id_once) {
  conversation talk;
  talk.send("Hi", test_id(77));
  const auto first = talk.last_subject();
  talk.send("Hi", test_id(77)).then_nothing();
  EXPECT_EQ(talk.last_subject(), first);
  talk.send("Other", test_id(77)).then_rejected(rejection_code::conflict, "client_message_id");
}

TEST(session, is_not_there_for_strangers) {
  conversation talk;
  talk.by(eve).when(session::command{session::send_message{"Hi", {}}}).then_rejected(rejection_code::not_found, "conversation_id");
  talk.when(session::command{session::close{}}).then_rejected(rejection_code::not_found, "conversation_id");
  given_when_then nowhere{{{events::entity_kind::session, test_id(8)}, test_id(1)}};
  nowhere.by(ada).when(session::command{session::send_message{"Hi", {}}}).then_rejected(rejection_code::not_found, "conversation_id");
}

TEST(session, ignores_a_report_about_another_attempt) {
  conversation talk;
  talk.send("Hi");
  const auto reply = talk.running();
  talk.by_the_system().when(session::command{session::restart_reply{reply, 1}}).then<reply_started>();
  EXPECT_EQ(talk.event<reply_started>().attempt, 2U);
  talk.when(session::command{session::restart_reply{reply, 1}}).then_nothing();
  talk.when(session::command{session::complete_reply{reply, 1, "late", "stop", "m", {}, ""}}).then_nothing();
  talk.when(session::command{session::fail_reply{reply, 1, "model_timed_out", "", true}}).then_nothing();
  talk.when(session::command{session::complete_reply{reply, 2, "in time", "stop", "m", {}, ""}}).then<reply_completed>();
  talk.when(session::command{session::complete_reply{reply, 2, "again", "stop", "m", {}, ""}}).then_nothing();
  EXPECT_EQ(talk.reads(), "user: Hi | character: in time");
}

TEST(session, keeps_what_waits_when_a_reply_starts_again) {
  conversation talk;
  talk.send("One").send("Two");
  const auto waiting = talk.leaf();
  talk.by_the_system().when(session::command{session::restart_reply{talk.running(), 1}});
  EXPECT_EQ(talk.leaf(), waiting);
  talk.reply("Uno.").then<reply_completed, reply_started>();
}

TEST(session, lets_nobody_but_the_server_end_a_reply) {
  conversation talk;
  talk.send("Hi");
  talk.ask(session::complete_reply{talk.running(), 1, "forged", "stop", "m", {}, ""}).then_rejected(rejection_code::permission_denied);
  talk.ask(session::fail_reply{talk.running(), 1, "x", "", true}).then_rejected(rejection_code::permission_denied);
  talk.ask(session::restart_reply{talk.running(), 1}).then_rejected(rejection_code::permission_denied);
}

TEST(session, keeps_the_text_of_a_stopped_reply) {
  conversation talk;
  talk.send("Hi");
  const auto reply = talk.running();
  talk.reply("So far", "stopped");
  EXPECT_EQ(talk.now().nodes.at(reply).state, session::node_state::stopped);
  EXPECT_EQ(talk.reads(), "user: Hi | character: So far");
}

TEST(session, cuts_a_reply_over_the_limit_at_a_character_and_says_length) {
  conversation talk;
  talk.send("Hi");
  talk.reply(std::string(limits::reply_bytes - 1, 'x') + "\xC3\xA9");
  EXPECT_EQ(talk.event<reply_completed>().content.size(), limits::reply_bytes - 1);
  EXPECT_EQ(talk.event<reply_completed>().finish_reason, "length");
}

TEST(session, ends_the_running_reply_when_it_is_closed_and_takes_no_more) {
  conversation talk;
  talk.send("Hi").ask(session::close{}).then<reply_failed, session_events::closed>();
  EXPECT_EQ(talk.event<reply_failed>().code, "conversation_closed");
  EXPECT_EQ(talk.subject(), test_id(9));
  talk.ask(session::close{}).then_nothing();
  talk.send("Still there?").then_rejected(rejection_code::conflict, "conversation_id");
  talk.edit(talk.leaf(), "x").then_rejected(rejection_code::conflict, "conversation_id");
  talk.ask(session::regenerate{talk.leaf()}).then_rejected(rejection_code::conflict, "conversation_id");
}

TEST(session, marks_read_forwards_only) {
  conversation talk("Hello.");
  const auto greeting = talk.leaf();
  talk.send("Hi").reply("Yes?");
  talk.ask(session::mark_read{talk.leaf()}).then<session_events::read_marked>();
  talk.ask(session::mark_read{greeting}).then_nothing();
  talk.ask(session::mark_read{{test_id(500)}}).then_rejected(rejection_code::not_found, "message_id");
}

TEST(session, keeps_a_limited_number_of_recent_texts) {
  conversation talk;
  for (std::size_t i = 0; i < limits::prompt_turns_kept_per_session; ++i) talk.send("q" + std::to_string(i)).reply("a" + std::to_string(i));
  EXPECT_EQ(talk.now().recent.size(), limits::prompt_turns_kept_per_session);
  const auto turns = session::active_turns(talk.now());
  EXPECT_FALSE(turns.front().text.has_value());
  EXPECT_EQ(turns.front().text_at.value, 2U);
  EXPECT_EQ(turns.back().text, "a" + std::to_string(limits::prompt_turns_kept_per_session - 1));
}

TEST(session, keeps_a_limited_number_of_recent_bytes_but_always_the_last_text) {
  conversation talk;
  const std::string longest(limits::message_bytes, 'x');
  talk.send(longest).reply(longest).send(longest);
  std::size_t bytes = 0;
  for (const auto& kept : talk.now().recent) bytes += kept.text.size();
  EXPECT_LE(bytes, limits::prompt_turn_bytes_kept_per_session);
  EXPECT_EQ(talk.now().recent.size(), 2U);
}

} // namespace
} // namespace reverie::tests
