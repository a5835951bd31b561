#pragma once

#include "events/log/state_store.hpp"
#include "events/model/limits.hpp"
#include "tests/support/record_samples.hpp"

#include <gtest/gtest.h>

/// What every local state keeps to. A harness has `store()` and `reopen()` (closes and opens again; a no-op for memory).
namespace reverie::tests {

using events::entity_address;
using events::state_batch;

inline entity_address address_of(std::uint64_t number, std::uint64_t slice = 1) { return {numbered_session(number), numbered_uuid(slice)}; }

inline events::entity_blob blob_of(std::uint64_t number, std::string bytes, std::uint64_t sequence = 1) {
  return {address_of(number), {sequence}, {static_cast<std::uint8_t>(sequence)}, 3, {7}, std::move(bytes)};
}

template <class Harness>
class state_store_contract : public ::testing::Test {
protected:
  events::state_store& store() { return harness_.store(); }
  void write(const state_batch& batch) { ASSERT_TRUE(store().write(batch)); }
  std::vector<std::uint64_t> history_from(std::uint64_t sequence, std::size_t entries_max = 100) {
    std::vector<std::uint64_t> firsts;
    auto entries = store().history(address_of(1), {sequence}, entries_max).value();
    for (const auto& each : entries) firsts.push_back(each.first_sequence.value);
    return firsts;
  }
  Harness harness_;
};
TYPED_TEST_SUITE_P(state_store_contract);

TYPED_TEST_P(state_store_contract, is_empty_at_first) {
  EXPECT_FALSE(this->store().load(address_of(1)).value().has_value());
  EXPECT_FALSE(this->store().answer_of({numbered_uuid(1)}).value().has_value());
  EXPECT_FALSE(this->store().tip_of(numbered_session(1)).value().has_value());
  EXPECT_EQ(this->store().applied().value().next.value, 0U);
  EXPECT_TRUE(this->store().pending_effects().value().empty());
  EXPECT_TRUE(this->store().checkpoints().value().empty());
}

TYPED_TEST_P(state_store_contract, gives_back_all_that_a_batch_wrote_also_when_opened_again) {
  events::stored_answer answer{numbered_session(1), {4}, numbered_uuid(5), {{0}, {6}}, events::from_milliseconds(7), {18}};
  events::pending_effect effect{{numbered_uuid(8)}, address_of(1), {numbered_session(1), {9}}, std::string("a\0b", 3)};
  state_batch batch;
  batch.blobs = {blob_of(1, std::string("x\0y", 3), 12)};
  batch.answers = {{{numbered_uuid(10)}, answer}};
  batch.tips = {{numbered_session(1), {{13}, {14}}}};
  batch.effects_begun = {effect};
  batch.applied = events::applied_position{{15}, {{16}, {numbered_uuid(17)}}};
  this->write(batch);
  this->harness_.reopen();
  auto blob = this->store().load(address_of(1)).value().value();
  EXPECT_EQ(blob.bytes, std::string("x\0y", 3));
  EXPECT_EQ(blob.last_sequence.value, 12U);
  EXPECT_EQ(blob.last_hash[0], 12);
  EXPECT_EQ(blob.schema_version, 3U);
  EXPECT_EQ(blob.state_hash[0], 7);
  EXPECT_EQ(blob.address, address_of(1));
  auto kept = this->store().answer_of({numbered_uuid(10)}).value().value();
  EXPECT_EQ(kept.entity, answer.entity);
  EXPECT_EQ(kept.digest, answer.digest);
  EXPECT_EQ(kept.subject, answer.subject);
  EXPECT_EQ(kept.position, answer.position);
  EXPECT_EQ(kept.at, answer.at);
  EXPECT_EQ(kept.sequence, answer.sequence);
  EXPECT_EQ(this->store().tip_of(numbered_session(1)).value()->first.value, 13U);
  EXPECT_EQ(this->store().tip_of(numbered_session(1)).value()->second[0], 14);
  auto effects = this->store().pending_effects().value();
  ASSERT_EQ(effects.size(), 1U);
  EXPECT_EQ(effects[0].id, effect.id);
  EXPECT_EQ(effects[0].owner, effect.owner);
  EXPECT_EQ(effects[0].cause, effect.cause);
  EXPECT_EQ(effects[0].bytes, effect.bytes);
  auto applied = this->store().applied().value();
  EXPECT_EQ(applied.next.value, 15U);
  EXPECT_EQ(applied.pair, batch.applied->pair);
}

TYPED_TEST_P(state_store_contract, forgets_settled_effects) {
  state_batch begun;
  begun.effects_begun = {{{numbered_uuid(1)}, address_of(1), {}, "a"}, {{numbered_uuid(2)}, address_of(1), {}, "b"}};
  this->write(begun);
  state_batch settled;
  settled.effects_settled = {{numbered_uuid(1)}};
  this->write(settled);
  auto left = this->store().pending_effects().value();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].bytes, "b");
}

