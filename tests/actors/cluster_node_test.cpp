#include "actors/runtime/cluster_keeper.hpp"
#include "actors/runtime/cluster_node.hpp"
#include "events/log/memory_assignment.hpp"
#include "tests/support/actor_world.hpp"

#include <gtest/gtest.h>

#include <future>

/// Two whole nodes with their threads in this process, on one memory log, one memory group and a network in memory.
namespace reverie::tests {

using namespace actors::runtime;
using namespace std::chrono_literals;

namespace {

/// Frames go over at once, unless the receiver is cut off.
class memory_network {
public:
  class end : public peer_network {
  public:
    end(memory_network& home, std::string self) : home_(home), self_(std::move(self)) {}
    events::outcome<void> start(listener told) override {
      std::lock_guard lock(home_.mutex_);
      home_.ends_[self_] = std::move(told);
      return {};
    }
    bool send(const std::string& node, std::string frame) override {
      listener to, own;
      {
        std::lock_guard lock(home_.mutex_);
        own = home_.ends_[self_];
        if (auto found = home_.ends_.find(node); found != home_.ends_.end() && !home_.cut_.contains(node)) to = found->second;
      }
      if (to.received) to.received(std::move(frame));
      else if (own.unreachable) own.unreachable(node);
      return true;
    }
    void stop() override {
      std::lock_guard lock(home_.mutex_);
      home_.ends_.erase(self_);
    }

  private:
    memory_network& home_;
    std::string self_;
  };
  void cut(const std::string& node) {
    std::lock_guard lock(mutex_);
    cut_.insert(node);
  }

private:
  std::mutex mutex_;
  std::map<std::string, peer_network::listener> ends_;
  std::set<std::string> cut_;
};

/// Time that several threads read, ahead of the machine's by what a test says.
class hurried_clock : public clock_port {
public:
  events::timestamp now() const override { return machine_clock()->now() + ahead_.load(); }
  std::chrono::milliseconds steady() const override { return machine_clock()->steady() + ahead_.load(); }
  void advance(std::chrono::milliseconds by) { ahead_ = ahead_.load() + by; }

private:
  std::atomic<std::chrono::milliseconds> ahead_{0ms};
};

struct shared_world {
  std::shared_ptr<events::memory_log> log = std::make_shared<events::memory_log>(2);
  std::shared_ptr<events::memory_key_ring> keys = std::make_shared<events::memory_key_ring>();
  std::shared_ptr<events::memory_group> group = std::make_shared<events::memory_group>(2);
  std::shared_ptr<hurried_clock> clock = std::make_shared<hurried_clock>();
  memory_network network;
};

/// One server, as the composition root builds it.
struct member {
  member(shared_world& world, const std::string& name) {
    node_options options;
    options.node_name = name;
    options.own_nothing = true;
    options.tick = 20ms;
    options.tail_wait = 20ms;
    ports = {.log = world.log, .states = std::make_shared<events::memory_state_store_factory>(), .keys = world.keys, .clock = world.clock};
    local = start_node(options, ports);
    cluster_options how;
    how.self = name;
    how.follow.pause = 1ms;
    all = cluster_node::make(how, local, ports, std::make_shared<memory_network::end>(world.network, name));
    EXPECT_TRUE(all->start().has_value());
    group = std::shared_ptr<events::partition_assignment>(world.group->member(name));
    keeper = std::make_unique<partition_keeper>(local, group, keeper_options{.drain = 5s, .take_again = 100ms, .look = 20ms}, line_logger{});
    EXPECT_TRUE(keeper->start().has_value());
  }
  ~member() { stop(); }
  void stop() {
    keeper->stop();
    all->stop();
    local->stop(5s);
  }
  bool serves_what_it_should() { return wait([&] { return keeper->problems().empty() && all->caught_up(); }); }
  static bool wait(const std::function<bool()>& until) {
    for (auto end = std::chrono::steady_clock::now() + 20s; std::chrono::steady_clock::now() < end; std::this_thread::yield())
      if (until()) return true;
    return false;
  }

  node_ports ports;
  std::shared_ptr<node> local;
  std::shared_ptr<cluster_node> all;
  std::shared_ptr<events::partition_assignment> group;
  std::unique_ptr<partition_keeper> keeper;
};

struct cluster_test : ::testing::Test {
  shared_world world;
  std::uint64_t count = 0;

  events::uuid fresh() { return events::derive_uuid("fresh", {}, {}, ++count); }

