#include "events/kafka/kafka_group.hpp"
#include "tests/adapters/kafka/broker.hpp"
#include "tests/adapters/kafka/topic_maker.hpp"

#include <condition_variable>
#include <gtest/gtest.h>

namespace reverie::tests {

using events::kafka_group;
using events::kafka_group_options;
using events::partition_number;
using namespace std::chrono_literals;

namespace {

using partitions = std::vector<partition_number>;

/// A member, and what it was told.
class member {
public:
  member(const std::string& topic, std::string name, std::chrono::milliseconds session = 6'000ms) {
    kafka_group_options options;
    options.cluster.brokers = broker::of_this_program().list();
    options.cluster.topic = topic;
    options.group = topic;
    options.member = std::move(name);
    options.session = session;
    options.heartbeat = 500ms;
    options.revoke_within = 6'000ms;
    options.works = [this] { return works.load(); };
    group = std::make_unique<kafka_group>(std::move(options));
  }
  ~member() { group.reset(); }

  member& join() {
    EXPECT_TRUE(group->join({[this](const partitions& given) { note([&] { held.insert(given.begin(), given.end()); }); },
                             [this](const partitions& taken) {
                               if (while_revoked) while_revoked(taken);
                               note([&] { for (auto each : taken) held.erase(each); revoked += taken.size(); });
                             },
                             [this](const partitions& taken) { note([&] { for (auto each : taken) held.erase(each); lost += taken.size(); }); }})
                    .has_value());
    return *this;
  }

  bool wait(const std::function<bool()>& until, std::chrono::seconds within = 40s) {
    std::unique_lock lock(mutex);
    return changed.wait_for(lock, within, until);
  }
  bool holds(std::size_t count) {
    return wait([&] { return held.size() == count; });
  }

  std::atomic<bool> works{true};
  std::function<void(const partitions&)> while_revoked;
  std::mutex mutex;
  std::condition_variable changed;
  std::set<partition_number> held;
  std::size_t revoked = 0, lost = 0;
  std::unique_ptr<kafka_group> group;

private:
  void note(const std::function<void()>& change) {
    std::lock_guard lock(mutex);
    change();
    changed.notify_all();
  }
};

std::string topic_of_four() {
  auto topic = fresh_topic();
  topic_maker().make(topic, 4, {});
  return topic;
}

} // namespace

TEST(kafka_group, gives_one_member_everything_and_shares_with_a_second_one) {
  auto topic = topic_of_four();
  member one(topic, "one"), two(topic, "two");
  EXPECT_TRUE(one.join().holds(4));
  EXPECT_EQ(one.group->problem(), "");
  EXPECT_TRUE(two.join().holds(2));
  EXPECT_TRUE(one.holds(2));
  EXPECT_EQ(one.revoked, 2U) << "cooperative: only what moves is given back";
  EXPECT_EQ(one.lost + two.lost, 0U);
}

TEST(kafka_group, trap_4_a_partition_is_with_the_next_member_only_when_revoked_has_returned) {
  auto topic = topic_of_four();
  member one(topic, "one"), two(topic, "two");
  std::atomic<bool> drained = false, too_early = false;
  one.while_revoked = [&](const partitions&) {
    auto before = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - before < 1s)
      if (std::lock_guard lock(two.mutex); !two.held.empty()) too_early = true;
    drained = true;
  };
  EXPECT_TRUE(one.join().holds(4));
  EXPECT_TRUE(two.join().holds(2));
  EXPECT_TRUE(drained);
  EXPECT_FALSE(too_early);
}

TEST(kafka_group, trap_4_a_static_member_that_comes_back_gets_the_same_partitions_and_nobody_else_hears_of_it) {
  auto topic = topic_of_four();
  member one(topic, "one");
  auto two = std::make_unique<member>(topic, "two");
  EXPECT_TRUE(one.join().holds(4));
  EXPECT_TRUE(two->join().holds(2));
  EXPECT_TRUE(one.holds(2));
  const auto before = two->held;
  const auto revoked_before = one.revoked;
  two = std::make_unique<member>(topic, "two");
  EXPECT_TRUE(two->join().holds(2));
  EXPECT_EQ(two->held, before);
  EXPECT_EQ(one.revoked, revoked_before);
  EXPECT_EQ(one.held.size(), 2U);
}

