#include "events/replay/record_events.hpp"
#include "events/replay/record_search.hpp"
#include "ops/operator/dead_letter_desk.hpp"
#include "ops/operator/entity_finder.hpp"
#include "ops/operator/entity_timeline.hpp"
#include "ops/operator/log_desk.hpp"
#include "ops/operator/projection_desk.hpp"
#include "ops/operator/reader_desk.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/projection_world.hpp"

namespace reverie::tests {
namespace {

using gateway::document;
using gateway::privacy_mode;

/// People who talk, all folded; and the desks over them.
struct operator_desks : testing::Test {
  test_database database;
  talking_world world;
  events::user_id anna = world.add_user("Anna"), ben = world.add_user("Ben");
  events::character_id mira = world.add_character("Mira");
  conversation talk{world, anna, mira};
  projections::connection_pool pool{database.conninfo()};
  projections::projection_runner runner{projections::projection_runner::options{database.conninfo()}, world.log, world.keys};
  ops::reader_desk people{pool};
  ops::dead_letter_desk letters{pool, {database.conninfo(), world.log, world.keys}};

  void SetUp() override {
    const auto question = talk.say("Do you know Rex?");
    talk.reply("Yes!");
    talk.learn("has a dog called Rex", question);
    ASSERT_TRUE(runner.start());
    ASSERT_TRUE(all_folded(runner, world.log));
  }
  static document read(const gateway::result<document>& answered) {
    EXPECT_TRUE(answered) << answered.error().message;
    return answered ? *answered : document(nullptr);
  }
};

TEST_F(operator_desks, list_people_masked_and_find_them_by_a_part_of_their_name) {
  auto page = read(people.users({.text = "", .list = {}, .privacy = privacy_mode::masked}));
  EXPECT_EQ(page["total"], 2);
  EXPECT_EQ(page["items"][0]["name"], "•••");
  EXPECT_EQ(page["items"][0]["email"], "•••@•••••••.•••");
  auto found = read(people.users({.text = "anna@", .list = {}, .privacy = privacy_mode::full}))["items"];
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["name"], "Anna");
  EXPECT_EQ(found[0]["conversations"], 1);
  EXPECT_TRUE(read(people.user(anna, privacy_mode::none))["name"].is_null());
  EXPECT_EQ(people.user({numbered_uuid(1)}, privacy_mode::none).error().status, 404);
  EXPECT_EQ(read(people.memories(anna, {.text = "", .list = {}, .privacy = privacy_mode::full}))["items"][0]["text"], "has a dog called Rex");
}

TEST_F(operator_desks, show_a_conversation_as_the_person_saw_it) {
  auto all = read(people.conversations(std::nullopt, {.text = "", .list = {}, .privacy = privacy_mode::masked}))["items"];
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0]["character_name"], "Mira");
  EXPECT_EQ(all[0]["messages"], 2);
  auto seen = read(people.messages(talk.session, {.text = "", .list = {}, .privacy = privacy_mode::masked}))["items"];
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0]["content"], "•• ••• •••• •••?");
  EXPECT_TRUE(seen[0]["recall"].is_null());
  EXPECT_TRUE(seen[1]["recall"].is_object());
  EXPECT_EQ(people.messages({numbered_uuid(1)}, {.text = "", .list = {}}).error().status, 404);
}

TEST_F(operator_desks, fold_an_entity_at_any_sequence_and_time) {
  // Straight from the log: this world's records are no chains.
  const ops::timeline_source source = [this](const ops::entity_finder::place& place, events::sequence_number, const ops::timeline_visitor& visit) -> events::outcome<void> {
    events::record_search what{.filter = {.entity = place.address.entity}, .only = place.partition, .forward = true, .from = {}, .found_max = 1000};
    const auto found = events::search_records(world.log, what);
    if (!found) return std::unexpected(found.error());
    events::record_decoder decoder(events::open_with(world.keys));
    for (const auto& each : found->found) {
      if (auto decoded = decoder.decode(each); !decoded) return decoded;
      actors::entity_update update{place.address, each.position, {}};
      for (std::size_t i = 0; i < decoder.events().size(); ++i) update.happened.push_back({events::context_of(each, i), decoder.events()[i]});
      if (!visit(update)) break;
    }
    return {};
  };
  const ops::entity_finder::place of{{{events::entity_kind::session, talk.session.value}, anna.value}, {events::slice_of(anna.value) % world.log.partitions()}};
  auto now = ops::fold_entity(source, of, {});
  ASSERT_TRUE(now) << now.error().message;
  EXPECT_EQ(now->sequence, now->last_sequence);
  auto then = ops::fold_entity(source, of, {.sequence = 2, .time = {}, .before_or_at = {}});
  EXPECT_EQ(then->sequence.value, 2u);
  EXPECT_NE(then->logic->state_json(), now->logic->state_json());
  auto by_time = ops::fold_entity(source, of, {.sequence = {}, .time = then->at, .before_or_at = {}});
  EXPECT_EQ(by_time->logic->state_json(), then->logic->state_json());
  auto by_place = ops::fold_entity(source, of, {.sequence = {}, .time = {}, .before_or_at = then->position});
  EXPECT_EQ(by_place->logic->state_json(), then->logic->state_json());
  auto nobody = ops::fold_entity(source, {{numbered_session(999), numbered_uuid(999)}, {0}}, {});
  EXPECT_EQ(nobody.error().code, events::failure_code::not_found);
}

