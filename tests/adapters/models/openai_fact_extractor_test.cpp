#include "actors/effects/openai/openai_fact_extractor.hpp"
#include "tests/adapters/models/loopback_endpoint.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <future>

using namespace reverie;
using events::failure_code;
using nlohmann::json;
using tests::loopback_endpoint;

namespace {

std::string answer(const std::string& status, const std::string& body, const std::string& more = "") {
  return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\n" + more + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string completion(const std::string& content, const std::string& finish_reason = "stop") {
  return json{{"choices", json::array({json{{"message", {{"role", "assistant"}, {"content", content}}}, {"finish_reason", finish_reason}}})}}.dump();
}

const auto found_rex = json::parse(R"({"facts":[{"attribute":"pet","subject":"dog","value":"Rex","sentence":"User's dog is named Rex",
  "change":"holds","replaces":false,"since":null,"quote":"called Rex"}]})").dump();

/// One question about "My dog is called Rex." to an endpoint that a script plays.
struct asked {
  explicit asked(loopback_endpoint::script play, std::chrono::milliseconds patience = std::chrono::seconds(20)) : endpoint(std::move(play)) {
    auto at = actors::parse_endpoint(endpoint.url());
    at->model = "m";
    at->api_key = "secret";
    at->connect_timeout_ms = at->first_token_timeout_ms = at->idle_timeout_ms = patience;
    extractor = std::make_unique<actors::openai_fact_extractor>(std::make_shared<actors::http_client>(), *at);
    call = extractor->extract({"My dog is called Rex.", events::from_milliseconds(1'790'000'000'000), {{"assistant", "Hello!"}}},
                              [this](events::outcome<actors::bond::turn_extraction> result) { ended.set_value(std::move(result)); });
  }
  events::outcome<actors::bond::turn_extraction> result() { return ended.get_future().get(); }

  std::promise<events::outcome<actors::bond::turn_extraction>> ended;
  loopback_endpoint endpoint;
  std::unique_ptr<actors::openai_fact_extractor> extractor;
  std::shared_ptr<actors::chat_call> call;
};

void expect_failure(const std::string& bytes, failure_code code) {
  asked one([&](int socket, const std::string&) { loopback_endpoint::send(socket, bytes); });
  const auto result = one.result();
  ASSERT_FALSE(result) << bytes;
  EXPECT_EQ(result.error().code, code) << bytes << " gave " << result.error().message;
}

} // namespace

TEST(openai_fact_extractor, asks_the_chat_endpoint_with_a_schema_and_gives_the_facts) {
  std::string seen;
  asked one([&](int socket, const std::string& request) {
    seen = request;
    loopback_endpoint::send(socket, answer("200 OK", completion(found_rex)));
  });
  const auto result = one.result();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->extractor, "model:m#1");
  ASSERT_EQ(result->facts.size(), 1U);
  EXPECT_EQ(result->facts[0].value, "Rex");
  EXPECT_TRUE(seen.starts_with("POST /v1/chat/completions HTTP/1.1")) << seen;
  EXPECT_NE(seen.find("Bearer secret"), std::string::npos);
  const auto body = json::parse(seen.substr(seen.find("\r\n\r\n") + 4));
  EXPECT_EQ(body["model"], "m");
  EXPECT_EQ(body["stream"], false);
  EXPECT_EQ(body["response_format"]["type"], "json_schema");
}

TEST(openai_fact_extractor, takes_no_answer_that_is_not_what_was_asked_for) {
  expect_failure(answer("200 OK", "nonsense"), failure_code::malformed);
  expect_failure(answer("200 OK", completion("Rex is a lovely name!")), failure_code::malformed);
  expect_failure(answer("200 OK", completion(found_rex, "length")), failure_code::malformed);
}

TEST(openai_fact_extractor, does_not_wait_for_the_end_of_a_stream_it_did_not_ask_for) {
  asked one([](int socket, const std::string&) {
    loopback_endpoint::send(socket, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n8\r\ndata: {}\r\n");
    loopback_endpoint::peer_closed(socket);
  });
  const auto result = one.result();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, failure_code::malformed);
}

TEST(openai_fact_extractor, tells_what_passes_from_what_does_not) {
  expect_failure(answer("503 Service Unavailable", "{}"), failure_code::unavailable);
  expect_failure(answer("400 Bad Request", "{\"error\":\"no response_format\"}"), failure_code::locked);
  asked limited([](int socket, const std::string&) { loopback_endpoint::send(socket, answer("429 Too Many Requests", "{}", "Retry-After: 7\r\n")); });
  const auto result = limited.result();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, failure_code::unavailable);
  EXPECT_EQ(result.error().retry_after, std::chrono::milliseconds{7'000});
}

TEST(openai_fact_extractor, gives_up_an_endpoint_that_says_nothing) {
  asked one([](int socket, const std::string&) { loopback_endpoint::peer_closed(socket); }, std::chrono::milliseconds(200));
  const auto result = one.result();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, failure_code::timed_out);
}

TEST(openai_fact_extractor, gives_up_an_answer_over_its_length) {
  asked one([](int socket, const std::string&) {
    loopback_endpoint::send(socket, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9000000\r\n\r\n");
    for (int i = 0; i < 64; ++i) loopback_endpoint::send(socket, std::string(8'192, ' '));
    loopback_endpoint::peer_closed(socket);
  });
  const auto result = one.result();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, failure_code::malformed);
}

TEST(openai_fact_extractor, stops_asking_when_it_is_told_to) {
  asked one([](int socket, const std::string&) { loopback_endpoint::peer_closed(socket); });
  one.call->cancel();
  const auto result = one.result();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, failure_code::cancelled);
}
