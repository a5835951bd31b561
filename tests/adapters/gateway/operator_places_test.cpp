#include "tests/adapters/gateway/served.hpp"
#include "tests/adapters/gateway/twin_operators.hpp"

namespace reverie::tests {
namespace {

using gateway::event_rule_wish;
using gateway::letter_query;

/// Dead letters of which there is one, and the rules that were wished for it.
class twin_letters : public gateway::letter_desk {
public:
  result<document> list(const letter_query& query) override {
    return document{{"items", document::array()}, {"asked", query.projection + (query.version ? " v" + std::to_string(*query.version) : "")}};
  }
  result<std::uint64_t> parked() override { return std::uint64_t{1}; }
  result<document> impact(std::int64_t) override { return document(nullptr); }
  result<document> retry(std::int64_t, bool dry_run) override { return document{{"dry_run", dry_run}}; }
  result<document> discard(std::int64_t, const std::string&) override { return document(nullptr); }
  result<document> rule_preview(std::int64_t id, const event_rule_wish& wish, privacy_mode privacy) override {
    return document{{"before", gateway::personal_text("a secret", privacy)}, {"scope", wish.scope}, {"touches", document::array()}, {"confirm", "rule " + std::to_string(id)}};
  }
  result<document> keep_rule(std::int64_t, const event_rule_wish& wish) override {
    kept.push_back(wish);
    return document{{"folded", 1}};
  }
  result<document> rules(const letter_query& query) override { return document{{"items", document::array()}, {"asked", query.projection}}; }
  result<document> retire_rule_impact(std::int64_t rule) override { return document{{"touches", document::array()}, {"confirm", "retire rule " + std::to_string(rule)}}; }
  result<document> retire_rule(std::int64_t rule, const std::string& reason) override { return document{{"id", std::to_string(rule)}, {"retire_reason", reason}}; }

  std::vector<event_rule_wish> kept;
};

class operator_places : public served {
protected:
  operator_places() {
    served::operators.audit = &trail;
    served::operators.projections = &projections_twin;
    served::operators.letters = &letters_twin;
  }
  twin_audit trail;
  twin_projections projections_twin;
  twin_letters letters_twin;
};

TEST_F(operator_places, set_a_projection_back_only_after_saying_where_to_why_and_that_they_mean_it) {
  serve();
  auto client = person_with_role("olga", "operator");
  const std::string path = "/api/v1/admin/projections/messages/reset";
  EXPECT_EQ(client.post(path + "/preview", {{"partition", 1}, {"to_offset", 7}}).json()["confirm"], "reset messages");
  EXPECT_EQ(client.post(path, {{"confirm", "reset messages"}, {"reason", "why"}}).json()["error"]["param"], "to_offset");
  EXPECT_EQ(client.post(path, {{"to_offset", 7}}).json()["error"]["param"], "partition");
  EXPECT_EQ(client.post(path, {{"to_time", "yesterday"}}).json()["error"]["param"], "to_time");
  EXPECT_EQ(client.post(path, {{"to_start", true}, {"to_time", "2026-01-31T12:00:00Z"}}).json()["error"]["param"], "to_offset");
  EXPECT_EQ(client.post(path, {{"to_start", true}, {"confirm", "reset messages"}}).json()["error"]["param"], "reason");
  EXPECT_EQ(client.post(path, {{"to_start", true}, {"reason", "rows were lost"}}).json()["error"]["param"], "confirm");
  EXPECT_TRUE(projections_twin.resets.empty());
  const auto done = client.post(path, {{"partition", 1}, {"to_offset", 7}, {"confirm", "reset messages"}, {"reason", "rows were lost"}});
  EXPECT_EQ(done.status, 200) << done.body;
  ASSERT_EQ(projections_twin.resets.size(), 1u);
  EXPECT_EQ(projections_twin.resets[0].offset, 7u);
  EXPECT_EQ(trail.last().action, "projection.reset");
  EXPECT_EQ(trail.last().detail["to_offset"], 7);
}

TEST_F(operator_places, let_a_projection_stand_still_with_a_reason_and_go_on) {
  serve();
  auto client = person_with_role("olga", "operator");
  EXPECT_EQ(client.post("/api/v1/admin/projections/messages/pause", {{"partition", 0}}).json()["error"]["param"], "reason");
  EXPECT_EQ(client.post("/api/v1/admin/projections/messages/pause", {{"partition", 0}, {"reason", "to look"}}).status, 200);
  EXPECT_EQ(projections_twin.paused, "to look");
  EXPECT_EQ(client.post("/api/v1/admin/projections/messages/resume", nlohmann::json::object()).status, 200);
  EXPECT_EQ(projections_twin.paused, "");
}

TEST_F(operator_places, look_at_the_dead_letters_of_one_version_of_a_projection) {
  serve();
  auto client = person_with_role("olga", "operator");
  EXPECT_EQ(client.get("/api/v1/admin/dead-letters?projection=messages").json()["asked"], "messages");
  EXPECT_EQ(client.get("/api/v1/admin/dead-letters?projection=messages&version=2").json()["asked"], "messages v2");
  EXPECT_EQ(client.get("/api/v1/admin/dead-letters?version=2").json()["error"]["param"], "version") << "of which projection?";
  EXPECT_EQ(client.get("/api/v1/admin/dead-letters?projection=messages&version=new").json()["error"]["param"], "version");
  EXPECT_EQ(client.get("/api/v1/admin/dead-letters?projection=messages&version=9999999999").status, 404);
}

TEST_F(operator_places, give_a_rule_whose_values_are_on_no_record) {
  serve();
  auto client = person_with_role("olga", "operator");
  const std::string path = "/api/v1/admin/dead-letters/3/rule";
  const auto operations = nlohmann::json::array({{{"op", "set"}, {"path", "/content"}, {"value", "my own words"}}});
  EXPECT_EQ(client.post(path + "/preview", {{"operations", operations}}).json()["before"], "• ••••••");
  EXPECT_EQ(trail.last().privacy, privacy_mode::masked);
  EXPECT_EQ(client.post(path + "/preview?privacy=full", {{"operations", operations}}).status, 400) << "a reason is asked for";
  EXPECT_EQ(client.post(path + "/preview?privacy=full&reason=a%20ticket", {{"operations", operations}}).json()["before"], "a secret");
  EXPECT_EQ(client.post(path, {{"operations", "none"}}).json()["error"]["param"], "operations");
  EXPECT_EQ(client.post(path, {{"operations", operations}, {"scope", "world"}}).json()["error"]["param"], "scope");
  const auto kept = client.post(path, {{"operations", operations}, {"scope", "entity"}, {"confirm", "rule 3"}, {"reason", "two had one id"}});
  EXPECT_EQ(kept.status, 200) << kept.body;
  ASSERT_EQ(letters_twin.kept.size(), 1u);
  EXPECT_EQ(letters_twin.kept[0].author, "olga@example.org");
  EXPECT_EQ(letters_twin.kept[0].scope, "entity");
  EXPECT_EQ(trail.last().detail["operations"][0]["path"], "/content");
  for (const auto& each : trail.entries) EXPECT_EQ(each.detail.dump().find("my own words"), std::string::npos);
  EXPECT_EQ(client.get("/api/v1/admin/event-rules?projection=messages").json()["asked"], "messages");
  EXPECT_EQ(client.post("/api/v1/admin/event-rules/9/retire", {{"confirm", "retire rule 9"}, {"reason", "mended"}}).json()["retire_reason"], "mended");
}

} // namespace
} // namespace reverie::tests
