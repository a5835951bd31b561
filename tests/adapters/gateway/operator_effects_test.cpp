#include "tests/adapters/gateway/served.hpp"
#include "tests/adapters/gateway/twin_operators.hpp"

#include "tests/support/record_samples.hpp"

#include <set>

namespace reverie::tests {
namespace {

class operator_effects : public served {
protected:
  operator_effects() { served::operators.audit = &trail; }

  void waits(std::uint64_t number, bool failed = false) {
    actors::effect_status one{.id = {numbered_uuid(number)}, .entity = {events::entity_kind::session, numbered_uuid(1)}, .kind = "generate_reply",
                              .since = events::from_milliseconds(1'700'000'000'000 + static_cast<std::int64_t>(number / 10)), .attempts = 1, .failed = failed};
    one.cause = {one.entity, {1}};
    (failed ? node.refused : node.waiting).push_back(one);
  }
  twin_audit trail;
};

TEST_F(operator_effects, are_turned_over_page_by_page_and_none_is_left_out_or_shown_twice) {
  for (std::uint64_t i = 1; i <= 450; ++i) waits(i);
  for (std::uint64_t i = 451; i <= 455; ++i) waits(i, true);
  serve();
  auto client = person_with_role("olga", "operator");
  std::set<std::string> seen;
  std::string cursor;
  std::size_t pages = 0;
  for (bool more = true; more; ++pages) {
    auto page = client.get("/api/v1/admin/effects?page_size=100" + (cursor.empty() ? "" : "&cursor=" + cursor)).json();
    EXPECT_EQ(page["total"], 455);
    EXPECT_EQ(page["depth"], 450);
    for (const auto& each : page["items"]) EXPECT_TRUE(seen.insert(each["id"].get<std::string>()).second);
    more = page["has_more"].get<bool>();
    if (more) cursor = page["next_cursor"].get<std::string>();
    ASSERT_LT(pages, 10u);
  }
  EXPECT_EQ(pages, 5u);
  EXPECT_EQ(seen.size(), 455u);
  node.waiting.erase(node.waiting.begin(), node.waiting.begin() + 100); // what was shown first is done meanwhile
  auto again = client.get("/api/v1/admin/effects?state=pending&page_size=200&cursor=1700000000009." + to_string(numbered_uuid(99)) + ".99").json();
  EXPECT_EQ(again["items"][0]["id"], to_string(numbered_uuid(101)));
  EXPECT_EQ(again["items"].size(), 200u);
  for (const char* bad : {"x", "1.2.3", "..", "1700000000009"}) EXPECT_EQ(client.get(std::string("/api/v1/admin/effects?cursor=") + bad).json()["error"]["param"], "cursor") << bad;
}

TEST_F(operator_effects, show_what_failed_however_many_wait) {
  for (std::uint64_t i = 1; i <= 3'000; ++i) waits(i);
  for (std::uint64_t i = 5'001; i <= 5'003; ++i) waits(i, true);
  serve();
  auto page = person_with_role("olga", "operator").get("/api/v1/admin/effects?state=failed").json();
  ASSERT_EQ(page["items"].size(), 3u);
  EXPECT_EQ(page["items"][0]["state"], "failed");
  EXPECT_EQ(page["total"], 3);
  EXPECT_EQ(page["failed"], 3);
  EXPECT_EQ(page["depth"], 3'000);
  EXPECT_FALSE(page["has_more"].get<bool>());
  EXPECT_FALSE(page["alert"].is_null());
}

TEST_F(operator_effects, are_asked_for_again_with_the_reason_on_record) {
  serve();
  auto client = person_with_role("olga", "operator");
  const auto path = "/api/v1/admin/effects/" + to_string(numbered_uuid(7)) + "/retry";
  EXPECT_EQ(client.post(path, {{"reason", "the model is back"}}).status, 404) << "there is none of that id";
  const std::scoped_lock lock(trail.mutex);
  ASSERT_EQ(trail.entries.size(), 2U);
  for (const auto& each : trail.entries) {
    EXPECT_EQ(each.action, "effect.retry");
    EXPECT_EQ(each.reason, "the model is back");
  }
  EXPECT_EQ(trail.entries[0].outcome, "begun");
  EXPECT_EQ(trail.entries[1].outcome, "failed");
}

TEST_F(operator_effects, that_may_be_where_nobody_can_be_asked_are_not_called_gone) {
  waits(7, true);
  node.out_of_reach = {3, 5};
  serve();
  auto client = person_with_role("olga", "operator");
  const auto retried = [&](std::uint64_t number) { return client.post("/api/v1/admin/effects/" + to_string(numbered_uuid(number)) + "/retry", {{"reason", "again"}}); };
  const auto page = client.get("/api/v1/admin/effects?state=failed").json();
  EXPECT_EQ(page["items"].size(), 1U);
  EXPECT_EQ(page["unreachable"], document({3, 5}));
  EXPECT_EQ(retried(7).status, 202) << "it is where somebody answers";
  EXPECT_EQ(trail.last().outcome, "done");
  const auto unknown = retried(8);
  EXPECT_EQ(unknown.status, 503);
  EXPECT_EQ(unknown.json()["error"]["code"], "unavailable");
  EXPECT_TRUE(unknown.json()["error"]["message"].get<std::string>().starts_with("Partition 3 could not be asked.")) << unknown.body;
  EXPECT_EQ(trail.last().outcome, "failed");
  EXPECT_EQ(trail.last().detail["why"], unknown.json()["error"]["message"]);
  node.out_of_reach.clear();
  EXPECT_EQ(retried(8).status, 404);
  EXPECT_EQ(client.get("/api/v1/admin/effects").json()["unreachable"], document::array());
}

} // namespace
} // namespace reverie::tests
