#include "actors/runtime/cluster_questions.hpp"

#include "tests/support/given_when_then.hpp"

namespace reverie::tests {
namespace {

namespace cluster = actors::runtime::cluster;

actors::effect_status effect() {
  return {.id = {test_id(1)}, .entity = {events::entity_kind::session, test_id(2)}, .kind = "generate_reply", .partition = {3},
          .since = events::from_milliseconds(1'700'000'000'000), .attempts = 4, .failed = true, .problem = "the endpoint answered 502",
          .cause = {{events::entity_kind::session, test_id(2)}, {7}}};
}

TEST(cluster_questions, carry_effects_and_how_an_entity_stands) {
  const auto effects = cluster::effects_of(cluster::text_of(std::vector{effect()}));
  ASSERT_TRUE(effects);
  ASSERT_EQ(effects->size(), 1U);
  EXPECT_EQ(effects->front().problem, "the endpoint answered 502");
  EXPECT_EQ(effects->front().cause.sequence.value, 7U);
  EXPECT_EQ(effects->front().since, effect().since);
  const auto standing = cluster::standing_of(cluster::text_of(actors::entity_standing{true, false, 5, {effect()}}));
  ASSERT_TRUE(standing);
  EXPECT_TRUE(standing->in_memory);
  EXPECT_EQ(standing->waiting, 5U);
  EXPECT_EQ(standing->effects.front().id.value, test_id(1));
}

TEST(cluster_questions, carry_what_an_owner_knows_of_its_partition) {
  actors::partition_status told;
  told.partition = {9};
  told.epoch = {4};
  told.applied_next = {100};
  told.log_end = {101};
  told.fenced = 2;
  told.live_entities = 12;
  told.writer = {test_id(8)};
  told.checkpoint = actors::checkpoint_status{events::from_milliseconds(5), {90}, 3, 4096};
  const auto heard = cluster::status_of(cluster::text_of(told));
  ASSERT_TRUE(heard);
  EXPECT_EQ(heard->log_end.value, 101U);
  EXPECT_EQ(heard->fenced, 2U);
  EXPECT_EQ(heard->writer.value, test_id(8));
  EXPECT_EQ(heard->checkpoint->bytes, 4096U);
  EXPECT_FALSE(heard->serving) << "it does not serve here";
  EXPECT_FALSE(cluster::status_of("{"));
}

} // namespace
} // namespace reverie::tests