TEST_F(operator_desks, search_the_log_and_hand_on_a_cursor) {
  ops::log_watch watch(world.log, world.keys, {.records_per_second = 0, .now = [] { return events::timestamp{}; }});
  ops::entity_finder finder(world.log, pool);
  ops::log_desk desk(world.log, world.keys, finder, watch);
  gateway::record_query query{.type = "session.*", .page_size = 2};
  auto page = read(desk.search(query));
  ASSERT_EQ(page["items"].size(), 2u);
  EXPECT_EQ(page["items"][0]["types"][0], "session.reply_completed");
  EXPECT_EQ(page["items"][0]["events"][0]["payload"]["content"], "•••!");
  EXPECT_TRUE(page["items"][0]["verdict"].is_null());
  query.cursor = page["next_cursor"].get<std::string>();
  EXPECT_EQ(read(desk.search(query))["items"].size(), 2u);
  query.cursor = "nonsense";
  EXPECT_EQ(desk.search(query).error().param, "cursor");
  auto feed = desk.follow({.privacy = privacy_mode::full});
  ASSERT_TRUE(feed);
  talk.say("And now?");
  auto fresh = (*feed)->next(100);
  ASSERT_TRUE(fresh);
  ASSERT_EQ(fresh->size(), 1u);
  EXPECT_EQ(fresh->front()["events"][0]["payload"]["content"], "And now?");
}

TEST_F(operator_desks, rebuild_in_this_process_once_at_a_time_and_roll_back) {
  ops::projection_desk desk(pool, {database.conninfo(), world.log, world.keys}, 0);
  gateway::projection_action action{.projection = "messages", .what = "rebuild"};
  EXPECT_EQ(read(desk.impact(action))["confirm"], "rebuild messages");
  action.rate = 1; // so slow that it is under way for a while
  read(desk.act(action));
  EXPECT_EQ(desk.act(action).error().code, "conflict");
  action.what = "rate";
  action.rate = 0;
  read(desk.act(action));
  ASSERT_TRUE(desk.wait_until_idle(20s));
  EXPECT_EQ(read(desk.rebuild_of("messages"))["state"], "switched");
  auto all = desk.list();
  ASSERT_TRUE(all);
  const auto messages = std::ranges::find(*all, "messages", &gateway::projection_view::projection);
  ASSERT_EQ(messages->versions.size(), 2u);
  EXPECT_TRUE(messages->versions[1].serving);
  EXPECT_EQ(messages->rebuild["comparison"]["differences"], 0);
  action.what = "roll-back";
  EXPECT_EQ(read(desk.impact(action))["confirm"], "messages v1");
  ASSERT_TRUE(all_folded(runner, world.log));
  read(desk.act(action));
  action.what = "drop";
  action.version = 1;
  EXPECT_EQ(desk.act(action).error().code, "conflict") << "it serves";
  action.version = 2;
  read(desk.act(action));
  EXPECT_EQ(desk.list()->size(), all->size());
  action.what = "pause";
  EXPECT_EQ(desk.act(action).error().code, "conflict") << "nothing runs";
  action.projection = "weather";
  EXPECT_EQ(desk.act(action).error().status, 404);
}

TEST_F(operator_desks, show_an_interrupted_rebuild_as_paused_and_resume_it) {
  {
    ops::projection_desk first(pool, {database.conninfo(), world.log, world.keys}, 0);
    gateway::projection_action slow{.projection = "users", .what = "rebuild", .rate = 1};
    read(first.act(slow));
  }
  ops::projection_desk second(pool, {database.conninfo(), world.log, world.keys}, 0);
  auto view = read(second.rebuild_of("users"));
  EXPECT_EQ(view["state"], "paused") << view.dump();
  EXPECT_FALSE(view["problem"].is_null());
  read(second.act({.projection = "users", .what = "resume", .rate = 0}));
  ASSERT_TRUE(second.wait_until_idle(20s));
  EXPECT_EQ(read(second.rebuild_of("users"))["state"], "switched");
}

TEST_F(operator_desks, look_ahead_and_compare_rows_with_the_log) {
  ops::projection_desk desk(pool, {database.conninfo(), world.log, world.keys}, 0);
  EXPECT_EQ(read(desk.preflight_of("messages"))["state"], "never");
  read(desk.preflight("messages"));
  ASSERT_TRUE(desk.wait_until_idle(20s));
  const auto looked = read(desk.preflight_of("messages"));
  EXPECT_EQ(looked["state"], "done") << looked.dump();
  EXPECT_GT(looked["found"]["records"].get<int>(), 0);
  EXPECT_EQ(looked["found"]["records"], looked["done"]);
  EXPECT_EQ(desk.cancel_preflight("messages").error().status, 409);
  EXPECT_EQ(desk.preflight("nothing").error().status, 404);
  EXPECT_EQ(read(desk.comparison_of("messages"))["state"], "never");
  read(desk.act({.projection = "messages", .what = "verify"}));
  ASSERT_TRUE(desk.wait_until_idle(20s));
  EXPECT_EQ(read(desk.comparison_of("messages"))["differences"], 0);
}

TEST_F(operator_desks, list_no_dead_letters_where_there_are_none) {
  EXPECT_EQ(letters.parked(), 0u);
  for (const char* state : {"", "parked", "first", "retried", "discarded", "any"}) EXPECT_TRUE(read(letters.list({.state = state}))["items"].empty()) << state;
  EXPECT_EQ(letters.retry(7, false).error().status, 404);
  EXPECT_EQ(letters.list({.cursor = "x"}).error().param, "cursor");
}

} // namespace
} // namespace reverie::tests
