#include "projections/runner/row_comparison.hpp"
#include "projections/postgres/projection_schemas.hpp"
#include "projections/runner/version_places.hpp"
#include "tests/support/postgres_server.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using namespace projections;

/// Two sides of the messages, of some hundred bytes each, alike until a test changes one of them.
struct row_comparing : testing::Test {
  test_database database;
  connection direct = database.connect();
  const fold& messages = *find_fold("messages");
  int pieces = 0;

  void fill(int rows) {
    for (const char* side : {"stored", "expected"}) {
      ASSERT_TRUE(make_shadow(direct, messages, side));
      change("INSERT INTO " + std::string(side) + ".messages SELECT md5(i::text)::uuid, md5('c')::uuid, NULL, i, true, 'user', 'complete', "
             "repeat(md5(i::text), 20), 1, 'm', 'stop', '', '', 0, 1, '2026-01-01Z', '2026-01-01Z', 0, i FROM generate_series(1, " + std::to_string(rows) + ") i");
    }
  }
  void change(const std::string& script) {
    const auto done = direct.run_script(script);
    ASSERT_TRUE(done) << done.error().message;
  }
  outcome<row_comparison> compared() {
    row_comparison found;
    pieces = 0;
    if (auto begun = begin_snapshot(direct); !begun) return std::unexpected(begun.error());
    const auto done = compare_rows(direct, messages, "stored", "expected", 5, found, [this]() -> outcome<void> {
      ++pieces;
      return {};
    });
    direct.roll_back();
    if (!done) return std::unexpected(done.error());
    return found;
  }
  row_comparison alike_or_not() {
    const auto found = compared();
    EXPECT_TRUE(found) << found.error().message;
    return found.value_or(row_comparison{});
  }
};

TEST_F(row_comparing, goes_through_a_large_table_piece_by_piece) {
  fill(60'000);
  const auto found = alike_or_not();
  EXPECT_EQ(found.rows, 60'000U);
  EXPECT_EQ(found.differences, 0U);
  EXPECT_GE(pieces, 6); // of 50 MB on each side
}

TEST_F(row_comparing, sees_rows_alike_that_lie_in_another_order) {
  fill(2'000);
  change("DELETE FROM expected.messages WHERE depth <= 100; INSERT INTO expected.messages SELECT * FROM stored.messages WHERE depth <= 100 ORDER BY depth DESC");
  EXPECT_EQ(alike_or_not().differences, 0U);
}

TEST_F(row_comparing, finds_what_differs_in_the_last_row_of_the_last_piece) {
  fill(30'000);
  change("UPDATE expected.messages SET content = content || '.' WHERE depth = 30000; DELETE FROM expected.messages WHERE depth = 29999; "
         "DELETE FROM stored.messages WHERE depth = 29998");
  const auto found = alike_or_not();
  EXPECT_EQ(found.differences, 3U);
  EXPECT_EQ(found.different, 1U);
  EXPECT_EQ(found.missing, 1U);
  EXPECT_EQ(found.unexpected, 1U);
}

TEST_F(row_comparing, finds_a_value_that_stands_in_another_column) {
  fill(2'000);
  change("UPDATE stored.messages SET model = 'x', finish_reason = '' WHERE depth = 1; UPDATE expected.messages SET model = '', finish_reason = 'x' WHERE depth = 1");
  EXPECT_EQ(alike_or_not().different, 1U);
  change("UPDATE stored.messages SET model = '', finish_reason = 'x' WHERE depth = 1; UPDATE stored.messages SET parent_id = id WHERE depth = 2; "
         "UPDATE expected.messages SET parent_id = md5('other')::uuid WHERE depth = 2");
  EXPECT_EQ(alike_or_not().different, 1U);
}

TEST_F(row_comparing, finds_values_that_two_rows_have_exchanged) {
  fill(2'000);
  for (int pair = 1; pair <= 20; ++pair) {
    const auto one = std::to_string(pair), other = std::to_string(pair + 1'000);
    const auto these = " FROM expected.messages b WHERE a.depth IN (" + one + ", " + other + ") AND b.depth = ";
    change("UPDATE stored.messages a SET content = b.content" + these + one + " + " + other + " - a.depth");
    EXPECT_EQ(alike_or_not().different, 2U) << pair;
    change("UPDATE stored.messages a SET content = b.content" + these + "a.depth");
  }
}

TEST_F(row_comparing, ends_where_it_is_told_to_between_two_pieces) {
  fill(30'000);
  row_comparison found;
  ASSERT_TRUE(begin_snapshot(direct));
  const auto done = compare_rows(direct, messages, "stored", "expected", 5, found, [this]() -> outcome<void> {
    if (++pieces == 2) return events::fail(events::failure_code::cancelled, "enough");
    return {};
  });
  direct.roll_back();
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message, "enough");
  EXPECT_EQ(pieces, 2);
}

} // namespace
} // namespace reverie::tests
