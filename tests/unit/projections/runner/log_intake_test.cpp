#include "projections/runner/log_intake.hpp"

#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {
namespace {

using projections::intake_record;
using projections::log_intake;

/// A partition with one conversation of a few messages, and an intake that is told of sequences as a database would.
struct log_intake_of_a_lagging_projection : testing::Test {
  log_intake_of_a_lagging_projection() {
    const auto anna = world.add_user("Anna");
    const auto mira = world.add_character("Mira");
    conversation talk(world, anna, mira);
    for (int i = 0; i < 6; ++i) talk.say("message " + std::to_string(i));
    session = {events::entity_kind::session, talk.session.value};
    intake.ask_sequences([this](const std::vector<events::entity_ref>& unknown, events::epoch_rule& rule) -> projections::outcome<void> {
      ++asked;
      for (const auto& each : unknown) rule.restore(each, each == session ? stored_next : events::sequence_number{1});
      return {};
    });
  }

  /// Verdicts of the conversation's records from a place on.
  std::vector<events::record_verdict> read_all() {
    std::vector<intake_record> records;
    EXPECT_TRUE(intake.read(records, 10'000, {UINT64_MAX}, std::chrono::milliseconds{0}));
    std::vector<events::record_verdict> verdicts;
    for (const auto& each : records)
      if (each.entity == session) verdicts.push_back(each.verdict);
    return verdicts;
  }
  events::counting_pair pair_at(events::log_offset place) {
    log_intake other(world.log, world.keys, {0});
    EXPECT_TRUE(other.start(place, std::nullopt));
    return other.rule().pair();
  }
  /// Where the conversation's third message lies.
  events::log_offset third_message() {
    auto reader = world.log.reader({0}, {0}).value();
    std::vector<events::stored_record> records;
    while (*reader->read(records, 1'000, std::chrono::milliseconds{0}) > 0) {}
    for (const auto& each : records)
      if (each.content.headers.entity == session && each.content.headers.first_sequence.value == 4) return each.position.offset;
    ADD_FAILURE() << "no third message";
    return {};
  }

  talking_world world{1};
  events::entity_ref session{};
  events::sequence_number stored_next{1};
  int asked = 0;
  log_intake intake{world.log, world.keys, {0}};
};

/// Why no place is stored while projections differ: beside a place behind, the sequences of those ahead would drop what was not folded.
TEST_F(log_intake_of_a_lagging_projection, would_drop_what_is_new_to_it_by_the_sequences_of_one_ahead) {
  const auto place = third_message();
  stored_next = {8}; // of a projection at the end
  ASSERT_TRUE(intake.start(place, events::epoch_rule{pair_at(place), {}}));
  for (const auto verdict : read_all()) EXPECT_EQ(verdict, events::record_verdict::repeated);
  EXPECT_EQ(asked, 1);
}

TEST_F(log_intake_of_a_lagging_projection, derives_its_rule_from_the_log_when_no_place_is_stored_and_misses_nothing) {
  stored_next = {8};
  ASSERT_TRUE(intake.start(third_message(), std::nullopt));
  const auto verdicts = read_all();
  EXPECT_EQ(verdicts.size(), 4U);
  for (const auto verdict : verdicts) EXPECT_EQ(verdict, events::record_verdict::counts);
  EXPECT_EQ(asked, 0) << "what the others stored is not asked for";
}

TEST_F(log_intake_of_a_lagging_projection, goes_on_from_a_stored_place_with_the_sequences_stored_beside_it) {
  const auto place = third_message();
  stored_next = {4};
  ASSERT_TRUE(intake.start(place, events::epoch_rule{pair_at(place), {}}));
  const auto verdicts = read_all();
  EXPECT_EQ(verdicts.size(), 4U);
  for (const auto verdict : verdicts) EXPECT_EQ(verdict, events::record_verdict::counts);
}

} // namespace
} // namespace reverie::tests
