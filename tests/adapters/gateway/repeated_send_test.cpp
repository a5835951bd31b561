#include "tests/adapters/gateway/served.hpp"

namespace reverie::tests {
namespace {

/// What a client gets that says the same again, and what becomes of a reply nobody waits for.
class a_conversation_that_was_closed : public served {
protected:
  void close(web_client& by, const std::string& conversation) {
    EXPECT_EQ(by.ask("POST", "/api/v1/conversations/" + conversation + "/close", "", "", {}).status, 200);
  }
  static nlohmann::json to(const std::string& character, const std::string& text, const std::string& id) {
    return frame("message.send", text, {{"character_id", character}, {"client_message_id", id}});
  }
  /// Signs in, says hi to a character, and closes the conversation that this opened.
  void say_hi_and_close() {
    serve();
    client = person();
    mira = character(client);
    socket.emplace(port, client.token);
    socket->send(to(mira, "hi", first_id));
    first = socket->next("ack");
    ASSERT_TRUE(first);
    close(client, (*first)["metadata"]["conversation_id"].get<std::string>());
  }
  web_client client{0};
  std::string mira;
  std::optional<chat_client> socket;
  std::optional<nlohmann::json> first; ///< the acknowledgement
  const std::string first_id = "01890000-0000-7000-8000-00000000000a", second_id = "01890000-0000-7000-8000-00000000000b";
};

TEST_F(a_conversation_that_was_closed, still_answers_what_was_sent_by_character) {
  ASSERT_NO_FATAL_FAILURE(say_hi_and_close());
  auto opened = node.conversations.size();
  socket->send(to(mira, "hi", first_id));
  EXPECT_EQ(socket->next("ack"), first);
  EXPECT_EQ(node.conversations.size(), opened) << "nothing is opened for what was done";
  socket->send(to(mira, "hello again", second_id));
  auto second = socket->next("ack");
  ASSERT_TRUE(second);
  EXPECT_NE((*second)["metadata"]["conversation_id"], (*first)["metadata"]["conversation_id"]);
  EXPECT_EQ(node.conversations.size(), opened + 1);
}

TEST_F(a_conversation_that_was_closed, answers_also_when_another_one_is_open_since) {
  ASSERT_NO_FATAL_FAILURE(say_hi_and_close());
  EXPECT_EQ(client.post("/api/v1/conversations", {{"character_id", mira}}).status, 201);
  socket->send(to(mira, "hi", first_id));
  EXPECT_EQ(socket->next("ack"), first) << "the open one must not take it a second time";
  socket->send(to(mira, "something else", first_id));
  EXPECT_EQ((*socket->next("error"))["metadata"]["code"], "conflict");
}

TEST_F(a_conversation_that_was_closed, keeps_no_model_busy) {
  serve();
  auto [someone, conversation] = talk();
  node.start_reply(conversation);
  close(someone, to_string(conversation));
  EXPECT_EQ(node.stops, std::vector{conversation});
}

} // namespace
} // namespace reverie::tests
