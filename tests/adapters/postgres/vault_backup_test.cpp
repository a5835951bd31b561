#include "projections/postgres/vault_backup.hpp"

#include "projections/postgres/postgres_account_store.hpp"
#include "projections/postgres/postgres_wrapped_key_store.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/record_samples.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace reverie::tests {
namespace {

using events::failure_code;

struct vault_of_a_database {
  test_database database;
  projections::connection_pool pool{database.conninfo()};
  projections::postgres_account_store accounts{pool};
  projections::postgres_wrapped_key_store keys{pool};
  projections::connection held = database.connect();
};

struct vault_backup : testing::Test {
  vault_of_a_database old, fresh;
  const events::user_id ada{numbered_uuid(1)}, ben{numbered_uuid(2)};
  std::stringstream file;

  void SetUp() override {
    const auto made = events::from_milliseconds(1'700'000'000'000);
    ASSERT_TRUE(old.accounts.add_pending({ada, "Ada \"the\" first@example.org", "hash-of-ada", events::account_state::pending, {"user", "operator"}, made}));
    ASSERT_TRUE(old.accounts.activate(ada));
    ASSERT_TRUE(old.keys.store(ada, "wrapped-of-ada"));
    ASSERT_TRUE(old.keys.store(ben, "wrapped-of-ben"));
    ASSERT_TRUE(old.accounts.add_api_key({"key-hash", ada, "label", made}));
    ASSERT_TRUE(old.accounts.add_refresh_token({"token-hash", numbered_uuid(9), ada, events::from_milliseconds(4'000'000'000'000)}));
  }
};

TEST_F(vault_backup, brings_accounts_keys_and_sign_ins_to_an_empty_database) {
  const auto written = export_vault(old.held, file);
  ASSERT_TRUE(written.has_value()) << written.error().message;
  EXPECT_EQ(written->rows, 5U);
  const auto read = import_vault(fresh.held, file);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->rows, 5U);
  const auto found = fresh.accounts.find(ada).value().value();
  EXPECT_EQ(found.email, "Ada \"the\" first@example.org");
  EXPECT_EQ(found.password_hash, "hash-of-ada");
  EXPECT_EQ(found.roles, (std::vector<std::string>{"user", "operator"}));
  EXPECT_EQ(fresh.keys.load(ben).value()->wrapped, "wrapped-of-ben");
  EXPECT_EQ(fresh.accounts.find_api_key("key-hash").value()->user, ada);
  EXPECT_EQ(fresh.accounts.rotate("token-hash", {"next", {}, {}, events::from_milliseconds(4'000'000'000'000)}, events::from_milliseconds(0))->first,
            events::refresh_use::rotated);
}

TEST_F(vault_backup, never_brings_a_destroyed_key_back) {
  ASSERT_TRUE(export_vault(old.held, file).has_value());
  ASSERT_TRUE(old.keys.destroy(ada));
  const auto read = import_vault(old.held, file);
  ASSERT_TRUE(read.has_value()) << read.error().message;
  EXPECT_EQ(read->rows, 0U);
  EXPECT_EQ(read->present, 5U);
  EXPECT_TRUE(old.keys.load(ada).value()->erased);
}

TEST_F(vault_backup, brings_what_operators_decided_about_events_behind_what_is_there) {
  const std::string rule = "INSERT INTO rules.event_rules (projection, entity, event_type, event_version, from_sequence, to_sequence, operations, reason, author) VALUES ";
  old.database.ask(rule + R"(('messages', 'session/1', 'session.message_sent', 1, 3, 3, '[{"op":"remove","path":"/a"}]', 'wrong', 'ada') RETURNING 1)");
  old.database.ask(rule + R"(('messages', NULL, 'session.message_sent', 1, 1, NULL, '[{"op":"remove","path":"/b"}]', 'wrong', 'ada') RETURNING 1)");
  old.database.ask("UPDATE rules.event_rules SET retired_at = now(), retire_reason = 'mended' WHERE id = 1 RETURNING 1");
  old.database.ask("INSERT INTO runner.discarded_events (projection, entity, sequence, reason) VALUES ('messages', 'session/2', 7, 'spam') RETURNING 1");
  fresh.database.ask(rule + R"(('bonds', NULL, 'bond.opened', 1, 1, NULL, '[]', 'another', 'ben') RETURNING 1)");
  ASSERT_EQ(export_vault(old.held, file)->rows, 8U);
  const auto text = file.str();
  ASSERT_EQ(import_vault(fresh.held, file)->rows, 8U);
  EXPECT_EQ(fresh.database.ask("SELECT string_agg(id || projection || coalesce(entity, '') || coalesce(retire_reason, ''), ' ' ORDER BY id) FROM rules.event_rules"),
            "1bonds 2messagessession/1mended 3messages");
  EXPECT_EQ(fresh.database.ask("SELECT reason FROM runner.discarded_events WHERE entity = 'session/2' AND sequence = 7"), "spam");
  std::stringstream again(text);
  EXPECT_EQ(import_vault(fresh.held, again)->present, 8U);
  EXPECT_EQ(fresh.database.ask("SELECT count(*) FROM rules.event_rules"), "3");
}

TEST_F(vault_backup, of_a_build_that_knew_no_rules_is_read) {
  ASSERT_TRUE(export_vault(old.held, file).has_value());
  auto text = file.str();
  text.replace(text.find(R"("reverie_vault":2)"), 17, R"("reverie_vault":1)");
  std::stringstream older(text);
  EXPECT_EQ(import_vault(fresh.held, older)->rows, 5U);
}

TEST_F(vault_backup, that_is_cut_short_or_something_else_adds_nothing) {
  ASSERT_TRUE(export_vault(old.held, file).has_value());
  const auto whole = file.str();
  const auto last_line = whole.rfind('\n', whole.size() - 2);
  for (const auto& text : {whole.substr(0, last_line + 1), whole.substr(0, last_line / 2), std::string("{}\n"), std::string()}) {
    std::stringstream damaged(text);
    EXPECT_EQ(import_vault(fresh.held, damaged).error().code, failure_code::malformed) << text.size();
  }
  std::stringstream newer(R"({"reverie_vault":3})");
  EXPECT_EQ(import_vault(fresh.held, newer).error().code, failure_code::unknown_version);
  EXPECT_EQ(fresh.database.ask("SELECT count(*) FROM vault.accounts"), "0");
}

} // namespace
} // namespace reverie::tests
