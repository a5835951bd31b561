#include "ops/operator/partition_verification.hpp"
#include "ops/operator/verified_states.hpp"

#include "actors/runtime/sealing.hpp"
#include "events/log/memory_log.hpp"
#include "events/log/memory_state_store.hpp"
#include "events/log/state_hash.hpp"
#include "events/vault/field_sealing.hpp"
#include "events/vault/memory_key_ring.hpp"
#include "tests/support/record_samples.hpp"

#include <gtest/gtest.h>

using namespace reverie;
using namespace reverie::tests;
namespace talk = events::session;

namespace {

/// A partition with one conversation of a person, whose messages are sealed.
struct verified_world {
  events::memory_log log{1};
  events::memory_key_ring keys;
  events::entity_ref session = numbered_session(1);
  events::user_id person{session.id};
  events::shared_key key = *keys.create(person);
  record_chain chain{session, 1, numbered_uuid(9)};
  std::uint64_t said = 0;

  verified_world() {
    log.write_raw({0}, announcement({0}, 1, numbered_uuid(9), 1));
    log.write_raw({0}, chain.next({talk::opened{{session.id}, person, {numbered_uuid(2)}, 1, {}, ""}}, sealer()));
  }
  events::field_sealer sealer() { return actors::runtime::sealer_for(person, *key); }
  talk::message_sent message(std::string text) { return {{numbered_uuid(100 + ++said)}, {}, std::move(text), {}}; }
  void say(std::string text) { log.write_raw({0}, chain.next({message(std::move(text))}, sealer())); }

  /// What a server would store of the session after `texts`.
  events::entity_blob stored(const std::vector<std::string>& texts) {
    auto logic = actors::make_entity_logic(session.kind);
    events::event_context context{.entity = {session, session.id}, .sequence = {1}};
    logic->evolve(talk::opened{{session.id}, person, {numbered_uuid(2)}, 1, {}, ""}, context);
    std::uint64_t number = 0;
    for (const auto& text : texts) {
      context.sequence = context.sequence.next();
      logic->evolve(talk::message_sent{{numbered_uuid(100 + ++number)}, {}, text, {}}, context);
    }
    const auto state = logic->state_bytes();
    return {{session, session.id}, context.sequence, {}, logic->schema_version(), events::hash_of_state(state),
            actors::runtime::close_state(person, key.get(), session, state)};
  }

  /// Verifies up to an offset, from where it stood.
  ops::verified_place verify(std::shared_ptr<events::state_store> own, std::shared_ptr<events::state_store> stored = nullptr,
                             std::optional<std::uint64_t> until = {}, std::vector<ops::verification_finding>* found = nullptr) {
    ops::verified_states states({.own = own, .stored = stored, .keys = &keys, .partition = {0}});
    EXPECT_TRUE(states.open());
    events::replay_options how;
    how.from = states.place().next;
    how.rule = *states.rule();
    how.links = *states.links();
    if (until) how.until = events::log_offset{*until};
    how.make_opener = [this] { return events::open_with(keys); };
    EXPECT_TRUE(events::replay_partition(log, {0}, how, &states));
    EXPECT_TRUE(states.commit(until ? events::log_offset{*until} : log.range({0})->end));
    EXPECT_TRUE(states.sweep(true));
    if (found != nullptr) *found = states.take_findings();
    return states.place();
  }
};

std::shared_ptr<events::memory_state_store> holding(events::entity_blob blob) {
  auto store = std::make_shared<events::memory_state_store>();
  events::state_batch batch;
  batch.blobs.push_back(std::move(blob));
  EXPECT_TRUE(store->write(std::move(batch)));
  return store;
}

} // namespace

