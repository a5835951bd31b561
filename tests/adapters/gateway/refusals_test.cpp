#include "tests/adapters/gateway/served.hpp"

namespace reverie::tests {
namespace {

/// What is refused by the head of a request or the rate of frames, and in which words.
class refusals : public served {
protected:
  nlohmann::json error_of(const std::string& answer) {
    auto at = answer.find("\r\n\r\n");
    EXPECT_NE(answer.find("Content-Type: application/json"), std::string::npos) << answer;
    auto body = at == std::string::npos ? nlohmann::json() : nlohmann::json::parse(answer.substr(at + 4), nullptr, false);
    EXPECT_TRUE(body.is_object()) << answer;
    return body.is_object() ? body["error"] : nlohmann::json::object();
  }
  std::string upgrade(const std::string& headers) {
    return web_client(port).raw("GET /api/v1/chat/ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n" + headers + "\r\n");
  }
};

TEST_F(refusals, of_requests_without_exactly_one_host) {
  serve();
  web_client client(port);
  for (const char* hosts : {"", "Host: a\r\nHost: b\r\n"}) {
    auto answer = client.raw("GET /healthz HTTP/1.1\r\nConnection: close\r\n" + std::string(hosts) + "\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << answer;
    EXPECT_EQ(error_of(answer)["param"], "Host");
  }
  EXPECT_TRUE(client.raw("GET /healthz HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 200"));
  EXPECT_TRUE(client.raw("GET /healthz HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n").starts_with("HTTP/1.1 200"));
}

TEST_F(refusals, of_strangers_come_before_their_body_is_read) {
  serve();
  web_client client(port);
  const std::string head = "POST /api/v1/characters HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n";
  auto unsigned_in = client.raw(head + "\r\n{");
  EXPECT_TRUE(unsigned_in.starts_with("HTTP/1.1 401")) << unsigned_in;
  EXPECT_NE(unsigned_in.find("Connection: close"), std::string::npos);
  auto announced = client.raw(head + "Authorization: Bearer no.such.token\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_TRUE(announced.starts_with("HTTP/1.1 401")) << announced;
}

TEST_F(refusals, of_a_request_without_body_keep_the_connection) {
  serve();
  auto answers = web_client(port).raw("GET /api/v1/users/me HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(answers.starts_with("HTTP/1.1 401")) << answers;
  EXPECT_NE(answers.find("HTTP/1.1 200"), std::string::npos);
}

TEST_F(refusals, of_a_handshake_are_errors_like_all_others) {
  serve();
  const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  auto old = upgrade(key + "Sec-WebSocket-Version: 8\r\n");
  EXPECT_TRUE(old.starts_with("HTTP/1.1 426")) << old;
  EXPECT_NE(old.find("Sec-WebSocket-Version: 13"), std::string::npos);
  EXPECT_EQ(error_of(old)["param"], "Sec-WebSocket-Version");
  for (const std::string& bad : {std::string(), std::string("Sec-WebSocket-Key: short\r\n"), "Sec-WebSocket-Key: " + std::string(200, 'A') + "\r\n"}) {
    auto answer = upgrade(bad + "Sec-WebSocket-Version: 13\r\n");
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << answer;
    EXPECT_EQ(error_of(answer)["param"], "Sec-WebSocket-Key");
  }
  auto plain = web_client(port).raw("GET /chat/ws HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(plain.starts_with("HTTP/1.1 426")) << plain;
  EXPECT_EQ(error_of(plain)["code"], "validation_error");
}

TEST_F(refusals, of_names_that_can_not_be_seen) {
  serve();
  web_client client(port);
  auto answer = client.post("/api/v1/auth/register", {{"email", "a@example.org"}, {"password", "correct horse"}, {"name", " \t\u00A0"}});
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.json()["error"]["param"], "name");
}

TEST_F(refusals, of_frames_that_nest_too_deeply_leave_the_socket_open) {
  serve();
  auto client = person();
  chat_client socket(port, client.token);
  socket.send_text(R"({"type":"ping","metadata":{"a":)" + std::string(1000, '[') + std::string(1000, ']') + "}}");
  auto error = socket.next("error");
  ASSERT_TRUE(error);
  EXPECT_EQ((*error)["metadata"]["code"], "validation_error");
  socket.send(frame("ping"));
  EXPECT_TRUE(socket.next("pong"));
}

TEST_F(refusals, of_too_many_edits_and_new_replies_are_those_of_messages) {
  options.messages_per_minute = 2;
  serve();
  auto [client, conversation] = talk();
  chat_client socket(port, client.token);
  nlohmann::json where = {{"conversation_id", to_string(conversation)}, {"message_id", "01890000-0000-7000-8000-000000000001"}};
  socket.send(frame("message.edit", "a", where));
  ASSERT_TRUE(socket.next("ack"));
  socket.send(frame("message.regenerate", "", where));
  EXPECT_EQ((*socket.next("error"))["metadata"]["code"], "conflict") << "of the twin, which makes none: it was let through";
  for (const char* type : {"message.edit", "message.regenerate"}) {
    socket.send(frame(type, "b", where));
    auto error = socket.next("error");
    ASSERT_TRUE(error);
    EXPECT_EQ((*error)["metadata"]["code"], "rate_limited") << type;
    EXPECT_EQ((*error)["metadata"]["retry_after_s"], 30);
  }
  socket.send(frame("read", "", where));
  EXPECT_TRUE(socket.next("ack")) << "what asks no model is not counted";
}

} // namespace
} // namespace reverie::tests
