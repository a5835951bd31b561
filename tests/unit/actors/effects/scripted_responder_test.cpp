#include "actors/effects/scripted_responder.hpp"
#include "tests/unit/actors/effects/prompt/prompt_fixture.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace reverie::tests {
namespace {

struct heard {
  std::vector<std::string> pieces;
  std::optional<actors::chat_result> result;
  std::optional<events::failure> failure;

  actors::chat_listener listener() {
    return {[this](std::string piece) { pieces.push_back(std::move(piece)); }, [this](actors::chat_result done) { result = std::move(done); },
            [this](events::failure failed) { failure = std::move(failed); }};
  }
  std::string joined() const {
    std::string all;
    for (const auto& piece : pieces) all += piece;
    return all;
  }
};

std::string reply_to(prompt::inputs from) {
  heard ear;
  actors::scripted_responder().start(prompt::build_prompt(from).request, ear.listener());
  EXPECT_TRUE(ear.result.has_value());
  EXPECT_EQ(ear.joined(), ear.result ? ear.result->content : "");
  return ear.joined();
}

std::string reply_to(std::string question) {
  auto from = mira_and_tom();
  from.turns = {user_turn(1, std::move(question))};
  return reply_to(from);
}

TEST(scripted_responder, answers_a_question_with_the_recalled_fact) {
  auto from = mira_and_tom();
  from.recalled.memories = {remembered(9, "User likes tea", 0.95), remembered(10, "User's dog is named Bruno", 0.9)};
  for (const std::string_view question : {"What's my dog's name?", "Do you remember what my dog is called?", "what is my dog called"}) {
    from.turns = {user_turn(1, std::string(question))};
    EXPECT_EQ(reply_to(from), "I remember: your dog is named Bruno.");
  }
  auto episode = remembered(10, "My dog Bruno is a labrador.", 0.9);
  episode.kind = "episode", episode.speaker = "user";
  from.recalled.memories = {episode};
  EXPECT_EQ(reply_to(from), "I remember: you told me: \"My dog Bruno is a labrador.\"");
}

TEST(scripted_responder, answers_from_what_was_said_in_the_conversation) {
  auto from = mira_and_tom();
  from.turns = {user_turn(1, "My sister lives in Oslo."), character_turn(2, "I see."), user_turn(3, "Where does my sister live?")};
  EXPECT_EQ(reply_to(from), "You told me: \"My sister lives in Oslo.\"");
}

TEST(scripted_responder, says_what_it_does_not_know) {
  const auto reply = reply_to("What's my cat's name?");
  EXPECT_TRUE(reply.contains("told me that yet") || reply.contains("don't know yet")) << reply;
}

TEST(scripted_responder, greets_thanks_and_introduces_itself) {
  EXPECT_TRUE(reply_to("Hello!").contains("Tom"));
  EXPECT_FALSE(reply_to("Thank you!").empty());
  EXPECT_EQ(reply_to("Who are you?"), "I am Mira. Mira keeps the lighthouse and likes Tom.");
  EXPECT_FALSE(reply_to("").empty());
}

TEST(scripted_responder, is_deterministic) {
  for (const std::string_view text : {"Hello", "I feel sad", "My name is Tom", "\xF0\x9F\x90\xB6", "\xFF\xFE"})
    EXPECT_EQ(reply_to(std::string(text)), reply_to(std::string(text)));
}

TEST(scripted_responder, streams_word_by_word_and_says_what_it_is) {
  heard ear;
  const actors::scripted_responder responder;
  EXPECT_EQ(responder.describe().kind, "scripted");
  EXPECT_TRUE(responder.describe().note.contains("No language model"));
  actors::scripted_responder().start(prompt::build_prompt(mira_and_tom()).request, ear.listener());
  EXPECT_GT(ear.pieces.size(), 3U);
  EXPECT_EQ(ear.result->finish_reason, "stop");
  EXPECT_EQ(ear.result->usage.completion_tokens, ear.pieces.size());
}

TEST(scripted_responder, keeps_to_max_tokens_and_says_length) {
  heard ear;
  auto request = prompt::build_prompt(mira_and_tom()).request;
  request.max_tokens = 2;
  actors::scripted_responder().start(request, ear.listener());
  EXPECT_EQ(ear.pieces.size(), 2U);
  EXPECT_EQ(ear.result->finish_reason, "length");
}

TEST(scripted_responder, stops_between_two_words_when_cancelled) {
  std::deque<std::function<void()>> jobs;
  heard ear;
  actors::scripted_responder responder([&](std::function<void()> job) { jobs.push_back(std::move(job)); });
  auto call = responder.start(prompt::build_prompt(mira_and_tom()).request, ear.listener());
  EXPECT_TRUE(ear.pieces.empty());
  const auto run_one = [&] {
    auto job = std::move(jobs.front());
    jobs.pop_front();
    job();
  };
  run_one();
  EXPECT_EQ(ear.pieces.size(), 1U);
  call->cancel();
  while (!jobs.empty()) run_one();
  EXPECT_EQ(ear.pieces.size(), 1U);
  ASSERT_TRUE(ear.failure.has_value());
  EXPECT_EQ(ear.failure->code, events::failure_code::cancelled);
  EXPECT_FALSE(ear.result.has_value());
}

} // namespace
} // namespace reverie::tests
