#include "actors/runtime/cluster_feed.hpp"
#include "tests/support/actor_world.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

using actors::entity_update;
using actors::reply_piece;
using actors::runtime::person_feed;

namespace {

struct feed_test : ::testing::Test {
  events::user_id person{events::derive_uuid("person", {})};
  events::session_id session{events::derive_uuid("session", {})};
  events::message_id reply{events::derive_uuid("reply", {})};
  std::shared_ptr<recording_listener> heard = std::make_shared<recording_listener>();
  std::shared_ptr<person_feed> feed = std::make_shared<person_feed>(person);

  void SetUp() override { (void)feed->add(heard); }

  actors::shared_update update(std::uint64_t sequence, events::event payload) const {
    const events::entity_address address{{events::entity_kind::session, session.value}, person.value};
    const events::log_position position{{0}, {100 + sequence}};
    return std::make_shared<const entity_update>(entity_update{address, position, {{{address, position, {sequence}, {}, {}, {}}, std::move(payload)}}});
  }
  actors::shared_update message(std::uint64_t sequence) const { return update(sequence, events::session::message_sent{}); }
  actors::shared_update started(std::uint64_t sequence, std::uint32_t attempt = 1) const {
    events::session::reply_started one;
    one.reply = reply;
    one.attempt = attempt;
    return update(sequence, one);
  }
  actors::shared_update completed(std::uint64_t sequence, std::uint32_t attempt = 1) const {
    events::session::reply_completed one;
    one.reply = reply;
    one.attempt = attempt;
    return update(sequence, one);
  }
  std::shared_ptr<const reply_piece> piece(std::uint32_t index, const std::string& text, std::uint32_t attempt = 1) const {
    return std::make_shared<const reply_piece>(reply_piece{session, person, reply, attempt, index, text});
  }
  std::vector<std::uint64_t> sequences() const {
    std::vector<std::uint64_t> all;
    for (const auto& each : heard->updates) all.push_back(each->happened.front().context.sequence.value);
    return all;
  }
};

} // namespace

TEST_F(feed_test, passes_on_once_what_actors_and_log_both_bring) {
  feed->from_log(message(5));
  feed->on_update(message(6));
  feed->from_log(message(6));
  feed->from_log(message(7));
  feed->on_update(message(7));
  EXPECT_EQ(sequences(), (std::vector<std::uint64_t>{5, 6, 7}));
}

TEST_F(feed_test, leaves_to_the_log_what_may_not_be_the_next) {
  feed->on_update(message(8)); // a new owner pushes at once; what the one before wrote is still being read
  feed->from_log(message(7));
  feed->on_update(message(9));
  feed->from_log(message(8));
  feed->from_log(message(9));
  EXPECT_EQ(sequences(), (std::vector<std::uint64_t>{7, 8, 9}));
}

TEST_F(feed_test, holds_pieces_until_their_reply_has_started) {
  feed->on_piece(piece(1, "b"));
  feed->on_piece(piece(0, "a"));
  feed->from_log(started(3));
  feed->on_piece(piece(2, "c"));
  feed->on_piece(piece(2, "c"));
  EXPECT_EQ(heard->trace, (std::vector<std::string>{"session.reply_started", "piece:a", "piece:b", "piece:c"}));
  EXPECT_EQ(feed->reply_under_way(session)->pieces.size(), 3U);
  EXPECT_EQ(feed->reply_under_way(session)->started_sequence, events::sequence_number{3}); // who comes back now resumes behind exactly this event
  feed->from_log(completed(4));
  feed->on_piece(piece(3, "late"));
  EXPECT_EQ(heard->trace.back(), "session.reply_completed");
  EXPECT_FALSE(feed->reply_under_way(session).has_value());
}

TEST_F(feed_test, takes_up_a_reply_in_its_middle_and_repeats_nothing) {
  feed->take_reply(session, {reply, {}, 1, {}, {"a", "b"}});
  feed->on_piece(piece(1, "b"));
  feed->on_piece(piece(2, "c"));
  feed->take_reply(session, {reply, {}, 1, {}, {"a", "b", "c", "d"}});
  EXPECT_EQ(heard->trace, (std::vector<std::string>{"piece:a", "piece:b", "piece:c", "piece:d"}));
}

TEST_F(feed_test, says_the_pieces_again_when_the_log_brings_the_start_after_them) {
  feed->take_reply(session, {reply, {}, 2, {}, {"a"}});
  feed->from_log(started(3, 2));
  feed->on_piece(piece(1, "b", 2));
  EXPECT_EQ(heard->trace, (std::vector<std::string>{"piece:a", "session.reply_started", "piece:a", "piece:b"}));
}

TEST_F(feed_test, lets_a_listener_go_while_it_is_told_something) {
  struct leaving : actors::update_listener {
    std::function<void()> leave;
    void on_update(const actors::shared_update&) override { leave(); }
    void on_piece(const std::shared_ptr<const reply_piece>&) override {}
  };
  auto guest = std::make_shared<leaving>();
  const auto number = feed->add(guest);
  guest->leave = [&] { feed->remove(number); };
  feed->from_log(message(1));
  guest->leave = [] { FAIL() << "it has left"; };
  feed->from_log(message(2));
  EXPECT_EQ(sequences(), (std::vector<std::uint64_t>{1, 2}));
}

TEST_F(feed_test, does_not_hear_an_attempt_that_another_has_replaced) {
  feed->from_log(started(3));
  feed->on_piece(piece(0, "old"));
  feed->from_log(started(4, 2));
  feed->on_piece(piece(1, "old too"));
  feed->on_piece(piece(0, "new", 2));
  EXPECT_EQ(heard->trace, (std::vector<std::string>{"session.reply_started", "piece:old", "session.reply_started", "piece:new"}));
}

} // namespace reverie::tests
