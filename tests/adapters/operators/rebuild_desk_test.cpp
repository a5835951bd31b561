#include "ops/operator/dead_letter_desk.hpp"
#include "ops/operator/projection_desk.hpp"
#include "ops/operator/postgres_audit_log.hpp"
#include "projections/postgres/advisory_lock.hpp"
#include "tests/adapters/gateway/twin_operators.hpp"
#include "tests/support/comes_true.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using gateway::document;

/// Rebuilds and switches as an operator asks for them.
struct rebuild_desk : testing::Test {
  test_database database;
  talking_world world;
  events::user_id anna = world.add_user("Anna");
  events::character_id mira = world.add_character("Mira");
  conversation talk{world, anna, mira};
  projections::connection_pool pool{database.conninfo()};
  projections::projection_runner runner{projections::projection_runner::options{database.conninfo()}, world.log, world.keys};

  void SetUp() override {
    for (int i = 0; i < 10; ++i) talk.say("turn " + std::to_string(i));
    ASSERT_TRUE(runner.start());
    ASSERT_TRUE(all_folded(runner, world.log));
  }
  std::unique_ptr<ops::projection_desk> desk(std::chrono::milliseconds switch_within = 20s) {
    return std::make_unique<ops::projection_desk>(pool, projections::bulk_source{database.conninfo(), world.log, world.keys}, 0, 0, switch_within);
  }
  std::string versions_of(const std::string& projection) {
    return database.ask("SELECT count(*) FROM runner.projection_versions WHERE projection = '" + projection + "'");
  }
  static document read(const gateway::result<document>& answered) {
    EXPECT_TRUE(answered) << answered.error().message;
    return answered ? *answered : document(nullptr);
  }
};

TEST_F(rebuild_desk, goes_on_with_an_interrupted_rebuild_as_it_was_begun) {
  read(desk()->act({.projection = "messages", .what = "rebuild", .rate = 3, .live_p99_ms = 70, .switch_over = false}));
  const auto second = desk();
  EXPECT_EQ(read(second->rebuild_of("messages"))["state"], "paused");
  auto view = read(second->act({.projection = "messages", .what = "resume"}));
  ASSERT_TRUE(second->wait_until_idle(40s));
  view = read(second->rebuild_of("messages"));
  EXPECT_EQ(view["state"], "ready") << "nobody has confirmed a switch";
  EXPECT_TRUE(view["problem"].is_null());
  EXPECT_EQ(view["rate_limit"], 3);
  EXPECT_EQ(view["live_p99_limit_ms"], 70);
  EXPECT_EQ(second->act({.projection = "messages", .what = "resume"}).error().status, 409);
}

TEST_F(rebuild_desk, goes_on_by_itself_with_what_an_earlier_server_was_about) {
  read(desk()->act({.projection = "messages", .what = "rebuild", .rate = 10, .switch_over = false}));
  const auto second = desk();
  second->resume_interrupted(20s);
  EXPECT_TRUE(comes_true([&] { return read(second->rebuild_of("messages"))["state"] == "ready"; }));
  EXPECT_EQ(read(second->rebuild_of("messages"))["rate_limit"], 10);
  EXPECT_FALSE(second->resume_free()) << "nothing is left to be done";
  ASSERT_TRUE(second->wait_until_idle(20s));
  EXPECT_EQ(versions_of("messages"), "2");
}

TEST_F(rebuild_desk, leaves_what_was_paused_and_what_a_tool_was_about_to_who_resumes_it) {
  {
    const auto first = desk();
    read(first->act({.projection = "messages", .what = "rebuild", .rate = 1}));
    read(first->act({.projection = "messages", .what = "pause"}));
    ASSERT_TRUE(comes_true([&] { return read(first->rebuild_of("messages"))["state"] == "paused"; }));
  }
  const projections::fold* users[] = {projections::find_fold("users")};
  std::stop_source tool;
  const auto stop_at_once = [&](const projections::bulk_progress&) { tool.request_stop(); };
  ASSERT_FALSE(projections::rebuild({database.conninfo(), world.log, world.keys}, users, stop_at_once, tool.get_token(), {.pace = {.events_per_second = 1}}));
  const auto second = desk();
  EXPECT_FALSE(second->resume_free());
  EXPECT_TRUE(second->wait_until_idle(0ms));
  EXPECT_EQ(database.ask("SELECT string_agg(projection || ' ' || wanted || ' ' || resumptions, ', ' ORDER BY projection) FROM runner.rebuilds"), "messages pause 0, users run 0");
}

