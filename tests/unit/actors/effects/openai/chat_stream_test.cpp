#include "actors/effects/openai/chat_stream.hpp"

#include "events/model/limits.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

using namespace reverie;
using actors::chat_stream;
using events::failure_code;

namespace {

/// A stream with everything it told its listener.
struct followed {
  std::vector<std::string> pieces;
  std::optional<actors::chat_result> result;
  std::optional<events::failure> failure;
  chat_stream stream{{.piece = [this](std::string piece) { pieces.push_back(std::move(piece)); },
                      .done = [this](actors::chat_result done) { result = std::move(done); },
                      .failed = [this](events::failure why) { failure = std::move(why); }},
                     "asked-for"};
};

std::string delta(const std::string& text) {
  return "data: {\"model\":\"served\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":null}]}\n\n";
}

const std::string finish =
    "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}}\n\ndata: [DONE]\n\n";

} // namespace

TEST(chat_stream, gives_pieces_then_the_whole_with_model_and_usage) {
  followed f;
  f.stream.head({200, "text/event-stream", {}});
  EXPECT_TRUE(f.stream.data(delta("Hel") + delta("lo")));
  EXPECT_TRUE(f.stream.data(finish));
  f.stream.end({});
  EXPECT_EQ(f.pieces, (std::vector<std::string>{"Hel", "lo"}));
  ASSERT_TRUE(f.result);
  EXPECT_EQ(f.result->content, "Hello");
  EXPECT_EQ(f.result->model, "served");
  EXPECT_EQ(f.result->finish_reason, "stop");
  EXPECT_EQ(f.result->usage.completion_tokens, 3u);
}

TEST(chat_stream, fails_when_the_stream_ends_in_the_middle) {
  followed f;
  f.stream.head({200, "text/event-stream", {}});
  f.stream.data(delta("Hel"));
  f.stream.end({});
  ASSERT_TRUE(f.failure);
  EXPECT_EQ(f.failure->code, failure_code::unavailable);
}

TEST(chat_stream, says_when_to_try_again_as_the_endpoint_said) {
  followed f;
  f.stream.head({429, "application/json", std::chrono::seconds(7)});
  f.stream.data("{\"error\":{}}");
  f.stream.end({});
  ASSERT_TRUE(f.failure);
  EXPECT_EQ(f.failure->code, failure_code::unavailable);
  EXPECT_EQ(f.failure->retry_after, std::chrono::seconds(7));
}

TEST(chat_stream, takes_a_refusal_for_good_as_such) {
  followed f;
  f.stream.head({401, "application/json", {}});
  f.stream.end({});
  ASSERT_TRUE(f.failure);
  EXPECT_EQ(f.failure->code, failure_code::locked);
}

TEST(chat_stream, takes_an_empty_answer_for_none_that_can_be_used) {
  for (const std::string& silence : {std::string(finish), delta(" \\n") + std::string(finish), std::string("data: [DONE]\n\n")}) {
    followed f;
    f.stream.head({200, "text/event-stream", {}});
    f.stream.data(silence);
    f.stream.end({});
    ASSERT_TRUE(f.failure) << silence;
    EXPECT_EQ(f.failure->code, failure_code::malformed);
  }
}

TEST(chat_stream, takes_another_page_for_no_answer) {
  followed f;
  f.stream.head({200, "text/html", {}});
  f.stream.data("<!doctype html><title>It works</title>");
  f.stream.end({});
  ASSERT_TRUE(f.failure);
  EXPECT_EQ(f.failure->code, failure_code::malformed);
}

TEST(chat_stream, stops_at_an_error_inside_the_stream_and_at_what_is_no_json) {
  for (auto bad : {"data: {\"error\":{\"message\":\"boom\"}}\n\n", "data: oops\n\n", "data: [1]\n\n"}) {
    followed f;
    f.stream.head({200, "text/event-stream", {}});
    EXPECT_FALSE(f.stream.data(bad)) << bad;
    f.stream.end({});
    ASSERT_TRUE(f.failure) << bad;
    EXPECT_FALSE(f.result) << bad;
  }
}

TEST(chat_stream, cuts_a_reply_at_the_limit_and_says_length) {
  followed f;
  f.stream.head({200, "text/event-stream", {}});
  std::string big(events::limits::reply_bytes / 2 + 1, 'x');
  f.stream.data(delta(big));
  f.stream.data(delta(big));
  f.stream.data(finish);
  f.stream.end({});
  ASSERT_TRUE(f.result);
  EXPECT_EQ(f.result->finish_reason, "length");
  EXPECT_EQ(f.result->content, big);
}

TEST(chat_stream, drops_the_character_that_no_table_can_hold) {
  followed f;
  f.stream.head({200, "text/event-stream", {}});
  f.stream.data(delta("a\\u0000b"));
  f.stream.data(finish);
  f.stream.end({});
  ASSERT_TRUE(f.result);
  EXPECT_EQ(f.result->content, "ab");
  EXPECT_EQ(f.pieces, (std::vector<std::string>{"ab"}));
}

TEST(chat_stream, survives_chunks_of_odd_shapes) {
  followed f;
  f.stream.head({200, "text/event-stream", {}});
  for (auto odd : {"{}", "{\"choices\":null}", "{\"choices\":[]}", "{\"choices\":[1]}", "{\"choices\":[{\"delta\":null}]}",
                   "{\"choices\":[{\"delta\":{\"content\":null}}],\"usage\":null}"})
    EXPECT_TRUE(f.stream.data(std::string("data: ") + odd + "\n\n")) << odd;
  f.stream.data(delta("Still here."));
  f.stream.data(finish);
  f.stream.end({});
  EXPECT_TRUE(f.result);
}
