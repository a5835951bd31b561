#include "tests/adapters/gateway/served.hpp"

#include "gateway/bridge/refresh_token_text.hpp"

namespace reverie::tests {
namespace {

/// Connections live no longer than what signed them in.
class the_end_of_a_sign_in : public served {
protected:
  static constexpr const char* form = "application/x-www-form-urlencoded";
  nlohmann::json sign_in() {
    return web_client(port).ask("POST", "/api/v1/auth/token", "grant_type=password&username=ada%40example.org&password=correct+horse", form, {}).json();
  }
  nlohmann::json refresh(const std::string& token) {
    return web_client(port).ask("POST", "/api/v1/auth/token", "grant_type=refresh_token&refresh_token=" + token, form, {}).json();
  }
};

TEST_F(the_end_of_a_sign_in, by_logout_closes_its_sockets_and_no_others) {
  options.io_threads = 2;
  serve();
  auto client = person();
  auto other = sign_in();
  chat_client first(port, client.token), same(port), elsewhere(port, other["access_token"].get<std::string>());
  same.send(frame("authenticate", refresh(refresh_token)["access_token"].get<std::string>()));
  auto key = client.post("/api/v1/auth/api-keys", {{"label", "script"}}).json()["api_key"].get<std::string>();
  chat_client script(port, key);
  for (auto* each : {&first, &same, &elsewhere, &script}) ASSERT_TRUE(each->next("ready"));
  auto newest = refresh(sign_in()["refresh_token"].get<std::string>());
  EXPECT_EQ(client.post("/api/v1/auth/logout", {{"refresh_token", newest["refresh_token"]}}).status, 204);
  first.send(frame("ping"));
  EXPECT_TRUE(first.next("pong")) << "that was another sign-in";
  EXPECT_EQ(client.post("/api/v1/auth/logout", {{"refresh_token", refresh_token}}).status, 204);
  EXPECT_EQ(first.closed(), 4001);
  EXPECT_EQ(same.closed(), 4001);
  for (auto* each : {&elsewhere, &script}) {
    each->send(frame("ping"));
    EXPECT_TRUE(each->next("pong"));
  }
}

TEST_F(the_end_of_a_sign_in, by_a_token_used_twice_closes_its_sockets) {
  serve();
  auto client = person();
  chat_client socket(port, client.token);
  ASSERT_TRUE(socket.next("ready"));
  refresh(refresh_token);
  refresh(refresh_token);
  EXPECT_EQ(socket.closed(), 4001);
}

TEST_F(the_end_of_a_sign_in, by_time_closes_sockets_with_4001) {
  options.access_token_lives = std::chrono::seconds{1};
  serve();
  auto client = person();
  chat_client silent(port, client.token), speaking(port, client.token);
  ASSERT_TRUE(silent.next("ready") && speaking.next("ready"));
  now_ms += 1500;
  speaking.send(frame("ping"));
  EXPECT_EQ((*speaking.next("error"))["metadata"]["code"], "token_expired");
  EXPECT_EQ(speaking.closed(), 4001);
  EXPECT_EQ(silent.closed(), 4001) << "its timer runs out";
}

TEST_F(the_end_of_a_sign_in, is_put_off_by_a_fresh_token) {
  serve();
  auto client = person();
  chat_client socket(port, client.token);
  ASSERT_TRUE(socket.next("ready"));
  now_ms += 10 * 60 * 1000;
  socket.send(frame("authenticate", refresh(refresh_token)["access_token"].get<std::string>()));
  ASSERT_TRUE(socket.next("ready"));
  now_ms += 10 * 60 * 1000;
  socket.send(frame("ping"));
  EXPECT_TRUE(socket.next("pong"));
}

TEST_F(the_end_of_a_sign_in, is_found_by_what_stands_in_the_refresh_token) {
  gateway::token_holder holder{events::user_id{events::derive_uuid("a", {})}, events::derive_uuid("b", {})};
  auto token = gateway::fresh_refresh_token(holder);
  EXPECT_NE(token, gateway::fresh_refresh_token(holder));
  auto found = gateway::holder_of(token);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->user, holder.user);
  EXPECT_EQ(found->family, holder.family);
  EXPECT_FALSE(gateway::holder_of(gateway::fresh_refresh_token(std::nullopt)));
  for (const char* odd : {"", ".", "rvr_.x", "rvr_AAAA.x", "rvr_!!!!.x"}) EXPECT_FALSE(gateway::holder_of(odd)) << odd;
}

} // namespace
} // namespace reverie::tests