TEST_F(rebuild_desk, goes_on_by_itself_three_times_at_most_and_never_from_the_beginning) {
  // None of the four that work on it comes further than one batch before it rests: it must take more of them, or one would end it.
  for (int i = 0; i < 400; ++i) talk.say("turn " + std::to_string(i));
  ASSERT_TRUE(all_folded(runner, world.log));
  read(desk()->act({.projection = "messages", .what = "rebuild", .rate = 1}));
  for (int i = 0; i < 3; ++i) {
    const auto next = desk();
    EXPECT_TRUE(next->resume_free() || !next->wait_until_idle(0ms)) << read(next->rebuild_of("messages"));
    ASSERT_TRUE(comes_true([&] { return database.ask("SELECT resumptions FROM runner.rebuilds") == std::to_string(i + 1); }));
  }
  EXPECT_FALSE(desk()->resume_free());
  // One that switched and was killed before it could say so has nothing left to go on with.
  database.ask("WITH gone AS (UPDATE runner.rebuilds SET resumptions = 0, state = 'running' RETURNING 1), served AS (UPDATE runner.projection_versions SET state = 'followed' RETURNING 1) SELECT count(*) FROM gone, served");
  const auto last = desk();
  EXPECT_FALSE(last->resume_free());
  EXPECT_TRUE(last->wait_until_idle(0ms));
  const projections::fold* messages[] = {projections::find_fold("messages")};
  const auto none = projections::rebuild({database.conninfo(), world.log, world.keys}, messages, {}, {}, {.only_resume = true});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, events::failure_code::not_found);
  EXPECT_EQ(versions_of("messages"), "2");
}

TEST_F(rebuild_desk, answers_with_the_rebuild_when_a_switch_takes_its_time) {
  const auto first = desk(0ms);
  read(first->act({.projection = "messages", .what = "rebuild", .switch_over = false}));
  ASSERT_TRUE(first->wait_until_idle(20s));
  auto view = read(desk()->rebuild_of("messages"));
  EXPECT_EQ(view["state"], "ready");
  EXPECT_EQ(view["comparison"]["differences"], 0) << "another desk knows too what was found";
  view = read(first->act({.projection = "messages", .what = "switch"}));
  ASSERT_TRUE(view.is_object()) << "it is not done at once";
  EXPECT_EQ(view["version"], 2);
  ASSERT_TRUE(first->wait_until_idle(20s));
  EXPECT_EQ(read(first->rebuild_of("messages"))["state"], "switched");
  const auto patient = desk();
  read(patient->act({.projection = "messages", .what = "rebuild", .switch_over = false}));
  ASSERT_TRUE(patient->wait_until_idle(20s));
  EXPECT_TRUE(read(patient->act({.projection = "messages", .what = "switch"})).is_null()) << "it serves";
}

TEST_F(rebuild_desk, says_why_a_version_was_not_switched_to_and_switches_when_told) {
  const events::session_id orphan{world.fresh_id()};
  world.last = world.write({events::entity_kind::session, orphan.value}, anna, {events::session::message_sent{{world.fresh_id()}, {}, "to nobody", {}}});
  ASSERT_TRUE(all_folded(runner, world.log));
  ASSERT_EQ(database.ask("WITH gone AS (DELETE FROM runner.dead_letters WHERE projection = 'messages' RETURNING 1) SELECT count(*) FROM gone"), "1");
  const auto steering = desk();
  read(steering->act({.projection = "messages", .what = "rebuild"}));
  ASSERT_TRUE(steering->wait_until_idle(20s));
  const auto view = read(steering->rebuild_of("messages"));
  EXPECT_EQ(view["state"], "ready");
  EXPECT_TRUE(view["problem"].get<std::string>().contains("dead letters in the new version")) << view.dump();
  EXPECT_EQ(view["comparison"]["parked_in_new"], 1);
  EXPECT_EQ(steering->act({.projection = "messages", .what = "resume"}).error().status, 409);
  EXPECT_TRUE(read(steering->act({.projection = "messages", .what = "switch"})).is_null());
  EXPECT_EQ(read(steering->rebuild_of("messages"))["state"], "switched");
}