  /// A person in the given partition.
  events::user_id person_in(member& of, std::uint32_t partition) {
    for (;;) {
      events::user_id person{fresh()};
      if (of.local->services().partition_of(person.value)->value == partition) {
        (void)world.keys->create(person);
        return person;
      }
    }
  }
  command_outcome ask(member& at, actors::command_envelope envelope) {
    auto answered = std::make_shared<std::promise<command_outcome>>();
    auto answer = answered->get_future();
    at.all->submit(std::move(envelope), [answered](command_outcome result) { answered->set_value(std::move(result)); });
    return answer.get();
  }
  actors::command_envelope registration(events::user_id person, const std::string& name) {
    return {{fresh()}, {fresh()}, person, {{events::entity_kind::user, person.value}, person.value},
            actors::user::command{actors::user::register_user{"a@b.example", name, {"user"}}}, std::nullopt};
  }
  actors::command_envelope renaming(events::user_id person, const std::string& name) {
    return {{fresh()}, {fresh()}, person, {{events::entity_kind::user, person.value}, person.value},
            actors::user::command{actors::user::change_profile{name}}, std::nullopt};
  }
};

/// What a listener heard, from any thread.
struct counting_listener : actors::update_listener {
  void on_update(const actors::shared_update& update) override {
    std::lock_guard lock(mutex);
    for (const auto& each : update->happened) sequences.push_back(each.context.sequence.value);
  }
  void on_piece(const std::shared_ptr<const actors::reply_piece>&) override {}
  std::vector<std::uint64_t> heard() {
    std::lock_guard lock(mutex);
    return sequences;
  }
  std::mutex mutex;
  std::vector<std::uint64_t> sequences;
};

} // namespace

TEST_F(cluster_test, does_commands_and_reads_for_the_partitions_of_other_nodes) {
  member one(world, "one:1"), two(world, "two:1");
  ASSERT_TRUE(one.serves_what_it_should());
  ASSERT_TRUE(two.serves_what_it_should());
  for (std::uint32_t partition : {0U, 1U}) {
    auto person = person_in(one, partition);
    for (auto* at : {&one, &two}) {
      auto answer = ask(*at, at == &one ? registration(person, "Ann") : renaming(person, "Bea"));
      ASSERT_TRUE(answer.has_value()) << answer.error().message;
      EXPECT_EQ(answer->position.partition.value, partition);
    }
    std::promise<std::string> state;
    two.all->inspect({{events::entity_kind::user, person.value}, person.value}, [&](events::outcome<actors::owned_state> told) { state.set_value(told ? told->json : told.error().message); });
    EXPECT_NE(state.get_future().get().find("Bea"), std::string::npos);
    std::promise<std::size_t> records;
    one.all->read_history({{events::entity_kind::user, person.value}, person.value}, std::nullopt, 10,
                          [&](auto updates) { records.set_value(updates ? updates->size() : 0); });
    EXPECT_EQ(records.get_future().get(), 2U);
  }
}

TEST_F(cluster_test, answers_the_same_id_once_also_through_another_node) {
  member one(world, "one:1"), two(world, "two:1");
  ASSERT_TRUE(one.serves_what_it_should() && two.serves_what_it_should());
  auto person = person_in(one, 1);
  auto command = registration(person, "Ann");
  auto first = ask(one, command), second = ask(two, command);
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->position, second->position);
  EXPECT_TRUE(second->repeated);
}

TEST_F(cluster_test, pushes_everything_once_and_in_order_to_a_listener_while_the_partition_moves) {
  auto one = std::make_unique<member>(world, "one:1");
  member two(world, "two:1");
  ASSERT_TRUE(one->serves_what_it_should() && two.serves_what_it_should());
  const auto moving = one->keeper->assigned().begin()->value;
  auto person = person_in(two, moving);
  auto listener = std::make_shared<counting_listener>();
  auto listening = two.all->listen(person, listener);
  ASSERT_TRUE(ask(two, registration(person, "0")).has_value());
  std::uint64_t done = 1;
  auto rename_some = [&] {
    for (int i = 0; i < 20; ++i) {
      auto answer = ask(two, renaming(person, std::to_string(++done)));
      ASSERT_TRUE(answer.has_value()) << answer.error().message;
    }
  };
  rename_some();
  auto leaving = std::async(std::launch::async, [&] { one.reset(); });
  rename_some();
  leaving.get();
  rename_some();
  EXPECT_TRUE(two.keeper->assigned().contains({moving}));
  EXPECT_TRUE(member::wait([&] { return listener->heard().size() == done; }));
  auto heard = listener->heard();
  for (std::uint64_t i = 0; i < heard.size(); ++i) EXPECT_EQ(heard[i], i + 1);
}