TYPED_TEST_P(state_store_contract, gives_an_entitys_history_from_any_sequence) {
  state_batch batch;
  batch.history = {{address_of(1), {{1}, 2, {10}}}, {address_of(1), {{3}, 1, {11}}}, {address_of(1), {{4}, 3, {20}}},
                   {address_of(2), {{1}, 1, {12}}}, {address_of(1, 0), {{9}, 1, {30}}}};
  this->write(batch);
  EXPECT_EQ(this->history_from(1), (std::vector<std::uint64_t>{1, 3, 4}));
  EXPECT_EQ(this->history_from(2), (std::vector<std::uint64_t>{1, 3, 4}));
  EXPECT_EQ(this->history_from(3), (std::vector<std::uint64_t>{3, 4}));
  EXPECT_EQ(this->history_from(6), (std::vector<std::uint64_t>{4}));
  EXPECT_EQ(this->history_from(7), (std::vector<std::uint64_t>{}));
  EXPECT_EQ(this->history_from(0, 2), (std::vector<std::uint64_t>{1, 3}));
}

TYPED_TEST_P(state_store_contract, walks_blobs_and_tips_in_key_order_until_told_to_stop) {
  state_batch batch;
  for (std::uint64_t i = 5; i > 0; --i) {
    batch.blobs.push_back(blob_of(i, "b"));
    batch.tips.push_back({numbered_session(i), {{i}, {}}});
  }
  this->write(batch);
  std::vector<events::entity_ref> walked;
  ASSERT_TRUE(this->store().for_each_blob([&](const events::entity_blob& blob) {
    walked.push_back(blob.address.entity);
    return walked.size() < 3;
  }));
  EXPECT_EQ(walked, (std::vector{numbered_session(1), numbered_session(2), numbered_session(3)}));
  std::uint64_t sum = 0;
  ASSERT_TRUE(this->store().for_each_tip([&](const events::entity_ref&, events::sequence_number next, const events::chain_hash&) {
    sum += next.value;
    return true;
  }));
  EXPECT_EQ(sum, 15U);
}

TYPED_TEST_P(state_store_contract, keeps_three_generations_of_checkpoints) {
  for (std::uint64_t i = 1; i <= 5; ++i) {
    state_batch batch;
    batch.blobs = {blob_of(i, "state")};
    batch.applied = events::applied_position{{i}, {}};
    this->write(batch);
    auto made = this->store().checkpoint(events::from_milliseconds(static_cast<std::int64_t>(i)));
    ASSERT_TRUE(made.has_value()) << made.error().message;
    EXPECT_EQ(made->generation, i);
    EXPECT_EQ(made->applied.next.value, i);
  }
  auto kept = this->store().checkpoints().value();
  ASSERT_EQ(kept.size(), events::limits::checkpoint_generations);
  EXPECT_EQ(kept.front().generation, 3U);
  EXPECT_EQ(kept.back().generation, 5U);
  EXPECT_EQ(kept.back().made_at, events::from_milliseconds(5));
}

TYPED_TEST_P(state_store_contract, hashes_its_whole_content_the_same_way_every_time) {
  state_batch batch;
  batch.blobs = {blob_of(1, "a"), blob_of(2, "b")};
  this->write(batch);
  auto first = this->store().checkpoint({}).value().state_hash;
  EXPECT_EQ(this->store().checkpoint({}).value().state_hash, first);
  EXPECT_EQ(first, "1e46774ea83e8dc47286154c8719b8ff");
  state_batch change;
  change.blobs = {blob_of(2, "b", 2)};
  this->write(change);
  EXPECT_NE(this->store().checkpoint({}).value().state_hash, first);
}

REGISTER_TYPED_TEST_SUITE_P(state_store_contract, is_empty_at_first, gives_back_all_that_a_batch_wrote_also_when_opened_again,
                            forgets_settled_effects, gives_an_entitys_history_from_any_sequence,
                            walks_blobs_and_tips_in_key_order_until_told_to_stop, keeps_three_generations_of_checkpoints,
                            hashes_its_whole_content_the_same_way_every_time);

} // namespace reverie::tests
