#include "tests/support/actor_world.hpp"

#include <gtest/gtest.h>
#include <gmock/gmock.h>

namespace reverie::tests {

using namespace std::chrono_literals;
using actors::session::send_message;
using testing::ElementsAre;

namespace {

/// A conversation with a listener on its person.
struct chat {
  explicit chat(world_options options = {}) : world(std::move(options)) {
    world.start();
    person = world.register_person();
    character = world.create_character();
    session = world.open_conversation(person, character);
    world.run();
    listener = std::make_shared<recording_listener>();
    token = world.last().node->listen(person, listener);
  }
  command_outcome say(const std::string& text) { return world.ask(world.to_session(person, session, send_message{text, {}})); }
  fake_model::call& call(std::size_t n = 0) { return *world.last().model->calls.at(n); }
  std::vector<std::string> session_trace() const {
    std::vector<std::string> found;
    for (const auto& each : listener->trace)
      if (each.starts_with("session.") || each.starts_with("piece:")) found.push_back(each);
    return found;
  }
  std::size_t completions() {
    std::size_t count = 0;
    for (const auto& record : world.records())
      for (const auto& type : record.content.headers.types) count += type.name == "session.reply_completed" ? 1U : 0U;
    return count;
  }

  actor_world world;
  events::user_id person{};
  events::character_id character{};
  events::session_id session{};
  std::shared_ptr<recording_listener> listener;
  std::shared_ptr<void> token;
};

} // namespace

TEST(replies, pieces_come_after_the_start_and_before_the_end_and_join_to_the_text) {
  chat one;
  ASSERT_TRUE(one.say("Hello, I am Ada.").has_value());
  one.call().say("Nice ");
  one.call().say("to meet you.");
  one.world.run();
  const auto live = one.world.last().node->reply_under_way(one.session);
  ASSERT_TRUE(live.has_value());
  EXPECT_THAT(live->pieces, ElementsAre("Nice ", "to meet you."));
  one.call().finish("Nice to meet you.");
  one.world.run();
  EXPECT_THAT(one.session_trace(), ElementsAre("session.message_sent", "session.reply_started", "piece:Nice ", "piece:to meet you.",
                                               "session.reply_completed"));
  EXPECT_FALSE(one.world.last().node->reply_under_way(one.session).has_value());
  EXPECT_EQ(one.world.status().pending_effects, 0U);
}

TEST(replies, the_prompt_holds_the_turns_and_the_name_of_the_character) {
  chat one;
  one.say("My dog is called Rex.");
  std::string all;
  for (const auto& each : one.call().request.messages) all += each.content + "\n";
  EXPECT_NE(all.find("Rex"), std::string::npos);
  EXPECT_NE(all.find("Mira"), std::string::npos);
}

TEST(replies, a_model_that_fails_is_asked_again_and_then_the_reply_fails_visibly) {
  chat one;
  one.say("Hello?");
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_EQ(one.world.last().model->calls.size(), i + 1);
    one.call(i).fail(events::failure_code::unavailable);
    one.world.run();
    one.world.advance(12s);
  }
  EXPECT_EQ(one.session_trace().back(), "session.reply_failed");
  EXPECT_EQ(one.world.status().pending_effects, 0U);
  EXPECT_TRUE(one.say("Are you there?").has_value());
}

TEST(replies, one_that_broke_off_in_the_middle_fails_and_is_not_streamed_twice) {
  chat one;
  one.say("Hello?");
  one.call().say("Well, ");
  one.call().fail(events::failure_code::unavailable);
  one.world.run();
  EXPECT_EQ(one.world.last().model->calls.size(), 1U);
  EXPECT_EQ(one.session_trace().back(), "session.reply_failed");
}

TEST(replies, a_stopped_one_completes_with_the_text_so_far_and_closes_the_call) {
  chat one;
  one.say("Tell me a story.");
  one.call().say("Once upon a time");
  one.world.run();
  std::optional<command_outcome> told;
  one.world.last().node->stop_reply(one.session, one.person, [&](command_outcome result) { told = std::move(result); });
  one.world.run();
  ASSERT_TRUE(told && told->has_value());
  EXPECT_TRUE(one.call().cancelled);
  EXPECT_EQ(one.session_trace().back(), "session.reply_completed");
  const auto& last = one.listener->updates.back()->happened.front().payload;
  const auto* completed = std::get_if<events::session::reply_completed>(&last);
  ASSERT_NE(completed, nullptr);
  EXPECT_EQ(completed->finish_reason, "stopped");
  EXPECT_EQ(completed->content, "Once upon a time");
}