TEST_F(cluster_test, finishes_what_was_accepted_when_a_partition_is_revoked_and_does_each_command_once) {
  member one(world, "one:1");
  ASSERT_TRUE(one.serves_what_it_should());
  auto person = person_in(one, 1); // the one that will move
  ASSERT_TRUE(ask(one, registration(person, "0")).has_value());
  std::vector<std::future<command_outcome>> answers;
  for (int i = 1; i <= 50; ++i) {
    auto answered = std::make_shared<std::promise<command_outcome>>();
    answers.push_back(answered->get_future());
    one.all->submit(renaming(person, std::to_string(i)), [answered](command_outcome result) { answered->set_value(std::move(result)); });
  }
  member two(world, "two:1");
  for (auto& each : answers) {
    auto answer = each.get();
    ASSERT_TRUE(answer.has_value()) << answer.error().message;
    EXPECT_FALSE(answer->repeated);
  }
  ASSERT_TRUE(two.serves_what_it_should());
  EXPECT_TRUE(two.keeper->assigned().contains({1}));
  std::promise<std::size_t> records;
  one.all->read_history({{events::entity_kind::user, person.value}, person.value}, std::nullopt, 100,
                        [&](auto updates) { records.set_value(updates ? updates->size() : 0); });
  EXPECT_EQ(records.get_future().get(), 51U);
}

TEST_F(cluster_test, does_nothing_for_what_was_lost_until_the_log_fences_it_and_takes_up_what_is_assigned_again) {
  member one(world, "one:1"), two(world, "two:1");
  ASSERT_TRUE(one.serves_what_it_should() && two.serves_what_it_should());
  const auto moving = *one.keeper->assigned().begin();
  world.group->expire("one:1"); // it hears nothing of it, as one that is frozen
  ASSERT_TRUE(member::wait([&] { return two.local->services().serves(moving); }));
  EXPECT_TRUE(member::wait([&] { return !one.local->services().serves(moving); }));
  world.group->wake("one:1");
  EXPECT_TRUE(one.serves_what_it_should());
  EXPECT_EQ(one.keeper->assigned().size(), 1U);
  auto person = person_in(one, one.keeper->assigned().begin()->value);
  EXPECT_TRUE(ask(two, registration(person, "Ann")).has_value());
}

/// First it waits for the partition here, which gives up being the owner meanwhile, then for whoever comes next: all within one deadline.
TEST_F(cluster_test, tells_within_one_deadline_that_a_command_takes_too_long_though_its_partition_is_lost_meanwhile) {
  member one(world, "one:1");
  ASSERT_TRUE(one.serves_what_it_should());
  auto registered = registration(person_in(one, 0), "Ann");
  for (int i = 0; i < 1'000; ++i) world.log->next_append_meets(events::memory_log::fault::delay_record);
  auto attempt = [&] {
    const auto began = world.clock->steady();
    auto answer = std::async(std::launch::async, [&] { return ask(one, registered); });
    while (answer.wait_for(40ms) != std::future_status::ready) world.clock->advance(1s);
    EXPECT_LT(world.clock->steady() - began, 2 * events::limits::command_deadline_ms - 3s);
    auto result = answer.get();
    EXPECT_TRUE(!result && result.error().code == events::rejection_code::unavailable);
  };
  attempt(); // it tries a fresh epoch
  attempt();
  EXPECT_FALSE(one.local->services().serves({0}));
}

TEST_F(cluster_test, asks_the_new_owner_when_the_old_one_can_not_be_reached) {
  member one(world, "one:1"), two(world, "two:1");
  ASSERT_TRUE(one.serves_what_it_should() && two.serves_what_it_should());
  const auto moving = one.keeper->assigned().begin()->value;
  auto person = person_in(two, moving);
  world.network.cut("one:1");
  auto answering = std::async(std::launch::async, [&] { return ask(two, registration(person, "Ann")); });
  world.group->expire("one:1");
  auto answer = answering.get();
  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_TRUE(member::wait([&] { return !one.local->services().serves({moving}); })) << "the log has fenced it";
}

} // namespace reverie::tests