TEST(verified_states, go_on_where_they_stood_and_come_to_the_same) {
  verified_world world;
  for (const char* text : {"one", "two", "three", "four"}) world.say(text);
  const auto at_once = world.verify(std::make_shared<events::memory_state_store>(), holding(world.stored({"one", "two", "three", "four"})));
  auto own = std::make_shared<events::memory_state_store>();
  world.verify(own, nullptr, 3);
  const auto in_two = world.verify(own, holding(world.stored({"one", "two", "three", "four"})));
  EXPECT_EQ(in_two.records, 6u);
  EXPECT_EQ(in_two.records, at_once.records);
  EXPECT_EQ(in_two.events, at_once.events);
  EXPECT_EQ(in_two.entities, 2u);
  EXPECT_EQ(in_two.differences, 0u);
  EXPECT_GE(in_two.compared, 1u) << "the state folded over both halves is the stored one";
}

TEST(verified_states, name_the_event_from_which_a_stored_state_differs_and_how) {
  verified_world world;
  for (const char* text : {"one", "two", "three"}) world.say(text);
  std::vector<ops::verification_finding> found;
  auto own = std::make_shared<events::memory_state_store>();
  const auto place = world.verify(own, holding(world.stored({"one", "other"})), {}, &found);
  EXPECT_EQ(place.differences, 1u);
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].kind, "state");
  EXPECT_EQ(found[0].difference.sequence.value, 3u);
  EXPECT_EQ(events::to_string(found[0].difference.position), "0:3");
  ASSERT_FALSE(found[0].changes.empty());
  EXPECT_NE(found[0].changes.dump().find("other"), std::string::npos);
  EXPECT_EQ(world.verify(own).differences, 1u) << "what was found stays found after a restart";
}

TEST(verified_states, find_a_state_that_is_ahead_of_the_log) {
  verified_world world;
  world.say("one");
  EXPECT_EQ(world.verify(nullptr, holding(world.stored({"one", "two", "three"}))).differences, 1u);
}

TEST(verified_states, check_an_erased_person_by_chains_alone) {
  verified_world world;
  world.say("one");
  auto own = std::make_shared<events::memory_state_store>();
  world.verify(own);
  ASSERT_TRUE(world.keys.destroy(world.person));
  world.say("two");
  const auto place = world.verify(own, holding(world.stored({"one"})));
  EXPECT_EQ(place.differences, 0u);
  EXPECT_EQ(place.records, 4u);
}

TEST(verified_states, see_a_broken_link_across_a_restart) {
  verified_world world;
  world.say("one");
  auto own = std::make_shared<events::memory_state_store>();
  world.verify(own);
  record_chain other(world.session, 1, numbered_uuid(9));
  other.next({world.message("x")});
  other.next({world.message("x")});
  world.log.write_raw({0}, other.next({world.message("two")}, world.sealer()));
  EXPECT_EQ(world.verify(own).differences, 1u) << "the link is not the hash of the record before";
}

TEST(partition_verification, goes_on_after_a_restart_with_owners_verdicts_and_states) {
  verified_world world;
  for (const char* text : {"one", "two"}) world.say(text);
  auto own = std::make_shared<events::memory_state_store>();
  const auto at = events::from_milliseconds(1'000'000'000'000);
  {
    ops::partition_verification one(world.log, world.keys, {0}, 1000);
    ASSERT_TRUE(one.begin(own, nullptr));
    while (*one.step(2, at) > 0) {}
    EXPECT_EQ(one.now().next.value, 4u);
    one.end();
  }
  world.say("three");
  ops::partition_verification again(world.log, world.keys, {0}, 1000);
  ASSERT_TRUE(again.begin(own, holding(world.stored({"one", "two", "three"}))));
  EXPECT_EQ(again.now().next.value, 4u) << "not from the beginning";
  ASSERT_EQ(again.owners().size(), 1u);
  EXPECT_EQ(again.owners()[0].node, "localhost:0");
  EXPECT_EQ(again.verdict_of({2}), events::record_verdict::counts);
  while (*again.step(10, at + std::chrono::hours(1)) > 0) {}
  EXPECT_EQ(again.now().next.value, 5u);
  EXPECT_EQ(again.now().records, 5u);
  EXPECT_EQ(again.now().differences, 0u);
  EXPECT_GE(again.now().compared, 1u);
  again.end();
}
