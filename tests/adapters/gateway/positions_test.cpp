#include "tests/adapters/gateway/served.hpp"

namespace reverie::tests {
namespace {

/// What acknowledgements say about places in the log, and what reads make of them.
using positions = served;

TEST_F(positions, are_given_with_every_write) {
  serve();
  web_client client(port);
  auto registered = client.post("/api/v1/auth/register", {{"email", "ada@example.org"}, {"password", "correct horse"}, {"name", "Ada"}});
  ASSERT_EQ(registered.status, 201) << registered.body;
  EXPECT_TRUE(events::parse_position(registered.headers["x-position"]));
  client.token = registered.json()["access_token"].get<std::string>();
  auto made = client.post("/api/v1/characters", {{"name", "Rex"}, {"description", "A dog."}});
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.headers["x-position"], to_string(node.last_position()));
  EXPECT_TRUE(events::parse_position(client.post("/api/v1/auth/api-keys", {{"label", "script"}}).headers["x-position"]));
  auto out = client.post("/api/v1/auth/logout", {{"refresh_token", registered.json()["refresh_token"]}});
  EXPECT_EQ(out.status, 204);
  EXPECT_EQ(out.headers["x-position"], to_string(node.last_position()));
}

TEST_F(positions, of_a_beginning_have_one_time_wherever_it_is_told) {
  serve();
  web_client client(port);
  auto registered = client.post("/api/v1/auth/register", {{"email", "ada@example.org"}, {"password", "correct horse"}, {"name", "Ada"}}).json();
  client.token = registered["access_token"].get<std::string>();
  EXPECT_EQ(registered["user"], client.get("/api/v1/users/me").json());
  reads.folded_to = {0};
  auto made = client.post("/api/v1/characters", {{"name", "Rex"}, {"description", "A dog."}}).json();
  reads.folded_to = {1'000'000'000};
  EXPECT_EQ(made["created_at"], client.get("/api/v1/characters/" + made["id"].get<std::string>()).json()["created_at"]);
}

TEST_F(positions, of_ones_own_that_are_not_readable_yet_keep_a_read_from_saying_not_found) {
  serve();
  auto client = person();
  const std::string nobody = "01890000-0000-7000-8000-000000000001";
  reads.folded_to = {0};
  for (const auto& path : {"/api/v1/characters/" + nobody, "/api/v1/characters/" + nobody + "/card", "/api/v1/conversations/" + nobody,
                           "/api/v1/conversations/" + nobody + "/messages", "/api/v1/bonds/" + nobody}) {
    auto answer = client.get(path);
    EXPECT_EQ(answer.status, 503) << path;
    EXPECT_EQ(answer.json()["error"]["code"], "unavailable") << path;
    EXPECT_FALSE(answer.headers["retry-after"].empty()) << path;
  }
  reads.folded_to = {1'000'000'000};
  EXPECT_EQ(client.get("/api/v1/characters/" + nobody + "/card").status, 404);
}

TEST_F(positions, of_a_partition_that_is_not_there_are_refused) {
  serve();
  auto client = person();
  auto id = character(client);
  for (const std::string path : {"/api/v1/characters", "/api/v1/users/me", "/api/v1/conversations"}) {
    auto answer = client.get(path + "?min_position=9:1");
    EXPECT_EQ(answer.status, 400) << path;
    EXPECT_EQ(answer.json()["error"]["param"], "min_position") << path;
  }
  EXPECT_EQ(client.get("/api/v1/characters/" + id + "/card?min_position=9:1").status, 400);
  EXPECT_EQ(client.get("/api/v1/characters/" + id + "/card?min_position=0:1").status, 200);
}

TEST_F(positions, of_other_lists_make_no_cursor) {
  serve();
  auto client = person();
  auto answer = client.get("/api/v1/characters?cursor=foreign");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(answer.json()["error"]["param"], "cursor");
}

} // namespace
} // namespace reverie::tests