/// The trail of what goes on by itself, and the lines in the server's log.
struct resumptions {
  explicit resumptions(gateway::audit_log& audit)
      : trail(audit, "127.0.0.1:8080", [] { return events::from_milliseconds(1'800'000'000'000); }, [this](auto level, auto message, auto fields) {
          std::string line = std::string(level) + " " + std::string(message);
          for (const auto& [name, value] : fields) line += " " + std::string(name) + "=" + value;
          const std::scoped_lock lock(mutex);
          lines.push_back(line);
        }) {}
  std::mutex mutex;
  std::vector<std::string> lines;
  ops::resumption_trail trail;
};

TEST_F(rebuild_desk, puts_on_record_what_it_goes_on_with_by_itself_and_who_had_begun_it) {
  ops::postgres_audit_log audit{pool};
  gateway::audit_entry begun{.id = numbered_uuid(1), .at = events::from_milliseconds(1'700'000'000'000), .actor = {}, .actor_email = "olga@example.org", .action = "projection.rebuild",
                             .subject = "bonds, messages", .privacy = {}, .reason = "new column", .outcome = "begun", .request_id = "r", .address = ""};
  ASSERT_TRUE(audit.append(begun));
  read(desk()->act({.projection = "messages", .what = "rebuild", .rate = 10, .switch_over = false}));
  resumptions kept(audit);
  const auto second = desk();
  second->keep_record_in(kept.trail);
  second->resume_free();
  ASSERT_TRUE(second->wait_until_idle(20s));
  const auto found = audit.list({.actor = "server", .action = "", .text = "", .since = {}, .until = {}}, {}, 10);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->items.size(), 2U);
  for (const auto& each : found->items) {
    EXPECT_EQ(each.actor_email, "server");
    EXPECT_EQ(each.action, "projection.rebuild");
    EXPECT_EQ(each.subject, "messages");
    EXPECT_TRUE(each.reason.contains("after an interruption; begun by olga@example.org at 2023-11-14")) << each.reason;
    EXPECT_EQ(each.request_id, found->items[0].request_id);
  }
  EXPECT_EQ(found->items[1].outcome, "begun");
  EXPECT_EQ(found->items[0].outcome, "done");
  EXPECT_EQ(found->items[0].detail["switched"], false);
  ASSERT_EQ(kept.lines.size(), 2U);
  EXPECT_TRUE(kept.lines[0].starts_with("info goes on with an interrupted rebuild projection=messages begun_by=olga@example.org")) << kept.lines[0];
  EXPECT_TRUE(kept.lines[1].contains("is done")) << kept.lines[1];
}

TEST_F(rebuild_desk, puts_on_record_that_what_it_went_on_with_was_interrupted_again) {
  ops::postgres_audit_log audit{pool};
  read(desk()->act({.projection = "messages", .what = "rebuild", .rate = 1}));
  resumptions kept(audit);
  {
    const auto second = desk();
    second->keep_record_in(kept.trail);
    second->resume_free();
    ASSERT_TRUE(comes_true([&] { return database.ask("SELECT resumptions FROM runner.rebuilds") == "1"; }));
  }
  const auto found = audit.list({.actor = "server", .action = "", .text = "", .since = {}, .until = {}}, {}, 10);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->items.size(), 2U);
  EXPECT_EQ(found->items[0].outcome, "failed");
  EXPECT_EQ(found->items[0].detail["why"], "stopped on request");
  EXPECT_TRUE(found->items[0].reason.contains("begun by somebody the trail does not know"));
  ASSERT_EQ(kept.lines.size(), 2U);
  EXPECT_TRUE(kept.lines[1].starts_with("warn ")) << kept.lines[1];
}

