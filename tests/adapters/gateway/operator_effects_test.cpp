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

} // namespace
} // namespace reverie::tests
