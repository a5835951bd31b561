#include "ops/operator/postgres_audit_log.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/record_samples.hpp"

namespace reverie::tests {
namespace {

struct audit_trail : testing::Test {
  test_database database;
  projections::connection_pool pool{database.conninfo()};
  ops::postgres_audit_log trail{pool};

  gateway::audit_entry entry(std::uint64_t number, const std::string& action = "events.read") {
    gateway::audit_entry made{.id = numbered_uuid(number), .at = events::from_milliseconds(1'800'000'000'000 + static_cast<std::int64_t>(number) * 1000),
                              .actor = {numbered_uuid(500 + number % 2)}, .actor_email = number % 2 == 0 ? "olga@example.org" : "adam@example.org", .action = action,
                              .subject = "session/x", .privacy = gateway::privacy_mode::masked, .reason = "100% sure_", .outcome = "done"};
    made.detail["n"] = number;
    made.request_id = "r1";
    made.address = "127.0.0.1";
    return made;
  }
  std::vector<std::uint64_t> numbers(const gateway::audit_filter& which) {
    std::vector<std::uint64_t> all;
    auto page = trail.list(which, {}, 100);
    EXPECT_TRUE(page);
    if (page)
      for (const auto& each : page->items) all.push_back(each.detail["n"].get<std::uint64_t>());
    return all;
  }
};

TEST_F(audit_trail, gives_back_what_was_kept_newest_first_page_by_page) {
  for (std::uint64_t i = 1; i <= 5; ++i) ASSERT_TRUE(trail.append(entry(i)));
  auto page = trail.list({}, {}, 2);
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(page->total, 5u);
  EXPECT_EQ(page->items[0].detail["n"], 5);
  EXPECT_EQ(page->items[0].privacy, gateway::privacy_mode::masked);
  EXPECT_EQ(page->items[0].address, "127.0.0.1");
  auto last = trail.list({}, trail.list({}, page->next, 2)->next, 2);
  EXPECT_EQ(last->items.size(), 1u);
  EXPECT_EQ(last->items[0].detail["n"], 1);
  EXPECT_FALSE(last->next);
  auto uncounted = trail.list({.counted = false}, {}, 2);
  EXPECT_FALSE(uncounted->total);
  EXPECT_EQ(uncounted->items.size(), 2u);
}

TEST_F(audit_trail, is_filtered_by_actor_action_time_and_text) {
  for (std::uint64_t i = 1; i <= 4; ++i) ASSERT_TRUE(trail.append(entry(i, i == 3 ? "projection.rebuild" : "events.read")));
  EXPECT_EQ(numbers({.actor = "OLGA"}), (std::vector<std::uint64_t>{4, 2}));
  EXPECT_EQ(numbers({.actor = to_string(numbered_uuid(501))}), (std::vector<std::uint64_t>{3, 1}));
  EXPECT_EQ(numbers({.action = "projection."}), (std::vector<std::uint64_t>{3}));
  EXPECT_EQ(numbers({.since = entry(2).at, .until = entry(4).at}), (std::vector<std::uint64_t>{3, 2}));
  EXPECT_EQ(numbers({.text = "100% sure_"}).size(), 4u);
  EXPECT_TRUE(numbers({.text = "100_"}).empty()) << "what LIKE takes for patterns stands for itself";
}

TEST_F(audit_trail, lets_nobody_change_or_remove_an_entry) {
  ASSERT_TRUE(trail.append(entry(1)));
  for (const char* sql : {"UPDATE audit.entries SET reason = ''", "DELETE FROM audit.entries", "TRUNCATE audit.entries"}) {
    auto done = pool.run(sql);
    ASSERT_FALSE(done) << sql;
  }
  EXPECT_EQ(numbers({}).size(), 1u);
  EXPECT_FALSE(trail.append(entry(1))) << "an entry is kept once";
}

TEST_F(audit_trail, says_when_it_can_not_be_written) {
  projections::connection_pool nowhere("host=127.0.0.1 port=1 connect_timeout=1");
  ops::postgres_audit_log away(nowhere);
  auto kept = away.append(entry(1));
  ASSERT_FALSE(kept);
  EXPECT_EQ(kept.error().code, events::failure_code::unavailable);
}

} // namespace
} // namespace reverie::tests
