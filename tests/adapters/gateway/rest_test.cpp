#include "tests/adapters/gateway/served.hpp"

#include "events/model/limits.hpp"

namespace reverie::tests {
namespace {

using rest = served;

TEST_F(rest, signs_a_person_up_and_tells_who_is_signed_in) {
  serve();
  auto client = person();
  auto me = client.get("/api/v1/users/me");
  EXPECT_EQ(me.status, 200);
  EXPECT_EQ(me.json()["email"], "ada@example.org");
  EXPECT_EQ(me.json()["roles"], nlohmann::json::array({"user"}));
}

TEST_F(rest, refuses_an_email_that_is_taken_and_says_retrying_is_useless) {
  serve();
  person();
  web_client other(port);
  auto answer = other.post("/api/v1/auth/register", {{"email", "ADA@example.org"}, {"password", "12345678"}, {"name", "x"}});
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.headers["x-should-retry"], "false");
  EXPECT_EQ(answer.json()["error"]["code"], "conflict");
  EXPECT_EQ(answer.json()["error"]["param"], "email");
}

TEST_F(rest, names_the_field_that_is_wrong) {
  serve();
  web_client client(port);
  auto check = [&](nlohmann::json body, const std::string& param) {
    auto answer = client.post("/api/v1/auth/register", body);
    EXPECT_EQ(answer.status, 400);
    EXPECT_EQ(answer.json()["error"]["code"], "validation_error");
    EXPECT_EQ(answer.json()["error"]["param"], param);
  };
  check({{"email", "nobody"}, {"password", "12345678"}, {"name", "x"}}, "email");
  check({{"email", "a@b.org"}, {"password", "1234567"}, {"name", "x"}}, "password");
  check({{"email", "a@b.org"}, {"password", "12345678"}}, "name");
  check({{"email", "a@b.org"}, {"password", "12345678"}, {"name", std::string(201, 'x')}}, "name");
  check({{"email", "a@b.org"}, {"password", "12345678"}, {"name", std::string("a\0b", 3)}}, "name");
}

TEST_F(rest, signs_in_by_the_password_flow_and_answers_wrong_credentials_alike) {
  serve();
  person();
  web_client client(port);
  auto token = [&](const std::string& form) {
    return client.ask("POST", "/api/v1/auth/token", form, "application/x-www-form-urlencoded", {});
  };
  auto good = token("grant_type=password&username=ada%40example.org&password=correct+horse");
  EXPECT_EQ(good.status, 200) << good.body;
  EXPECT_EQ(good.json()["token_type"], "bearer");
  auto wrong = token("grant_type=password&username=ada%40example.org&password=wrong+horse");
  auto unknown = token("grant_type=password&username=bob%40example.org&password=wrong+horse");
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(unknown.status, 401);
  EXPECT_EQ(wrong.json()["error"]["code"], "invalid_credentials");
  EXPECT_EQ(wrong.json()["error"]["message"], unknown.json()["error"]["message"]);
}

TEST_F(rest, limits_attempts_to_sign_in) {
  options.sign_ins_per_minute = 2;
  serve();
  web_client client(port);
  web_answer answer;
  for (int i = 0; i < 3; ++i) {
    answer = client.ask("POST", "/api/v1/auth/token", "grant_type=password&username=a%40b.org&password=x", "application/x-www-form-urlencoded", {});
  }
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.headers["retry-after"], "30");
}

TEST_F(rest, rotates_refresh_tokens_and_revokes_the_family_on_reuse) {
  serve();
  person();
  web_client client(port);
  auto refresh = [&](const std::string& token) {
    return client.ask("POST", "/api/v1/auth/token", "grant_type=refresh_token&refresh_token=" + token, "application/x-www-form-urlencoded", {});
  };
  auto second = refresh(refresh_token);
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_EQ(refresh(refresh_token).json()["error"]["code"], "invalid_token");
  EXPECT_EQ(refresh(second.json()["refresh_token"].get<std::string>()).status, 401) << "the whole family is revoked";
  std::lock_guard lock(log_mutex);
  EXPECT_TRUE(std::ranges::any_of(log, [](const auto& entry) { return entry.what == "security"; }));
}

TEST_F(rest, a_refresh_token_is_useless_after_signing_out) {
  serve();
  auto client = person();
  EXPECT_EQ(client.post("/api/v1/auth/logout", {{"refresh_token", refresh_token}}).status, 204);
  EXPECT_EQ(client.ask("POST", "/api/v1/auth/token", "grant_type=refresh_token&refresh_token=" + refresh_token,
                       "application/x-www-form-urlencoded", {}).status, 401);
}

