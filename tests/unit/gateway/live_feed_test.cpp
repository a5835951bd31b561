#include "gateway/bridge/live_feed.hpp"

#include "events/model/limits.hpp"

#include <gtest/gtest.h>

namespace reverie::gateway {
namespace {

const events::session_id talk{events::derive_uuid("talk", {})};
const events::message_id reply{events::derive_uuid("reply", {})};

events::log_position record_at(std::uint64_t offset) { return {{0}, {offset}}; }
events::entity_position at(std::uint64_t offset) { return {record_at(offset), {}}; }

live_batch message(std::uint64_t offset) {
  auto item = plain_item("m" + std::to_string(offset));
  item.position = at(offset);
  return {talk, {item}};
}
live_batch started(std::uint64_t offset, std::uint32_t attempt = 1) {
  auto item = plain_item("started" + std::to_string(attempt));
  item.position = at(offset);
  item.step = reply_step::started;
  item.reply = reply;
  item.attempt = attempt;
  return {talk, {item}};
}
live_batch ended(std::uint64_t offset) {
  auto batch = started(offset);
  batch.items[0].step = reply_step::ended;
  batch.items[0].bytes = plain_item("ended").bytes;
  return batch;
}
live_batch piece(std::uint32_t index) { return {talk, {item_of(actors::reply_piece{talk, {}, reply, 1, index, "p" + std::to_string(index)})}}; }

actors::live_reply under_way(std::uint64_t offset, std::size_t pieces) {
  actors::live_reply now{reply, {}, 1, record_at(offset), {}, {}};
  for (std::size_t i = 0; i < pieces; ++i) now.pieces.push_back("p" + std::to_string(i));
  return now;
}

std::string told(const live_feed::frames& frames) {
  std::string text;
  for (const auto& frame : frames) {
    auto json = frame.bytes->substr(frame.payload_at);
    if (frame.piece) json = "p" + std::to_string(frame.index);
    else if (json.starts_with("{")) json = "started";
    text += (text.empty() ? "" : " ") + json;
  }
  return text;
}

class a_live_feed : public ::testing::Test {
protected:
  live_feed feed;
  live_feed::frames out;
  void take(const live_batch& batch) { EXPECT_TRUE(feed.take(batch, out)); }
};

TEST_F(a_live_feed, passes_on_what_is_live) {
  take(message(1));
  take(started(2));
  take(piece(0));
  take(piece(1));
  take(ended(3));
  EXPECT_EQ(told(out), "m1 started1 p0 p1 ended");
}

TEST_F(a_live_feed, drops_pieces_of_a_reply_whose_start_was_not_seen) {
  take(piece(4));
  take(ended(3));
  EXPECT_EQ(told(out), "ended");
}

TEST_F(a_live_feed, gives_history_first_and_what_came_meanwhile_once) {
  ASSERT_TRUE(feed.begin_catch_up(talk, at(1)));
  EXPECT_FALSE(feed.begin_catch_up(talk, at(1)));
  take(message(3));
  feed.history(talk, message(2), out);
  feed.history(talk, message(3), out);
  take(message(4));
  feed.end_catch_up(talk, std::nullopt, out);
  take(message(4));
  take(message(5));
  EXPECT_EQ(told(out), "m2 m3 m4 m5");
  EXPECT_EQ(feed.sent_up_to(talk), at(5));
}

TEST_F(a_live_feed, drops_live_frames_that_history_was_ahead_of) {
  ASSERT_TRUE(feed.begin_catch_up(talk, at(1)));
  feed.history(talk, message(2), out);
  feed.history(talk, started(3), out);
  feed.end_catch_up(talk, std::nullopt, out);
  take(message(2));
  take(started(3));
  take(piece(0));
  EXPECT_EQ(told(out), "m2 started1 p0");
}

TEST_F(a_live_feed, joins_a_reply_that_history_started) {
  ASSERT_TRUE(feed.begin_catch_up(talk, at(1)));
  feed.history(talk, started(2), out);
  take(piece(1));
  take(piece(2));
  feed.end_catch_up(talk, under_way(2, 2), out);
  take(piece(3));
  EXPECT_EQ(told(out), "started1 p0 p1 p2 p3");
}

TEST_F(a_live_feed, joins_a_reply_that_started_before_the_position) {
  for (auto after : {std::optional(at(9)), std::optional<events::entity_position>{}}) {
    live_feed fresh;
    live_feed::frames frames;
    ASSERT_TRUE(fresh.begin_catch_up(talk, after));
    ASSERT_TRUE(fresh.take(piece(1), frames));
    fresh.end_catch_up(talk, under_way(5, 2), frames);
    ASSERT_TRUE(fresh.take(piece(2), frames));
    ASSERT_TRUE(fresh.take(ended(10), frames));
    EXPECT_EQ(told(frames), "started p0 p1 p2 ended");
  }
}

TEST_F(a_live_feed, joins_a_reply_that_starts_while_it_catches_up) {
  ASSERT_TRUE(feed.begin_catch_up(talk, at(1)));
  take(message(2));
  take(started(3));
  take(piece(0));
  take(piece(1));
  feed.history(talk, message(2), out);
  feed.end_catch_up(talk, under_way(3, 1), out);
  take(piece(2));
  EXPECT_EQ(told(out), "m2 started1 p0 p1 p2");
}

TEST_F(a_live_feed, does_not_begin_a_reply_again_that_history_ended) {
  ASSERT_TRUE(feed.begin_catch_up(talk, at(1)));
  feed.history(talk, started(2), out);
  feed.history(talk, ended(3), out);
  feed.end_catch_up(talk, under_way(2, 3), out);
  EXPECT_EQ(told(out), "started1 ended");
}

TEST_F(a_live_feed, begins_again_with_the_next_attempt) {
  take(started(1));
  take(piece(0));
  take(started(2, 2));
  take(piece(1));
  EXPECT_EQ(told(out), "started1 p0 started2");
}

TEST_F(a_live_feed, goes_on_between_two_frames_of_one_record) {
  auto both = message(7);
  both.items.push_back(plain_item("second"));
  for (std::uint64_t i = 0; i < 2; ++i) both.items[i].position = events::entity_position{record_at(7), {3 + i}};
  for (bool live : {false, true}) {
    live_feed fresh;
    live_feed::frames frames;
    ASSERT_TRUE(fresh.begin_catch_up(talk, events::entity_position{record_at(7), {3}}));
    if (live) ASSERT_TRUE(fresh.take(both, frames));
    else fresh.history(talk, both, frames);
    fresh.end_catch_up(talk, {}, frames);
    EXPECT_EQ(told(frames), "second");
    EXPECT_EQ(fresh.sent_up_to(talk), (events::entity_position{record_at(7), {4}}));
  }
}

TEST_F(a_live_feed, goes_by_the_sequence_when_the_log_was_copied_elsewhere) {
  auto moved = message(900);
  moved.items[0].position = events::entity_position{{{5}, {900}}, {4}};
  ASSERT_TRUE(feed.begin_catch_up(talk, events::entity_position{{{9}, {12}}, {3}}));
  feed.history(talk, moved, out);
  EXPECT_EQ(told(out), "m900");
  EXPECT_EQ(feed.history(talk, moved, out), 0U);
}

TEST_F(a_live_feed, drops_what_comes_late_and_goes_on_where_it_was) {
  ASSERT_TRUE(feed.begin_catch_up(talk, at(5)));
  feed.end_catch_up(talk, {}, out);
  for (std::uint64_t offset : {6U, 4U, 5U, 6U, 7U}) take(message(offset));
  EXPECT_EQ(told(out), "m6 m7");
}

TEST_F(a_live_feed, holds_back_only_so_much) {
  ASSERT_TRUE(feed.begin_catch_up(talk, at(1)));
  for (std::size_t i = 0; i < events::limits::held_back_frames; ++i) take(message(i + 2));
  EXPECT_FALSE(feed.take(message(10'000), out));
}

TEST_F(a_live_feed, gives_what_was_held_back_when_catching_up_fails) {
  ASSERT_TRUE(feed.begin_catch_up(talk, at(1)));
  take(message(2));
  feed.abandon_catch_up(talk, out);
  take(message(3));
  EXPECT_EQ(told(out), "m2 m3");
}

} // namespace
} // namespace reverie::gateway