TEST_F(rebuild_desk, does_not_call_failed_what_another_server_goes_on_with) {
  twin_audit audit;
  read(desk()->act({.projection = "messages", .what = "rebuild", .rate = 3, .switch_over = false}));
  resumptions kept(audit);
  const auto late = kept.trail.begin("messages"); // two servers that start together both begin
  ASSERT_TRUE(late);
  auto elsewhere = database.connect();
  auto working = std::make_optional(projections::advisory_lock::try_now(elsewhere, "rebuild.messages"));
  ASSERT_TRUE(*working);
  const projections::fold* which[] = {projections::find_fold("messages")};
  const auto again = [&] { return projections::rebuild({database.conninfo(), world.log, world.keys}, which, {}, {}, {.by_server = true, .only_resume = true}); };
  const auto while_it_runs = again();
  ASSERT_FALSE(while_it_runs);
  EXPECT_EQ(while_it_runs.error().code, events::failure_code::locked);
  kept.trail.end(*late, while_it_runs);
  EXPECT_EQ(audit.last().outcome, "refused");
  EXPECT_EQ(audit.last().detail["why"], while_it_runs.error().message);
  working.reset();
  const auto faster = desk();
  faster->keep_record_in(kept.trail);
  faster->resume_free();
  ASSERT_TRUE(faster->wait_until_idle(40s));
  EXPECT_EQ(audit.last().outcome, "done") << "by who was faster";
  database.ask("WITH served AS (UPDATE runner.projection_versions SET state = 'followed' RETURNING 1) SELECT count(*) FROM served");
  const auto too_late = again();
  ASSERT_FALSE(too_late);
  EXPECT_EQ(too_late.error().code, events::failure_code::not_found);
  kept.trail.end(*late, too_late);
  EXPECT_EQ(audit.last().outcome, "refused");
  for (const auto& line : kept.lines) EXPECT_TRUE(line.starts_with("info ")) << line;
}

TEST_F(rebuild_desk, goes_on_with_nothing_that_can_not_be_put_on_record) {
  twin_audit audit;
  audit.away = true;
  read(desk()->act({.projection = "messages", .what = "rebuild", .rate = 1}));
  resumptions kept(audit);
  const auto second = desk();
  second->keep_record_in(kept.trail);
  second->resume_free();
  ASSERT_TRUE(second->wait_until_idle(20s));
  EXPECT_EQ(database.ask("SELECT state || ' ' || resumptions FROM runner.rebuilds"), "running 0");
  EXPECT_EQ(read(second->rebuild_of("messages"))["state"], "paused") << "an operator can go on with it";
  ASSERT_EQ(kept.lines.size(), 1U);
  EXPECT_TRUE(kept.lines[0].contains("the audit trail can't be written")) << kept.lines[0];
}

TEST_F(rebuild_desk, leaves_the_dead_letters_of_a_version_that_was_held_back_to_be_looked_at) {
  const events::session_id orphan{world.fresh_id()};
  world.last = world.write({events::entity_kind::session, orphan.value}, anna, {events::session::message_sent{{world.fresh_id()}, {}, "to nobody", {}}});
  ASSERT_TRUE(all_folded(runner, world.log));
  ASSERT_EQ(database.ask("WITH gone AS (DELETE FROM runner.dead_letters WHERE projection = 'messages' RETURNING 1) SELECT count(*) FROM gone"), "1");
  const auto steering = desk();
  read(steering->act({.projection = "messages", .what = "rebuild"}));
  ASSERT_TRUE(steering->wait_until_idle(20s));
  ops::dead_letter_desk letters{pool, {database.conninfo(), world.log, world.keys}};
  EXPECT_EQ(read(letters.list({.projection = "messages", .state = "", .entity = "", .cursor = ""}))["total"], 0) << "none of the one that serves";
  const auto held = read(letters.list({.projection = "messages", .state = "", .entity = "", .cursor = "", .version = 2}));
  ASSERT_EQ(held["total"], 1);
  const auto& letter = held["items"][0];
  EXPECT_EQ(letter["version"], 2);
  EXPECT_EQ(letter["serving"], false);
  EXPECT_EQ(letter["position"], events::to_string(world.last));
  EXPECT_FALSE(letter["message"].get<std::string>().empty());
  const auto retried = letters.retry(std::stoll(letter["id"].get<std::string>()), false);
  ASSERT_FALSE(retried);
  EXPECT_EQ(retried.error().status, 409);
  EXPECT_TRUE(retried.error().message.contains("does not serve")) << retried.error().message;
  EXPECT_EQ(letters.list({.projection = "messages", .state = "", .entity = "", .cursor = "", .version = 3}).error().status, 404);
  auto operators = database.connect();
  const auto listed = projections::list_letters(operators, {.projection = "messages", .entity = {}, .id = {}, .version = 2}, 10);
  ASSERT_TRUE(listed) << listed.error().message;
  ASSERT_EQ(listed->size(), 1U);
  EXPECT_EQ(listed->front().version, 2U);
}

} // namespace
} // namespace reverie::tests