TEST_F(rest, tells_an_expired_token_from_an_invalid_one) {
  serve();
  auto client = person();
  now_ms += 16 * 60 * 1000;
  auto expired = client.get("/api/v1/users/me");
  EXPECT_EQ(expired.status, 401);
  EXPECT_EQ(expired.json()["error"]["code"], "token_expired");
  client.token = "no.such.token";
  EXPECT_EQ(client.get("/api/v1/users/me").json()["error"]["code"], "invalid_token");
  client.token.clear();
  EXPECT_EQ(client.get("/api/v1/users/me").json()["error"]["code"], "authentication_required");
}

TEST_F(rest, takes_api_keys_in_either_header) {
  serve();
  auto client = person();
  auto made = client.post("/api/v1/auth/api-keys", {{"label", "script"}});
  ASSERT_EQ(made.status, 201) << made.body;
  std::string key = made.json()["api_key"].get<std::string>();
  web_client by_header(port);
  EXPECT_EQ(by_header.get("/api/v1/users/me", {{"X-API-Key", key}}).status, 200);
  EXPECT_EQ(by_header.get("/api/v1/users/me", {{"X-API-Key", key + "x"}}).status, 401);
  by_header.token = key;
  EXPECT_EQ(by_header.get("/api/v1/users/me").status, 200);
}

TEST_F(rest, opens_one_conversation_and_gives_the_open_one_again) {
  serve();
  auto client = person();
  auto id = character(client);
  auto first = client.post("/api/v1/conversations", {{"character_id", id}});
  ASSERT_EQ(first.status, 201) << first.body;
  auto again = client.post("/api/v1/conversations", {{"character_id", id}});
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.json()["id"], first.json()["id"]);
  auto messages = client.get("/api/v1/conversations/" + first.json()["id"].get<std::string>() + "/messages").json();
  EXPECT_EQ(messages["items"][0]["content"], "Hello ada, I am Mira.");
  auto closed = client.ask("POST", "/api/v1/conversations/" + first.json()["id"].get<std::string>() + "/close", "", "", {});
  EXPECT_EQ(closed.status, 200) << closed.body;
  EXPECT_EQ(closed.json()["state"], "closed");
  EXPECT_FALSE(closed.headers["x-position"].empty());
  EXPECT_EQ(client.post("/api/v1/conversations", {{"character_id", id}}).status, 201);
}

TEST_F(rest, keeps_conversations_from_strangers) {
  serve();
  auto [ada, conversation] = talk();
  auto bob = person("bob");
  auto path = "/api/v1/conversations/" + to_string(conversation);
  EXPECT_EQ(bob.get(path).status, 404);
  EXPECT_EQ(bob.get(path + "/messages").status, 404);
  EXPECT_EQ(bob.post(path + "/messages", {{"content", "hi"}}).status, 404);
  EXPECT_EQ(ada.get(path).status, 200);
}

TEST_F(rest, a_message_is_done_once_for_one_client_id) {
  serve();
  auto [client, conversation] = talk();
  auto path = "/api/v1/conversations/" + to_string(conversation) + "/messages";
  nlohmann::json body = {{"content", "hi"}, {"client_message_id", "01890000-0000-7000-8000-000000000001"}};
  auto first = client.post(path, body);
  auto again = client.post(path, body);
  EXPECT_EQ(first.status, 202) << first.body;
  EXPECT_EQ(first.body, again.body);
  EXPECT_EQ(client.get(path).json()["total"], 2);
}

TEST_F(rest, limits_messages_per_minute_and_says_when_to_try_again) {
  options.messages_per_minute = 2;
  serve();
  auto [client, conversation] = talk();
  auto path = "/api/v1/conversations/" + to_string(conversation) + "/messages";
  client.post(path, {{"content", "1"}});
  client.post(path, {{"content", "2"}});
  auto third = client.post(path, {{"content", "3"}});
  EXPECT_EQ(third.status, 429);
  EXPECT_EQ(third.json()["error"]["code"], "rate_limited");
  EXPECT_EQ(third.headers["retry-after"], "30");
  now_ms += 30'000;
  EXPECT_EQ(client.post(path, {{"content", "3"}}).status, 202);
}

TEST_F(rest, turns_rejections_into_status_and_retry_after) {
  serve();
  auto [client, conversation] = talk();
  node.refuse_all = events::rejection{events::rejection_code::overloaded, "Busy.", "", 2500};
  auto answer = client.post("/api/v1/conversations/" + to_string(conversation) + "/messages", {{"content", "hi"}});
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.json()["error"]["code"], "overloaded");
  EXPECT_EQ(answer.headers["retry-after"], "3");
}

TEST_F(rest, gives_cards_back_byte_for_byte) {
  serve();
  auto client = person();
  std::string card = "{ \"name\" : \"Rex\",\n \"unknown\": [1, 2],  \"description\": \"A dog. Loyal.\" }";
  auto made = client.ask("POST", "/api/v1/characters", card, "application/json", {});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.json()["tagline"], "A dog.");
  EXPECT_TRUE(made.json()["avatar_url"].is_null());
  auto back = client.get("/api/v1/characters/" + made.json()["id"].get<std::string>() + "/card");
  EXPECT_EQ(back.body, card);
  EXPECT_EQ(back.headers["content-type"], "application/json");
}