TEST(kafka_group, trap_4_the_poll_thread_lives_while_the_actors_stall_so_the_watchdog_leaves_the_group) {
  auto topic = topic_of_four();
  member one(topic, "one"), two(topic, "two");
  EXPECT_TRUE(one.join().holds(4));
  EXPECT_TRUE(two.join().holds(2));
  EXPECT_TRUE(one.holds(2));
  one.works = false;
  EXPECT_TRUE(one.wait([&] { return one.lost == 2; })) << "it says that it is no member, and gives nothing back in order";
  EXPECT_NE(one.group->problem(), "");
  EXPECT_TRUE(two.holds(4)) << "after the session has ended";
  one.works = true;
  EXPECT_TRUE(one.holds(2)) << "and it comes back";
}

TEST(kafka_group, trap_4_the_group_goes_on_without_a_member_whose_revoke_takes_longer_than_the_poll_interval) {
  auto topic = topic_of_four();
  member one(topic, "one"), two(topic, "two");
  EXPECT_TRUE(one.join().holds(4));
  std::atomic<bool> hung = false;
  one.while_revoked = [&](const partitions&) {
    if (hung.exchange(true)) return;
    EXPECT_TRUE(two.holds(4)) << "all of them, also those that were not to move";
  };
  two.join();
  EXPECT_TRUE(one.wait([&] { return hung && one.lost + one.revoked == 4; })) << "it hears that what it still held is gone, too";
  EXPECT_TRUE(one.holds(2)) << "and it joins again";
  EXPECT_TRUE(two.holds(2));
  for (auto each : one.held) EXPECT_FALSE(two.held.contains(each));
}

TEST(kafka_group, shuts_out_the_process_whose_name_another_one_has_taken) {
  auto topic = topic_of_four();
  member one(topic, "same"), two(topic, "same");
  EXPECT_TRUE(one.join().holds(4));
  EXPECT_TRUE(two.join().holds(4));
  EXPECT_TRUE(one.wait([&] { return one.held.empty(); }));
  EXPECT_EQ(one.lost, 4U);
  EXPECT_NE(one.group->problem().find("under the name same"), std::string::npos) << one.group->problem();
}

TEST(kafka_group, lets_the_first_one_back_when_the_process_that_took_its_name_is_gone) {
  auto topic = topic_of_four();
  member one(topic, "same");
  auto two = std::make_unique<member>(topic, "same");
  EXPECT_TRUE(one.join().holds(4));
  EXPECT_TRUE(two->join().holds(4));
  EXPECT_TRUE(one.holds(0));
  two.reset();
  EXPECT_TRUE(one.holds(4)) << one.group->problem();
  EXPECT_EQ(one.group->problem(), "");
}

TEST(kafka_group, trap_4_a_coordinator_that_restarts_takes_a_members_own_second_attempt_to_join_for_another_process) {
  auto topic = topic_of_four();
  member one(topic, "one"), two(topic, "two");
  EXPECT_TRUE(one.join().holds(4));
  EXPECT_TRUE(two.join().holds(2));
  EXPECT_TRUE(one.holds(2));
  auto& kafka = broker::of_this_program();
  kafka.stop();
  EXPECT_TRUE(one.wait([&] { return one.lost == 2; })) << "nobody hears of it for a session";
  EXPECT_TRUE(two.wait([&] { return two.lost == 2; }));
  kafka.start();
  for (auto* each : {&one, &two}) EXPECT_TRUE(each->wait([&] { return each->held.size() == 2; }, 120s)) << each->group->problem();
  EXPECT_EQ(one.group->problem() + two.group->problem(), "");
}

TEST(kafka_group, refuses_a_member_without_a_name) {
  member nobody("t", "");
  EXPECT_EQ(nobody.group->join({}).error().code, events::failure_code::malformed);
}

} // namespace reverie::tests
