#include "tests/adapters/gateway/served.hpp"

#include "events/model/limits.hpp"

namespace reverie::tests {
namespace {

using chat_socket = served;

std::string text_of(const nlohmann::json& frame, const char* field) { return frame["metadata"][field].get<std::string>(); }

TEST_F(chat_socket, signs_in_by_header_or_by_the_first_frame_at_both_paths) {
  serve();
  auto client = person();
  chat_client by_header(port, client.token, "/chat/ws");
  auto ready = by_header.next();
  ASSERT_TRUE(ready);
  EXPECT_EQ((*ready)["type"], "ready");
  EXPECT_EQ(text_of(*ready, "user_id"), to_string(user));
  chat_client by_frame(port);
  by_frame.send(frame("authenticate", client.token));
  EXPECT_EQ((*by_frame.next())["type"], "ready");
}

TEST_F(chat_socket, closes_with_4001_who_does_not_sign_in) {
  options.authenticate_within = std::chrono::milliseconds{30};
  serve();
  chat_client silent(port);
  EXPECT_EQ(silent.closed(), 4001);
  chat_client wrong(port);
  wrong.send(frame("authenticate", "no.such.token"));
  EXPECT_EQ((*wrong.next("error"))["metadata"]["code"], "invalid_token");
  EXPECT_EQ(wrong.closed(), 4001);
  chat_client early(port);
  early.send(frame("ping"));
  EXPECT_EQ(early.closed(), 4001);
  EXPECT_EQ(chat_client(port, "no.such.token").upgrade_status, 401);
}

TEST_F(chat_socket, acknowledges_a_message_and_streams_the_reply) {
  serve();
  auto [client, conversation] = talk();
  node.answers_itself = true;
  chat_client socket(port, client.token);
  std::string id = "01890000-0000-7000-8000-00000000000a";
  socket.send(frame("message.send", "Good day", {{"conversation_id", to_string(conversation)}, {"client_message_id", id}}));
  bool acknowledged = false, seen = false;
  std::string joined, whole;
  int next_index = 0;
  while (whole.empty() || !acknowledged) {
    auto got = socket.next();
    ASSERT_TRUE(got);
    auto type = (*got)["type"].get<std::string>();
    if (type == "ack") acknowledged = text_of(*got, "client_message_id") == id && !text_of(*got, "position").empty();
    if (type == "message") seen = (*got)["content"] == "Good day" && text_of(*got, "client_message_id") == id;
    if (type == "reply.delta") {
      EXPECT_EQ((*got)["metadata"]["index"], next_index++);
      joined += (*got)["content"].get<std::string>();
    }
    if (type == "reply.completed") whole = (*got)["content"].get<std::string>();
  }
  EXPECT_TRUE(seen);
  EXPECT_EQ(joined, whole);
}

TEST_F(chat_socket, gives_the_same_answer_for_the_same_client_message_id) {
  serve();
  auto [client, conversation] = talk();
  chat_client socket(port, client.token);
  auto send = frame("message.send", "once", {{"conversation_id", to_string(conversation)}, {"client_message_id", "01890000-0000-7000-8000-00000000000b"}});
  socket.send(send);
  auto first = socket.next("ack");
  socket.send(send);
  EXPECT_EQ(*first, *socket.next("ack"));
}

TEST_F(chat_socket, opens_the_conversation_when_only_a_character_is_named) {
  serve();
  auto client = person();
  auto id = character(client);
  chat_client socket(port, client.token);
  socket.send(frame("message.send", "hi", {{"character_id", id}}));
  auto greeting = socket.next("message");
  ASSERT_TRUE(greeting);
  EXPECT_EQ(text_of(*greeting, "role"), "character");
  EXPECT_EQ((*greeting)["content"], "Hello ada, I am Mira.");
  EXPECT_TRUE(socket.next("ack"));
}

TEST_F(chat_socket, every_device_sees_the_same_stream) {
  options.io_threads = 3;
  serve();
  auto [client, conversation] = talk();
  std::vector<std::unique_ptr<chat_client>> devices;
  for (int i = 0; i < 6; ++i) {
    devices.push_back(std::make_unique<chat_client>(port, client.token));
    ASSERT_TRUE(devices.back()->next("ready"));
  }
  devices[0]->send(frame("message.send", "to all", {{"conversation_id", to_string(conversation)}}));
  for (auto& device : devices) EXPECT_EQ((*device->next("message"))["content"], "to all");
}

TEST_F(chat_socket, joins_a_reply_in_the_middle_from_its_start) {
  serve();
  auto [client, conversation] = talk();
  auto before = to_string(node.last_position());
  node.start_reply(conversation);
  node.say(conversation, "One ");
  node.say(conversation, "two ");
  for (const auto& after : {std::string(), before, to_string(node.last_position())}) {
    chat_client socket(port, client.token);
    ASSERT_TRUE(socket.next("ready"));
    socket.send(subscribe(conversation, after));
    auto started = socket.next("reply.started");
    ASSERT_TRUE(started);
    for (int i = 0; i < 2; ++i) {
      auto piece = socket.next("reply.delta");
      EXPECT_EQ((*piece)["metadata"]["index"], i);
      EXPECT_EQ(text_of(*piece, "message_id"), text_of(*started, "message_id"));
    }
    node.say(conversation, "three");
    auto live = socket.next();
    EXPECT_EQ((*live)["type"], "reply.delta");
    EXPECT_EQ((*live)["metadata"]["index"], 2) << after;
    std::lock_guard lock(node.mutex);
    node.conversations[conversation].reply->pieces.pop_back();
  }
}

TEST_F(chat_socket, sends_no_pieces_to_who_has_not_seen_the_reply_start) {
  serve();
  auto [client, conversation] = talk();
  node.start_reply(conversation);
  node.say(conversation, "early ");
  chat_client socket(port, client.token);
  ASSERT_TRUE(socket.next("ready"));
  node.say(conversation, "late");
  node.finish_reply(conversation);
  auto got = socket.next();
  EXPECT_EQ((*got)["type"], "reply.completed");
  EXPECT_EQ((*got)["content"], "early late");
}

TEST_F(chat_socket, stops_a_reply_and_says_so_when_there_is_none) {
  serve();
  auto [client, conversation] = talk();
  chat_client socket(port, client.token);
  ASSERT_TRUE(socket.next("ready"));
  node.start_reply(conversation);
  node.say(conversation, "I was about to");
  nlohmann::json which = {{"conversation_id", to_string(conversation)}};
  socket.send(frame("reply.stop", "", which));
  auto done = socket.next("reply.completed");
  EXPECT_EQ(text_of(*done, "finish_reason"), "stopped");
  EXPECT_EQ((*done)["content"], "I was about to");
  socket.send(frame("reply.stop", "", which));
  EXPECT_EQ((*socket.next("error"))["metadata"]["code"], "not_found");
}

TEST_F(chat_socket, refuses_a_subscription_to_a_strangers_conversation) {
  serve();
  auto [ada, conversation] = talk();
  auto bob = person("bob");
  chat_client socket(port, bob.token);
  socket.send(subscribe(conversation, "0:0"));
  auto error = socket.next("error");
  ASSERT_TRUE(error);
  EXPECT_EQ((*error)["metadata"]["code"], "not_found");
  EXPECT_EQ(text_of(*error, "conversation_id"), to_string(conversation));
}

TEST_F(chat_socket, answers_pings_and_tells_other_devices_of_typing) {
  serve();
  auto [client, conversation] = talk();
  chat_client one(port, client.token), two(port, client.token);
  ASSERT_TRUE(one.next("ready") && two.next("ready"));
  one.send(frame("ping"));
  EXPECT_EQ((*one.next())["type"], "pong");
  one.send(frame("typing", "", {{"conversation_id", to_string(conversation)}}));
  EXPECT_TRUE(two.next("typing"));
  auto ack = one.next("ack");
  ASSERT_TRUE(ack);
  EXPECT_EQ(text_of(*ack, "position"), to_string(node.conversations[conversation].updates.back()->position) + ":1");
  EXPECT_TRUE((*ack)["metadata"]["message_id"].is_null());
}

TEST_F(chat_socket, names_what_is_wrong_with_a_frame_and_stays_open) {
  serve();
  auto [client, conversation] = talk();
  chat_client socket(port, client.token);
  ASSERT_TRUE(socket.next("ready"));
  auto refused = [&](const nlohmann::json& sent, const std::string& param) {
    socket.send(sent);
    auto error = socket.next("error");
    ASSERT_TRUE(error);
    EXPECT_EQ((*error)["metadata"]["code"], "validation_error");
    EXPECT_EQ((*error)["metadata"]["param"], param);
  };
  refused(frame("message.shout"), "type");
  refused(frame("message.send", "hi"), "conversation_id");
  refused(frame("message.send", "", {{"conversation_id", to_string(conversation)}}), "content");
  refused(frame("message.send", std::string("a\0b", 3), {{"conversation_id", to_string(conversation)}}), "content");
  refused(frame("message.send", std::string(events::limits::message_bytes + 1, 'x'), {{"conversation_id", to_string(conversation)}}), "content");
  refused(subscribe(conversation, "nowhere"), "after");
  refused(frame("message.edit", "x", {{"conversation_id", to_string(conversation)}}), "message_id");
}

TEST_F(chat_socket, closes_with_the_right_code_what_is_no_json_text_or_too_big) {
  serve();
  auto client = person();
  auto code_after = [&](auto send) {
    chat_client socket(port, client.token);
    EXPECT_TRUE(socket.next("ready"));
    send(socket);
    return socket.closed();
  };
  EXPECT_EQ(code_after([](chat_client& socket) { socket.send_binary("{}"); }), 1003);
  EXPECT_EQ(code_after([](chat_client& socket) { socket.send_text("not json"); }), 1007);
  EXPECT_EQ(code_after([](chat_client& socket) { socket.send_text("{\"type\":\"\xff\"}"); }), 1007);
  EXPECT_EQ(code_after([](chat_client& socket) { socket.send_text(std::string(events::limits::frame_bytes + 1, ' ')); }), 1009);
}

TEST_F(chat_socket, limits_connections_of_one_person) {
  options.connections_per_user = 2;
  serve();
  auto client = person();
  chat_client one(port, client.token), two(port, client.token), three(port, client.token);
  EXPECT_TRUE(one.next("ready"));
  EXPECT_TRUE(two.next("ready"));
  EXPECT_EQ(three.closed(), 4009);
}

TEST_F(chat_socket, limits_messages_with_an_error_and_closes_only_on_abuse) {
  options.messages_per_minute = 3;
  serve();
  auto [client, conversation] = talk();
  chat_client socket(port, client.token);
  ASSERT_TRUE(socket.next("ready"));
  auto send = frame("message.send", "hi", {{"conversation_id", to_string(conversation)}});
  for (int i = 0; i < 4; ++i) socket.send(send);
  auto error = socket.next("error");
  ASSERT_TRUE(error);
  EXPECT_EQ((*error)["metadata"]["code"], "rate_limited");
  EXPECT_EQ((*error)["metadata"]["retry_after_s"], 20);
  for (int i = 0; i < 3; ++i) socket.send(send);
  EXPECT_EQ(socket.closed(), 4029);
}

TEST_F(chat_socket, closes_a_slow_reader_with_4008_and_lets_it_resume) {
  options.send_queue_bytes = 300 * 1024;
  options.send_buffer_bytes = 4096;
  serve();
  auto [client, conversation] = talk();
  chat_client slow(port, client.token, "/api/v1/chat/ws", 4096);
  chat_client quick(port, client.token);
  auto ready = slow.next("ready");
  ASSERT_TRUE(ready && quick.next("ready"));
  auto start = node.last_position();
  for (std::uint64_t i = 0; i < 60; ++i) {
    node.happen(conversation, {events::session::message_sent{{events::derive_uuid("m", {}, {}, i)}, {}, std::string(30'000, 'x'), {}}});
    EXPECT_TRUE(quick.next("message")) << "a slow reader must not slow down others";
  }
  EXPECT_EQ(slow.closed(), 4008);
  chat_client again(port, client.token);
  ASSERT_TRUE(again.next("ready"));
  again.send(subscribe(conversation, to_string(start)));
  EXPECT_EQ((*again.next("subscribed"))["metadata"]["replayed"], 60);
}

TEST_F(chat_socket, tells_clients_that_the_server_goes_away) {
  serve();
  auto client = person();
  chat_client socket(port, client.token);
  ASSERT_TRUE(socket.next("ready"));
  std::jthread stopper([&] { server->stop(std::chrono::milliseconds{2000}); });
  EXPECT_EQ(socket.closed(), 1001);
  stopper.join();
  EXPECT_EQ(server->connections(), 0u);
}

TEST_F(chat_socket, pings_idle_connections_and_drops_those_that_do_not_answer) {
  options.heartbeat = std::chrono::milliseconds{250};
  serve();
  auto client = person();
  chat_client dead(port, client.token);
  ASSERT_TRUE(dead.next("ready"));
  chat_client alive(port, client.token);
  // The one that reads answers pings; the other one reads nothing any more.
  std::jthread reader([&] { alive.closed(); });
  EXPECT_TRUE(dead.dropped_by_server());
  EXPECT_GE(server->connections(), 1u);
  server->stop(std::chrono::milliseconds{500});
}

} // namespace
} // namespace reverie::tests
