#include "tests/adapters/gateway/served.hpp"
#include "tests/adapters/gateway/twin_operators.hpp"

namespace reverie::tests {
namespace {

using gateway::people_query;

/// Lists of people that are empty, and what they were asked for.
class twin_people : public gateway::people_desk {
public:
  static document page() { return {{"items", document::array()}, {"next_cursor", nullptr}, {"has_more", false}, {"total", 0}}; }
  result<document> users(const people_query& query) override { return ask(query); }
  result<document> user(events::user_id, privacy_mode) override { return document(nullptr); }
  result<document> conversations(std::optional<events::user_id>, const people_query& query) override { return ask(query); }
  result<document> memories(events::user_id, const people_query& query) override { return ask(query); }
  result<document> messages(events::session_id, const people_query& query) override { return ask(query); }
  result<document> conversation(events::session_id, privacy_mode) override { return document(nullptr); }

  std::size_t asked = 0;

private:
  result<document> ask(const people_query&) {
    ++asked;
    return page();
  }
};

class operator_privacy : public served {
protected:
  operator_privacy() {
    served::operators.audit = &trail;
    served::operators.people = &people_twin;
  }
  twin_audit trail;
  twin_people people_twin;
};

TEST_F(operator_privacy, has_no_list_of_people_beside_the_one_that_masks_and_audits) {
  serve();
  auto client = person_with_role("olga", "operator");
  EXPECT_EQ(client.get("/api/v1/users").status, 404);
  EXPECT_FALSE(client.get("/openapi.json").json()["paths"].contains("/api/v1/users"));
  EXPECT_EQ(client.get("/api/v1/admin/users").status, 200);
}

TEST_F(operator_privacy, orders_and_filters_by_what_is_personal_only_for_who_sees_it_in_full) {
  serve();
  auto client = person_with_role("olga", "operator");
  const std::string users = "/api/v1/admin/users", memories = users + "/" + to_string(user) + "/memories";
  auto param = [&](const std::string& target) {
    auto answer = client.get(target);
    EXPECT_EQ(answer.status, 400) << target;
    return answer.json()["error"]["param"].get<std::string>();
  };
  for (const char* mode : {"?", "?privacy=masked&", "?privacy=none&"}) {
    EXPECT_EQ(param(users + mode + "sort=email&page_size=1"), "sort");
    EXPECT_EQ(param(users + mode + "sort=-name"), "sort");
    EXPECT_EQ(param(users + mode + "filter=email:like:ada*"), "filter");
    EXPECT_EQ(param(users + mode + "filter=created_at:gt:2020-01-01T00:00:00Z,name:eq:Ada"), "filter");
    EXPECT_EQ(param(memories + mode + "sort=text&page_size=1"), "sort");
    EXPECT_EQ(param(memories + mode + "filter=text:like:dog"), "filter");
  }
  EXPECT_EQ(people_twin.asked, 0u);
  EXPECT_EQ(client.get(users + "?sort=-created_at").status, 200);
  EXPECT_EQ(client.get(users + "?sort=email&privacy=full&reason=ticket%207").status, 200);
  EXPECT_EQ(client.get(memories + "?filter=text:like:dog&privacy=full&reason=ticket%207").status, 200);
  EXPECT_EQ(people_twin.asked, 3u);
}

TEST_F(operator_privacy, orders_by_nothing_personal_where_the_server_forbids_the_full_mode) {
  served::operators.full_allowed = false;
  serve();
  auto client = person_with_role("olga", "operator");
  EXPECT_EQ(client.get("/api/v1/admin/users?sort=email&privacy=full&reason=because").status, 403);
  EXPECT_EQ(people_twin.asked, 0u);
}

TEST_F(operator_privacy, keeps_on_record_whom_somebody_looked_for) {
  serve();
  auto client = person_with_role("olga", "operator");
  EXPECT_EQ(client.get("/api/v1/admin/users?q=ada%40&sort=created_at&filter=id:eq:" + to_string(user) + "&filter=conversations:gt:1").status, 200);
  EXPECT_EQ(trail.last().action, "users.list");
  EXPECT_EQ(trail.last().detail["q"], "ada@");
  EXPECT_EQ(trail.last().detail["sort"], "created_at");
  EXPECT_EQ(trail.last().detail["filter"], "id:eq:" + to_string(user) + " & conversations:gt:1");
}

} // namespace
} // namespace reverie::tests
