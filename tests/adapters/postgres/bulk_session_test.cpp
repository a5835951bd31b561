#include "projections/postgres/bulk_session.hpp"
#include "projections/runner/partition_threads.hpp"
#include "tests/support/postgres_server.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using namespace projections;

struct bulk_session_on_postgres : testing::Test {
  test_database database;
  connection session = connection::open(database.conninfo()).value();

  void SetUp() override { ASSERT_TRUE(session.run_script("CREATE TABLE words (id integer, said text)")); }
  std::string value_of(const std::string& sql) { return std::string(session.run(sql).value().text(0, 0)); }
};

TEST_F(bulk_session_on_postgres, packs_large_texts_by_lz4_where_postgres_knows_it) {
  const bool knows = session.run("SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'").value().boolean(0, 0);
  if (!knows) GTEST_SKIP() << "this Postgres was built without lz4";
  const std::string write = "INSERT INTO words VALUES (1, repeat('the river is high today ', 1000))", how = "SELECT pg_column_compression(said) FROM words";
  ASSERT_TRUE(session.run(write));
  EXPECT_EQ(value_of(how), "pglz");
  ASSERT_TRUE(session.run_script("TRUNCATE words"));
  prefer_fast_packing(session);
  ASSERT_TRUE(session.run(write));
  EXPECT_EQ(value_of(how), "lz4");
}

TEST_F(bulk_session_on_postgres, gives_an_index_the_memory_that_its_rows_need) {
  ASSERT_TRUE(session.run_script("ALTER TABLE words ALTER said SET STORAGE PLAIN; INSERT INTO words SELECT i, repeat('a', 7000) FROM generate_series(1, 20000) i"));
  const auto rows_kb = session.run("SELECT pg_relation_size('words') / 1024").value().integer(0, 0);
  ASSERT_TRUE(run_with_index_memory(session, "words", 2, "CREATE INDEX words_id ON words (id)"));
  const auto kb = session.run("SELECT setting::bigint FROM pg_settings WHERE name = 'maintenance_work_mem'").value().integer(0, 0);
  EXPECT_GT(kb, 256 * 1024);
  EXPECT_GE(kb, rows_kb);
  EXPECT_LE(static_cast<std::uint64_t>(kb) << 10, index_memory_bytes_max);
  EXPECT_EQ(value_of("SHOW max_parallel_maintenance_workers"), "2");
  EXPECT_EQ(value_of("SELECT to_regclass('words_id')"), "words_id");
}

TEST_F(bulk_session_on_postgres, makes_an_index_without_workers_where_shared_memory_does_not_suffice_for_them) {
  // What a container with little shared memory says as soon as workers are to share some.
  const std::string script = "DO $$ BEGIN IF current_setting('max_parallel_maintenance_workers') <> '0' THEN "
                             "RAISE EXCEPTION 'could not resize shared memory segment' USING ERRCODE = 'disk_full'; END IF; END $$; CREATE INDEX words_id ON words (id)";
  ASSERT_TRUE(run_with_index_memory(session, "words", 2, script));
  EXPECT_EQ(value_of("SELECT to_regclass('words_id')"), "words_id");
  const auto refused = run_with_index_memory(session, "words", 2, "CREATE INDEX words_id ON words (id)");
  ASSERT_FALSE(refused);
  EXPECT_EQ(session.problem().state, "42P07") << "anything else is told as it is";
}

TEST(bulk_force, leaves_half_of_the_cores_and_all_parallel_workers_to_others) {
  const auto force = bulk_force::beside_others();
  EXPECT_GE(force.side_by_side, 1U);
  EXPECT_LE(force.side_by_side, std::max(1U, std::thread::hardware_concurrency() / 2));
  EXPECT_EQ(force.index_workers, 0U);
  EXPECT_TRUE(force.gives_way);
}

} // namespace
} // namespace reverie::tests