TEST(replies, stopping_when_none_is_made_is_not_found) {
  chat one;
  std::optional<command_outcome> told;
  one.world.last().node->stop_reply(one.session, one.person, [&](command_outcome result) { told = std::move(result); });
  one.world.run();
  ASSERT_TRUE(told && !told->has_value());
  EXPECT_EQ(told->error().code, events::rejection_code::not_found);
}

TEST(replies, what_was_said_while_one_is_made_is_answered_by_the_next) {
  chat one;
  one.say("One.");
  one.say("Two.");
  one.say("Three.");
  EXPECT_EQ(one.world.last().model->calls.size(), 1U);
  one.call().say("First.");
  one.call().finish("First.");
  one.world.run();
  EXPECT_EQ(one.world.last().model->calls.size(), 2U);
}

TEST(replies, more_than_may_be_made_at_once_wait_for_their_turn) {
  world_options options;
  options.node.generations_max = 1;
  chat one(options);
  one.say("Hello?");
  const auto other = one.world.register_person("Bob");
  const auto session = one.world.open_conversation(other, one.character);
  one.world.ask(one.world.to_session(other, session, send_message{"Hi", {}}));
  EXPECT_EQ(one.world.last().model->calls.size(), 1U);
  one.call().say("Yes.");
  one.call().finish("Yes.");
  one.world.run();
  EXPECT_EQ(one.world.last().model->calls.size(), 2U);
}

TEST(replies, an_interrupted_one_is_made_again_as_the_next_attempt_and_completes_once) {
  for (bool keep_state : {true, false}) {
    chat one;
    one.say("Hello?");
    one.call().say("Half a ");
    one.world.run();
    one.world.last().crash();
    auto& process = keep_state ? one.world.start() : one.world.start_without_state();
    one.world.advance(1s);
    ASSERT_EQ(process.model->calls.size(), 1U) << "state kept: " << keep_state;
    const auto live = process.node->reply_under_way(one.session);
    ASSERT_TRUE(live.has_value());
    EXPECT_EQ(live->attempt, 2U);
    process.model->calls[0]->say("A whole sentence.");
    process.model->calls[0]->finish("A whole sentence.");
    process.run();
    EXPECT_EQ(one.completions(), 1U);
    EXPECT_EQ(one.world.status().pending_effects, 0U);
  }
}

/// While a process announces itself another one is faster, starts the reply again, and is overtaken at once: what both asked for has one id.
TEST(replies, one_that_another_owner_started_again_a_moment_before_is_taken_up_from_there) {
  chat one;
  one.say("Hello?");
  auto& old = one.world.last();
  std::vector<actors::effect_status> waiting;
  old.node->effects({0}, 10, [&](auto found) { waiting = found.value(); });
  one.world.run();
  ASSERT_EQ(waiting.size(), 1U);
  old.crash();
  const auto write_restart = [&](const events::counting_pair& winner) {
    using namespace actors::runtime;
    const auto address = session_address(one.person, one.session);
    entity_core core(address);
    events::message_id reply{}, parent{};
    for (const auto& each : one.world.records()) {
      if (each.content.headers.entity != address.entity) continue;
      auto happened = core.read(each, opener_from(*one.world.keys, key_access::may_block));
      for (const auto& event : *happened)
        if (const auto* started = std::get_if<events::session::reply_started>(&event.payload)) reply = started->reply, parent = started->parent;
      core.apply(each, *happened);
    }
    auto envelope = one.world.to_session(one.person, one.session, actors::session::restart_reply{reply, 1});
    envelope.id = {events::derive_uuid("restart", waiting[0].id.value, {}, 1)};
    const std::vector<events::event> again{events::session::reply_started{reply, parent, 2}};
    auto made = *core.seal(envelope, again, one.world.clock->now(), one.person, one.world.keys->load(one.person)->get());
    made.headers.epoch = winner.epoch;
    made.headers.writer = winner.writer;
    one.world.log->write_raw({0}, made);
  };
  auto& process = one.world.make();
  events::counting_pair winner;
  int announcements = 0;
  process.log->watch = [&](const events::record& next) {
    if (next.headers.types.front().name != "partition.owner_announced") return;
    if (++announcements == 2) return write_restart(winner);
    if (announcements > 2) return;
    auto faster = next;
    faster.headers.writer = {one.world.fresh_id()};
    winner = {faster.headers.epoch, faster.headers.writer};
    one.world.log->write_raw({0}, faster);
  };
  one.world.advance(8s);
  ASSERT_GE(announcements, 2);
  ASSERT_EQ(process.model->calls.size(), 1U) << "it is made again";
  process.model->calls[0]->say("Here I am.");
  process.model->calls[0]->finish("Here I am.");
  process.run();
  EXPECT_EQ(one.completions(), 1U);
  EXPECT_EQ(process.node->status()[0].pending_effects, 0U);
}