TEST_F(rest, refuses_bodies_of_the_wrong_type_size_or_form) {
  serve();
  auto client = person();
  EXPECT_EQ(client.ask("POST", "/api/v1/characters", "x", "text/plain", {}).status, 415);
  EXPECT_EQ(client.ask("POST", "/api/v1/characters", "not json", "application/json", {}).status, 422);
  EXPECT_EQ(client.ask("POST", "/api/v1/characters", std::string(events::limits::card_bytes + 1, ' '), "application/json", {}).status, 413);
  EXPECT_EQ(client.ask("POST", "/api/v1/conversations", "[]", "application/json", {}).status, 400);
  EXPECT_EQ(client.ask("POST", "/api/v1/conversations", std::string(events::limits::json_body_bytes + 1, ' '), "application/json", {}).status, 413);
}

TEST_F(rest, lists_are_paged_and_checked) {
  serve();
  auto client = person();
  for (int i = 0; i < 3; ++i) character(client);
  auto page = client.get("/api/v1/characters?page=2&page_size=2").json();
  EXPECT_EQ(page["total"], 3);
  EXPECT_EQ(page["items"].size(), 1u);
  EXPECT_EQ(page["has_more"], false);
  EXPECT_EQ(client.get("/api/v1/characters?page_size=101").json()["error"]["param"], "page_size");
  EXPECT_EQ(client.get("/api/v1/characters?page=0").json()["error"]["param"], "page");
  EXPECT_EQ(client.get("/api/v1/characters?filter=age:eq:3").json()["error"]["param"], "filter");
  EXPECT_EQ(client.get("/api/v1/characters?filter=name:almost:3").json()["error"]["param"], "filter");
  EXPECT_EQ(client.get("/api/v1/characters?sort=-age").json()["error"]["param"], "sort");
  EXPECT_EQ(client.get("/api/v1/characters?filter=name:like:M%25&sort=-created_at").status, 200);
}

TEST_F(rest, reads_wait_for_a_position_or_say_how_far_behind_they_are) {
  serve();
  auto client = person();
  reads.folded_to = {5};
  auto answer = client.get("/api/v1/characters?min_position=0:9");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.json()["error"]["code"], "unavailable");
  EXPECT_EQ(answer.json()["error"]["details"]["behind_records"], 5);
  EXPECT_EQ(answer.headers["retry-after"], "1");
  EXPECT_EQ(client.get("/api/v1/characters?min_position=0:4").status, 200);
  EXPECT_EQ(client.get("/api/v1/characters?min_position=here").json()["error"]["param"], "min_position");
  EXPECT_EQ(client.get("/api/v1/characters").status, 200) << "the implicit position never fails a read";
}

TEST_F(rest, finds_and_forgets_memories) {
  serve();
  auto client = person();
  reads.memory_owner = user;
  events::memory_id id{events::derive_uuid("memory", user.value)};
  reads.kept.push_back({id, {}, "Ada has a dog named Rex.", "fact", 0, {}, {}, {}, {}});
  auto all = client.get("/api/v1/memories").json();
  ASSERT_EQ(all["items"].size(), 1u);
  EXPECT_EQ(all["items"][0]["kind"], "fact");
  auto found = client.get("/api/v1/memories?q=dog&character_id=" + to_string(id)).json();
  EXPECT_EQ(found["items"][0]["text"], "Ada has a dog named Rex.");
  EXPECT_EQ(client.ask("DELETE", "/api/v1/memories/" + to_string(id), "", "", {}).status, 204);
  EXPECT_EQ(client.get("/api/v1/memories").json()["total"], 0);
  EXPECT_EQ(client.ask("DELETE", "/api/v1/memories/" + to_string(id), "", "", {}).status, 404);
}

TEST_F(rest, tells_how_a_bond_stands) {
  serve();
  auto client = person();
  auto id = character(client);
  EXPECT_EQ(client.get("/api/v1/bonds/" + id).status, 404);
  client.post("/api/v1/conversations", {{"character_id", id}});
  auto bond = client.get("/api/v1/bonds/" + id).json();
  EXPECT_EQ(bond["axes"]["affection"], 0.25);
  EXPECT_EQ(bond["causes"][0]["reason"], "kind_words");
}

TEST_F(rest, answers_503_and_is_not_ready_while_the_database_is_away) {
  serve();
  auto client = person();
  EXPECT_EQ(client.get("/readyz").status, 200);
  reads.away = true;
  auto answer = client.get("/api/v1/characters");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.json()["error"]["code"], "unavailable");
  auto ready = client.get("/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_EQ(ready.json()["reasons"][0], "the database is away");
  EXPECT_EQ(client.get("/healthz").status, 200);
}

} // namespace
} // namespace reverie::tests
