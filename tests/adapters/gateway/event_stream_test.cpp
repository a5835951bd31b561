#include "tests/adapters/gateway/served.hpp"

namespace reverie::tests {
namespace {

using event_streams = served;

TEST_F(event_streams, give_what_was_missed_and_end_with_done_when_the_conversation_is_closed) {
  serve();
  auto [client, conversation] = talk();
  client.post("/api/v1/conversations/" + to_string(conversation) + "/messages", {{"content", "missed"}});
  web_client reader(port);
  node.happen(conversation, {events::session::closed{conversation}});
  auto text = reader.raw("GET /api/v1/sse/conversations?after=0:0&conversation_id=" + to_string(conversation) +
                         " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + client.token + "\r\n\r\n");
  EXPECT_TRUE(text.starts_with("HTTP/1.1 200 OK")) << text;
  EXPECT_NE(text.find("Content-Type: text/event-stream"), std::string::npos);
  EXPECT_NE(text.find("\"content\":\"missed\""), std::string::npos) << text;
  EXPECT_TRUE(text.ends_with("data: [DONE]\n\n")) << text;
}

TEST_F(event_streams, need_a_signed_in_reader_and_a_conversation) {
  serve();
  auto client = person();
  EXPECT_EQ(client.get("/api/v1/sse/conversations").json()["error"]["param"], "conversation_id");
  client.token.clear();
  EXPECT_EQ(client.get("/api/v1/sse/conversations").status, 401);
}

} // namespace
} // namespace reverie::tests