TEST(replies, deliveries_that_a_crash_interrupted_are_done_once) {
  for (std::size_t steps = 1; steps < 80; steps += 3) {
    chat one;
    auto& process = one.world.last();
    one.world.submit(process, one.world.to_session(one.person, one.session, send_message{"My name is Ada and I have a dog.", {}}));
    process.run_steps(steps);
    process.crash();
    one.world.start();
    one.world.advance(8s);
    std::size_t sent = 0, observed = 0;
    for (const auto& record : one.world.records())
      for (const auto& type : record.content.headers.types) {
        sent += type.name == "session.message_sent" ? 1U : 0U;
        observed += type.name == "bond.turn_observed" ? 1U : 0U;
      }
    EXPECT_EQ(observed, sent) << "after " << steps << " steps";
  }
}

TEST(replies, a_client_of_the_model_that_throws_fails_its_reply_and_no_other) {
  chat one;
  one.world.last().model->throws = 1;
  one.say("Hello?");
  one.world.run();
  EXPECT_EQ(one.session_trace().back(), "session.reply_failed");
  EXPECT_EQ(one.world.status().pending_effects, 0U);
  EXPECT_TRUE(one.world.status().serving);
  one.say("Are you there?");
  ASSERT_EQ(one.world.last().model->calls.size(), 1U);
  one.call().finish("Yes.");
  one.world.run();
  EXPECT_EQ(one.session_trace().back(), "session.reply_completed");
}

TEST(replies, a_late_piece_of_an_earlier_call_is_not_heard_in_the_next_attempt) {
  chat one;
  one.say("Hello?");
  auto early = one.world.last().model->calls.at(0);
  early->fail(events::failure_code::unavailable);
  one.world.run();
  one.world.advance(12s);
  ASSERT_EQ(one.world.last().model->calls.size(), 2U);
  early->say("late ");
  early->listener.done({"late end", "stop", "fake", {1, 1}});
  one.call(1).say("Hi.");
  one.call(1).finish("Hi.");
  one.world.run();
  EXPECT_EQ(one.session_trace().back(), "session.reply_completed");
  EXPECT_EQ(std::ranges::count(one.session_trace(), "piece:late "), 0);
  EXPECT_EQ(one.completions(), 1U);
}

TEST(replies, the_end_of_an_earlier_attempt_leaves_the_pieces_of_the_next) {
  actors::runtime::update_hub hub;
  const events::session_id session{events::derive_uuid("test", {}, {}, 1)};
  const events::message_id reply{events::derive_uuid("test", {}, {}, 2)};
  hub.begin_reply(session, {reply, {}, 2, {}, {}});
  hub.end_reply(session, reply, 1);
  EXPECT_TRUE(hub.reply_under_way(session).has_value());
  hub.end_reply(session, reply, 2);
  EXPECT_FALSE(hub.reply_under_way(session).has_value());
}

TEST(replies, the_same_run_gives_the_same_log) {
  std::vector<events::stored_record> runs[2];
  for (auto& run : runs) {
    chat one;
    one.say("Hello.");
    one.call().say("Hi.");
    one.call().finish("Hi.");
    one.world.run();
    run = one.world.records();
  }
  ASSERT_EQ(runs[0].size(), runs[1].size());
  for (std::size_t i = 0; i < runs[0].size(); ++i) EXPECT_EQ(runs[0][i].content.headers.entity, runs[1][i].content.headers.entity);
}

} // namespace reverie::tests
