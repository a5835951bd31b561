#include "tests/adapters/gateway/served.hpp"

namespace reverie::tests {
namespace {

using chat_resumption = served;

TEST_F(chat_resumption, gives_what_was_missed_in_order_and_then_what_is_live) {
  serve();
  auto [client, conversation] = talk();
  auto path = "/api/v1/conversations/" + to_string(conversation) + "/messages";
  auto first = client.post(path, {{"content", "0"}}).json()["position"].get<std::string>();
  for (int i = 1; i <= 40; ++i) client.post(path, {{"content", std::to_string(i)}});
  chat_client socket(port, client.token);
  ASSERT_TRUE(socket.next("ready"));
  socket.send(subscribe(conversation, first));
  for (int i = 1; i <= 40; ++i) EXPECT_EQ((*socket.next())["content"], std::to_string(i));
  auto subscribed = socket.next();
  ASSERT_EQ((*subscribed)["type"], "subscribed");
  EXPECT_EQ((*subscribed)["metadata"]["replayed"], 40);
  client.post(path, {{"content", "live"}});
  EXPECT_EQ((*socket.next())["content"], "live");
}

TEST_F(chat_resumption, misses_and_doubles_nothing_while_messages_keep_coming) {
  options.messages_per_minute = 100'000;
  serve();
  auto [client, conversation] = talk();
  auto start = node.last_position();
  auto say = [&, of = conversation](int i) {
    node.happen(of, {events::session::message_sent{{events::derive_uuid("m", {}, {}, static_cast<std::uint64_t>(i))}, {}, std::to_string(i), {}}});
  };
  for (int i = 0; i < 500; ++i) say(i);
  chat_client socket(port, client.token);
  ASSERT_TRUE(socket.next("ready"));
  std::jthread writer([&] {
    for (int i = 500; i < 1500; ++i) say(i);
  });
  socket.send(subscribe(conversation, to_string(start)));
  int expected = -1;
  bool subscribed = false;
  while (expected < 1500 || !subscribed) {
    auto got = socket.next();
    ASSERT_TRUE(got);
    if ((*got)["type"] == "subscribed") subscribed = true;
    if ((*got)["type"] != "message") continue;
    auto number = std::stoi((*got)["content"].get<std::string>());
    if (expected < 0 && number >= 500) continue; // live, before the subscription began
    if (expected < 0) expected = 0;
    ASSERT_EQ(number, expected);
    ++expected;
  }
}

TEST_F(chat_resumption, goes_on_by_the_sequence_of_a_position_from_before_the_log_was_copied) {
  serve();
  auto [client, conversation] = talk();
  const auto say = [&, of = conversation](const std::string& text) {
    node.happen(of, {events::session::message_sent{{events::derive_uuid(text, {})}, {}, text, {}}});
  };
  say("one");
  say("two");
  const auto last = node.conversations[conversation].last_sequence;
  say("three");
  chat_client socket(port, client.token);
  ASSERT_TRUE(socket.next("ready"));
  socket.send(subscribe(conversation, "61:4711:" + std::to_string(last)));
  EXPECT_EQ((*socket.next())["content"], "three");
  EXPECT_EQ((*socket.next("subscribed"))["metadata"]["replayed"], 1);
}

TEST_F(chat_resumption, says_where_the_conversation_stands_when_a_position_is_none_of_its_log) {
  serve();
  auto [client, conversation] = talk();
  chat_client socket(port, client.token);
  ASSERT_TRUE(socket.next("ready"));
  socket.send(subscribe(conversation, "0:3:4711"));
  const auto refused = *socket.next("error");
  EXPECT_EQ(refused["metadata"]["code"], "validation_error");
  EXPECT_EQ(refused["metadata"]["param"], "after");
  EXPECT_FALSE(refused["metadata"]["details"]["last_position"].get<std::string>().empty());
}

} // namespace
} // namespace reverie::tests
