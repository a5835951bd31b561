#include "actors/runtime/cluster_follower.hpp"
#include "events/log/memory_log.hpp"
#include "tests/support/record_samples.hpp"

#include <gtest/gtest.h>

namespace reverie::tests {

using actors::runtime::log_follower;
using events::partition_number;

namespace {

constexpr partition_number only{0};

struct follower_test : ::testing::Test {
  std::shared_ptr<events::memory_log> log = std::make_shared<events::memory_log>(1);
  std::vector<std::string> seen; ///< texts of messages that counted
  std::vector<std::uint64_t> changes;
  std::optional<events::slice_map> slices;
  std::uint64_t control_sequence = 1;

  void append(events::record content) {
    log->append(only, std::move(content), [](events::outcome<events::log_offset>) {});
  }
  void control(const events::event& what, std::uint64_t epoch, std::uint64_t writer) {
    const auto entity = events::partition_entity(only);
    events::record made;
    made.slice_key = entity.id;
    made.headers.entity = entity;
    made.headers.epoch = {epoch};
    made.headers.writer = {numbered_uuid(writer)};
    made.headers.first_sequence = {control_sequence++};
    made.headers.types = {{std::string(events::name_of(what)), 1}};
    made.value = events::encode_events(std::vector{what}, {});
    append(std::move(made));
  }
  void announce(std::uint64_t epoch, std::uint64_t writer, const std::string& node) {
    control(events::partition::owner_announced{epoch, numbered_uuid(writer), node}, epoch, writer);
  }
  void say(std::uint64_t epoch, std::uint64_t writer, const std::string& text) {
    append(record_chain(numbered_session(5), epoch, numbered_uuid(writer)).message(text));
  }

  std::unique_ptr<log_follower> follow(std::uint64_t window = 100) {
    log_follower::listener told;
    told.owner_changed = [this](partition_number) { changes.push_back(1); };
    told.slices = [this](const events::slice_map& map) { slices = map; };
    told.counted = [this](const events::stored_record& record) {
      auto decoded = events::decode_events(record.content.value, {}).value();
      seen.push_back(std::get<events::session::message_sent>(decoded.events.front()).content);
      return true;
    };
    return std::make_unique<log_follower>(log, std::move(told), nullptr, log_follower::options{.window = window});
  }
  static void look_at_all(log_follower& follower) {
    while (follower.look()) continue;
  }
};

} // namespace

TEST_F(follower_test, finds_owner_and_slices_and_passes_on_only_what_counts_after_it_began) {
  announce(1, 11, "a:1");
  control(events::slice_map::dealt_over(1).to_event(), 1, 11);
  say(1, 11, "before");
  auto follower = follow();
  look_at_all(*follower);
  EXPECT_TRUE(follower->caught_up());
  EXPECT_EQ(follower->owner_of(only)->node, "a:1");
  EXPECT_TRUE(slices.has_value());
  EXPECT_TRUE(seen.empty());
  say(1, 11, "counts");
  announce(2, 22, "b:1");
  say(1, 11, "of a zombie");
  announce(2, 33, "c:1"); // came second
  say(2, 33, "of one who lost");
  say(2, 22, "of the new owner");
  look_at_all(*follower);
  EXPECT_EQ(seen, (std::vector<std::string>{"counts", "of the new owner"}));
  EXPECT_EQ(follower->owner_of(only)->node, "b:1");
}

TEST_F(follower_test, begins_near_the_end_and_looks_for_the_announcement_backwards) {
  announce(1, 11, "a:1");
  control(events::slice_map::dealt_over(1).to_event(), 1, 11);
  announce(2, 22, "b:1");
  for (int i = 0; i < 300; ++i) say(2, 22, "old");
  auto follower = follow(10);
  look_at_all(*follower);
  EXPECT_EQ(follower->owner_of(only)->epoch.value, 2U);
  EXPECT_EQ(follower->owner_of(only)->node, "b:1");
  EXPECT_TRUE(slices.has_value());
  say(2, 22, "new");
  look_at_all(*follower);
  EXPECT_EQ(seen, (std::vector<std::string>{"new"}));
}

TEST_F(follower_test, takes_who_wrote_on_for_the_owner_when_only_the_loser_of_a_race_is_in_sight) {
  announce(1, 11, "a:1");
  announce(2, 22, "b:1");
  say(2, 22, "one");
  announce(2, 33, "c:1");
  say(2, 22, "two");
  auto follower = follow(2);
  look_at_all(*follower);
  EXPECT_EQ(follower->owner_of(only)->node, "b:1");
}

TEST_F(follower_test, waits_with_a_partition_whose_record_can_not_be_taken_now) {
  announce(1, 11, "a:1");
  bool ready = false;
  int asked = 0;
  log_follower::listener told;
  told.owner_changed = [](partition_number) {};
  told.slices = [](const events::slice_map&) {};
  told.counted = [&](const events::stored_record&) { return ++asked, ready; };
  log_follower follower(log, std::move(told), nullptr, {});
  look_at_all(follower);
  say(1, 11, "one");
  EXPECT_FALSE(follower.look());
  EXPECT_FALSE(follower.look());
  EXPECT_EQ(asked, 2);
  ready = true;
  look_at_all(follower);
  EXPECT_EQ(asked, 3);
}

} // namespace reverie::tests
