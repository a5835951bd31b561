#pragma once

#include "gateway/http/server.hpp"
#include "tests/adapters/gateway/twin_reads.hpp"
#include "tests/adapters/gateway/web_client.hpp"

#include "events/vault/memory_account_store.hpp"
#include "events/vault/memory_key_ring.hpp"

#include <gtest/gtest.h>

#include <atomic>

namespace reverie::tests {

/// A gateway over twins on a free port, with small limits where a test says so. The time is the test's.
class served : public ::testing::Test {
protected:
  served() {
    options.port = 0;
    options.passwords = {1, 8192};
    options.read_own_writes_wait = std::chrono::milliseconds{20};
  }
  ~served() override {
    if (server) server->stop(std::chrono::milliseconds{500});
  }

  void serve() {
    gateway::gateway_ports ports{node, reads, reads, accounts, keys, reads};
    ports.secret = {7, 7, 7};
    ports.now = [this] { return events::timestamp{std::chrono::milliseconds{now_ms.load()}}; };
    ports.models = [] { return gateway::model_status{"twin", "scripted", "a note", "hashing", 1536}; };
    ports.not_ready = [this] { return reads.away ? std::vector<std::string>{"the database is away"} : std::vector<std::string>{}; };
    ports.log = [this](const gateway::log_entry& entry) {
      std::lock_guard lock(log_mutex);
      log.push_back(entry);
    };
    ports.operators = operators;
    server = std::make_unique<gateway::gateway_server>(options, std::move(ports));
    auto started = server->start();
    ASSERT_TRUE(started) << started.error().message;
    port = *started;
  }

  /// Signs a new person up; gives a client with the token.
  web_client person(const std::string& name = "ada") {
    web_client client(port);
    auto answer = client.post("/api/v1/auth/register",
                              {{"email", name + "@example.org"}, {"password", "correct horse"}, {"name", name}});
    EXPECT_EQ(answer.status, 201) << answer.body;
    client.token = answer.json()["access_token"].get<std::string>();
    refresh_token = answer.json()["refresh_token"].get<std::string>();
    user = events::user_id{*events::parse_uuid(answer.json()["user"]["id"].get<std::string>())};
    return client;
  }
  /// A person who has this role too.
  web_client person_with_role(const std::string& name, const std::string& role) {
    auto client = person(name);
    EXPECT_TRUE(accounts.set_roles(user, {"user", role}));
    auto answer = client.ask("POST", "/api/v1/auth/token", "grant_type=password&username=" + name + "%40example.org&password=correct+horse",
                             "application/x-www-form-urlencoded", {});
    EXPECT_EQ(answer.status, 200) << answer.body;
    client.token = answer.json()["access_token"].get<std::string>();
    return client;
  }
  std::string character(web_client& client) {
    auto answer = client.post("/api/v1/characters", {{"spec", "chara_card_v2"},
                                                     {"spec_version", "2.0"},
                                                     {"data", {{"name", "Mira"}, {"first_mes", "Hello {{user}}, I am {{char}}."}}}});
    EXPECT_EQ(answer.status, 201) << answer.body;
    return answer.json()["id"].get<std::string>();
  }
  /// A person with an open conversation.
  std::pair<web_client, events::session_id> talk() {
    auto client = person();
    auto answer = client.post("/api/v1/conversations", {{"character_id", character(client)}});
    EXPECT_EQ(answer.status, 201) << answer.body;
    return {client, {*events::parse_uuid(answer.json()["id"].get<std::string>())}};
  }
  static nlohmann::json frame(const std::string& type, const std::string& content = "", nlohmann::json metadata = nlohmann::json::object()) {
    return {{"type", type}, {"content", content}, {"metadata", std::move(metadata)}};
  }
  nlohmann::json subscribe(events::session_id conversation, const std::string& after = "") {
    nlohmann::json metadata = {{"conversation_id", to_string(conversation)}};
    if (!after.empty()) metadata["after"] = after;
    return frame("subscribe", "", metadata);
  }

  gateway::gateway_options options;
  twin_node node;
  twin_reads reads{node};
  events::memory_account_store accounts;
  events::memory_key_ring keys;
  gateway::operator_ports operators;
  std::atomic<std::int64_t> now_ms{1'800'000'000'000};
  std::mutex log_mutex;
  std::vector<gateway::log_entry> log;
  std::unique_ptr<gateway::gateway_server> server;
  std::uint16_t port = 0;
  std::string refresh_token;
  events::user_id user{};
};

} // namespace reverie::tests
