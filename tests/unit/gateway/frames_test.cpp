#include "gateway/wire/client_frames.hpp"
#include "gateway/wire/json_input.hpp"
#include "gateway/wire/server_frames.hpp"
#include "gateway/wire/session_frames.hpp"

#include "events/model/limits.hpp"

#include <gtest/gtest.h>

#include <random>

namespace reverie::gateway {
namespace {

namespace session = events::session;
using nlohmann::json;

constexpr auto some_id = "01890000-0000-7000-8000-000000000001";

client_frame taken(const json& frame) {
  auto parsed = parse_client_frame(frame.dump());
  EXPECT_TRUE(parsed) << (parsed ? "" : parsed.error().error.message);
  return parsed.value_or(client_frame{});
}

std::string param_of(const json& frame) {
  auto parsed = parse_client_frame(frame.dump());
  return parsed ? "taken" : parsed.error().error.param;
}

TEST(client_frames, are_read_with_all_their_fields) {
  auto frame = taken({{"type", "message.send"}, {"content", "hi"}, {"metadata", {{"conversation_id", some_id}, {"client_message_id", some_id}}}});
  EXPECT_EQ(frame.kind, client_frame_kind::message_send);
  EXPECT_EQ(frame.content, "hi");
  EXPECT_EQ(to_string(*frame.conversation), some_id);
  EXPECT_EQ(events::to_string(*frame.client_message), some_id);
  auto subscribe = taken({{"type", "subscribe"}, {"metadata", {{"conversation_id", some_id}, {"after", "3:17"}}}});
  EXPECT_EQ(subscribe.after, (events::entity_position{{{3}, {17}}, {}}));
  EXPECT_EQ(taken({{"type", "ping"}}).kind, client_frame_kind::ping);
  EXPECT_EQ(taken({{"type", "authenticate"}, {"content", "token"}}).content, "token");
}

TEST(client_frames, of_every_kind_say_what_they_need) {
  json both = {{"conversation_id", some_id}, {"message_id", some_id}};
  for (const char* type : {"message.delete", "message.regenerate", "branch.select", "read"}) {
    taken({{"type", type}, {"metadata", both}});
    EXPECT_EQ(param_of({{"type", type}, {"metadata", {{"conversation_id", some_id}}}}), "message_id");
    EXPECT_EQ(param_of({{"type", type}, {"metadata", {{"message_id", some_id}}}}), "conversation_id");
  }
  taken({{"type", "message.edit"}, {"content", "x"}, {"metadata", both}});
  EXPECT_EQ(param_of({{"type", "message.edit"}, {"metadata", both}}), "content");
  for (const char* type : {"subscribe", "reply.stop", "typing"}) EXPECT_EQ(param_of({{"type", type}}), "conversation_id");
  EXPECT_EQ(param_of({{"type", "shout"}}), "type");
  EXPECT_EQ(param_of({{"content", "x"}}), "type");
  EXPECT_EQ(param_of({{"type", "ping"}, {"metadata", 3}}), "metadata");
  EXPECT_EQ(param_of({{"type", "ping"}, {"metadata", {{"message_id", "x"}}}}), "message_id");
}

TEST(client_frames, tell_broken_json_from_a_wrong_frame) {
  EXPECT_TRUE(parse_client_frame("{").error().not_json);
  EXPECT_TRUE(parse_client_frame("").error().not_json);
  EXPECT_TRUE(parse_client_frame(std::string(200'000, '[')).error().not_json) << "too deep to be read";
  EXPECT_FALSE(parse_client_frame("[]").error().not_json);
  auto refused = parse_client_frame(R"({"type":"message.send","metadata":{"client_message_id":"mine"}})");
  EXPECT_EQ(refused.error().client_message_id, "mine");
}

TEST(client_frames, that_nest_too_deeply_are_wrong_but_are_json) {
  auto deep = [](std::size_t depth, const std::string& inside) {
    return R"({"type":"ping","metadata":)" + std::string(depth, '[') + inside + std::string(depth, ']') + "}";
  };
  auto refused = parse_client_frame(deep(100'000, "1"));
  ASSERT_FALSE(refused);
  EXPECT_FALSE(refused.error().not_json);
  EXPECT_EQ(refused.error().error.code, "validation_error");
  EXPECT_EQ(refused.error().error.param, "metadata");
  EXPECT_TRUE(parse_client_frame(deep(100'000, "nonsense")).error().not_json);
}

TEST(client_frames, survive_any_bytes) {
  auto seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  std::string base = R"({"type":"message.send","content":"hi","metadata":{"conversation_id":"01890000-0000-7000-8000-000000000001","after":"0:1"}})";
  for (int i = 0; i < 20'000; ++i) {
    auto text = base;
    for (int changes = 0; changes < 4; ++changes) text[random() % text.size()] = static_cast<char>(random());
    if (i % 3 == 0) text.resize(random() % text.size());
    (void)parse_client_frame(text);
  }
}

events::recorded_event happened(events::event payload) {
  events::event_context context;
  context.entity = {{events::entity_kind::session, *events::parse_uuid(some_id)}, {}};
  context.position = {{2}, {9}};
  context.sequence = {4};
  return {context, std::move(payload)};
}

json only_frame(events::event payload) {
  std::vector record{happened(std::move(payload))};
  auto frames = frames_of(record);
  EXPECT_EQ(frames.size(), 1u);
  return json::parse(frames.at(0).text);
}

TEST(session_frames, say_everything_a_client_needs) {
  events::message_id id{*events::parse_uuid(some_id)};
  auto sent = only_frame(session::message_sent{id, std::nullopt, "a\n\"b\"", *events::parse_uuid(some_id)});
  EXPECT_EQ(sent["type"], "message");
  EXPECT_EQ(sent["content"], "a\n\"b\"");
  EXPECT_EQ(sent["metadata"]["role"], "user");
  EXPECT_EQ(sent["metadata"]["position"], "2:9:4");
  EXPECT_EQ(sent["metadata"]["client_message_id"], some_id);
  EXPECT_TRUE(sent["metadata"]["parent_id"].is_null());
  auto started = only_frame(session::reply_started{id, id, 2});
  EXPECT_EQ(started["type"], "reply.started");
  EXPECT_EQ(started["metadata"]["attempt"], 2);
  auto completed = only_frame(session::reply_completed{id, 1, "done", "length", "m", {3, 4}, "{}"});
  EXPECT_EQ(completed["metadata"]["finish_reason"], "length");
  EXPECT_EQ(completed["metadata"]["usage"]["completion_tokens"], 4);
  EXPECT_FALSE(completed["metadata"].contains("manifest"));
  auto failed = only_frame(session::reply_failed{id, 1, "model_timed_out", "Too slow.", true});
  EXPECT_EQ(failed["metadata"]["code"], "model_timed_out");
  EXPECT_EQ(failed["metadata"]["retryable"], true);
  auto greeting = only_frame(session::opened{{id.value}, {}, {}, 1, id, "Hello"});
  EXPECT_EQ(greeting["metadata"]["role"], "character");
  EXPECT_EQ(only_frame(session::message_edited{id, id, "new"})["type"], "message.edited");
  EXPECT_EQ(only_frame(session::message_deleted{id, {id}, id})["metadata"]["removed_ids"][0], some_id);
  EXPECT_EQ(only_frame(session::branch_selected{id})["metadata"]["leaf_id"], some_id);
  EXPECT_EQ(only_frame(session::closed{{id.value}})["type"], "conversation.closed");
}

TEST(session_frames, leave_out_an_empty_greeting) {
  std::vector record{happened(session::opened{})};
  EXPECT_TRUE(frames_of(record).empty());
}

TEST(server_frames, carry_the_whole_error) {
  auto error = rate_limited_error(std::chrono::milliseconds{1500});
  auto frame = json::parse(error_frame(error, "r-1", "mine", std::nullopt));
  EXPECT_EQ(frame["type"], "error");
  EXPECT_EQ(frame["metadata"]["type"], "rate_limit_error");
  EXPECT_EQ(frame["metadata"]["retry_after_s"], 2);
  EXPECT_EQ(frame["metadata"]["client_message_id"], "mine");
  EXPECT_EQ(json::parse(ready_frame({}, {}, 30))["metadata"]["heartbeat_s"], 30);
  EXPECT_EQ(json::parse(pong_frame())["type"], "pong");
  EXPECT_TRUE(json::parse(subscribed_frame({}, std::nullopt, 0))["metadata"]["position"].is_null());
}

TEST(websocket_header, says_the_size_in_the_shortest_form) {
  EXPECT_EQ(with_websocket_header("hi"), std::string("\x81\x02hi"));
  EXPECT_EQ(with_websocket_header(std::string(126, 'x')).substr(0, 4), std::string("\x81\x7e\x00\x7e", 4));
  EXPECT_EQ(with_websocket_header(std::string(65'536, 'x')).substr(0, 10), std::string("\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10));
}

} // namespace
} // namespace reverie::gateway
