#include "tests/adapters/gateway/served.hpp"
#include "tests/adapters/gateway/twin_operators.hpp"

namespace reverie::tests {
namespace {

/// Vectors of which nothing is known but what was asked for.
class twin_vectors : public gateway::vector_steering {
public:
  result<document> list() override { return document(nullptr); }
  result<document> build_view() override { return document(nullptr); }
  result<document> impact(const std::string&, std::uint32_t) override { return document{{"touches", document::array()}, {"confirm", "vectors"}}; }
  result<document> act(const std::string& what, std::uint32_t, bool) override {
    done.push_back(what);
    return document(nullptr);
  }
  result<document> compare(std::uint32_t, std::uint64_t, std::uint64_t) override { return document(nullptr); }

  std::vector<std::string> done;
};

class operator_actions : public served {
protected:
  operator_actions() {
    served::operators.audit = &trail;
    served::operators.projections = &projections_twin;
    served::operators.vectors = &vectors_twin;
  }
  twin_audit trail;
  twin_projections projections_twin;
  twin_vectors vectors_twin;
};

TEST_F(operator_actions, want_a_reason_for_all_that_changes_what_readers_see_or_takes_something_away) {
  serve();
  auto client = person_with_role("olga", "operator");
  const std::string projection = "/api/v1/admin/projections/messages", vectors = "/api/v1/admin/vectors";
  const std::pair<std::string, std::string> actions[] = {
      {projection + "/rebuild", "rebuild messages"},         {projection + "/rebuild/cancel", ""}, {projection + "/switch", "rebuild messages"},
      {projection + "/roll-back", "rebuild messages"},       {projection + "/versions/2/drop", "rebuild messages"},
      {vectors + "/build", "vectors"},                       {vectors + "/build/cancel", ""},      {vectors + "/2/switch", "vectors"},
      {vectors + "/roll-back", "vectors"},                   {vectors + "/2/drop", "vectors"}};
  for (const auto& [path, confirm] : actions) {
    for (const char* reason : {"", "  "}) {
      auto without = client.post(path, {{"confirm", confirm}, {"reason", reason}});
      EXPECT_EQ(without.status, 400) << path;
      EXPECT_EQ(without.json()["error"]["param"], "reason") << path;
      EXPECT_EQ(trail.last().outcome, "refused") << path;
    }
  }
  EXPECT_TRUE(projections_twin.done.empty());
  EXPECT_TRUE(vectors_twin.done.empty());
  for (const auto& [path, confirm] : actions) {
    auto done = client.post(path, {{"confirm", confirm}, {"reason", "a ticket"}});
    EXPECT_LT(done.status, 300) << path << " " << done.body;
    EXPECT_EQ(trail.last().reason, "a ticket") << path;
  }
  EXPECT_EQ(projections_twin.done.size(), 5u);
  EXPECT_EQ(vectors_twin.done.size(), 5u);
  EXPECT_EQ(client.post(projection + "/rebuild/pause", nlohmann::json::object()).status, 200) << "what only slows it needs none";
}

TEST_F(operator_actions, are_answered_before_a_switch_is_done_that_takes_its_time) {
  serve();
  auto client = person_with_role("olga", "operator");
  auto goes_on = client.post("/api/v1/admin/projections/messages/switch", {{"confirm", "rebuild messages"}, {"reason", "a ticket"}});
  EXPECT_EQ(goes_on.status, 202) << goes_on.body;
  EXPECT_EQ(goes_on.json()["state"], "running");
  EXPECT_EQ(trail.last().outcome, "begun") << "nobody knows yet how it ends";
}

} // namespace
} // namespace reverie::tests
