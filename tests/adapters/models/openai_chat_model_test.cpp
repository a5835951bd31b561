#include "actors/effects/openai/openai_chat_model.hpp"
#include "tests/adapters/models/loopback_endpoint.hpp"

#include <gtest/gtest.h>

#include <future>

using namespace reverie;
using actors::chat_result;
using events::failure_code;
using tests::loopback_endpoint;

namespace {

const std::string stream_head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string chunk(const std::string& data) {
  char size[16];
  std::snprintf(size, sizeof size, "%zx\r\n", data.size());
  return size + data + "\r\n";
}

std::string delta(const std::string& text) {
  return chunk("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"}}]}\n\n");
}

/// One request to an endpoint and what came of it.
struct asked {
  explicit asked(const std::string& url, std::chrono::milliseconds patience = std::chrono::seconds(20)) {
    auto endpoint = actors::parse_endpoint(url);
    endpoint->model = "m";
    endpoint->connect_timeout_ms = endpoint->first_token_timeout_ms = endpoint->idle_timeout_ms = patience;
    model = std::make_shared<actors::openai_chat_model>(std::make_shared<actors::http_client>(), *endpoint, actors::model_description{});
    call = model->start({.messages = {{"user", "hi"}}},
                               {.piece =
                                    [this](std::string piece) {
                                      text += piece;
                                      if (!first_sent) first.set_value();
                                      first_sent = true;
                                    },
                                .done = [this](chat_result result) { ended.set_value(std::move(result)); },
                                .failed = [this](events::failure why) { ended.set_value(std::unexpected(std::move(why))); }});
  }

  events::outcome<chat_result> result() { return ended.get_future().get(); }

  std::string text;
  bool first_sent = false;
  std::promise<void> first;
  std::promise<events::outcome<chat_result>> ended;
  std::shared_ptr<actors::openai_chat_model> model;
  std::shared_ptr<actors::chat_call> call;
};

} // namespace

TEST(openai_chat_model, streams_a_reply) {
  std::string seen;
  loopback_endpoint endpoint([&](int socket, const std::string& request) {
    seen = request;
    loopback_endpoint::send(socket, stream_head + delta("Good ") + delta("evening") + chunk("data: [DONE]\n\n") + chunk(""));
  });
  asked request(endpoint.url());
  auto result = request.result();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->content, "Good evening");
  EXPECT_EQ(request.text, "Good evening");
  EXPECT_TRUE(seen.starts_with("POST /v1/chat/completions HTTP/1.1"));
}

TEST(openai_chat_model, fails_when_nobody_listens) {
  std::string url;
  { url = loopback_endpoint([](int, const std::string&) {}).url(); }
  auto result = asked(url).result();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, failure_code::unavailable);
}

TEST(openai_chat_model, fails_when_the_first_token_does_not_come_in_time) {
  loopback_endpoint endpoint([](int socket, const std::string&) { loopback_endpoint::peer_closed(socket); });
  auto result = asked(endpoint.url(), std::chrono::milliseconds(50)).result();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, failure_code::timed_out);
}

TEST(openai_chat_model, fails_when_the_stream_falls_silent) {
  loopback_endpoint endpoint([](int socket, const std::string&) {
    loopback_endpoint::send(socket, stream_head + delta("Good "));
    loopback_endpoint::peer_closed(socket);
  });
  asked request(endpoint.url(), std::chrono::milliseconds(50));
  auto result = request.result();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, failure_code::timed_out);
  EXPECT_EQ(request.text, "Good ");
}

TEST(openai_chat_model, fails_when_the_connection_breaks_in_the_middle) {
  loopback_endpoint endpoint([](int socket, const std::string&) { loopback_endpoint::send(socket, stream_head + delta("Good ")); });
  auto result = asked(endpoint.url()).result();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, failure_code::unavailable);
}

TEST(openai_chat_model, closes_the_upstream_connection_when_cancelled) {
  std::promise<bool> closed;
  loopback_endpoint endpoint([&](int socket, const std::string&) {
    loopback_endpoint::send(socket, stream_head + delta("Good "));
    closed.set_value(loopback_endpoint::peer_closed(socket));
  });
  asked request(endpoint.url());
  request.first.get_future().wait();
  request.call->cancel();
  auto result = request.result();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, failure_code::cancelled);
  EXPECT_TRUE(closed.get_future().get());
}
