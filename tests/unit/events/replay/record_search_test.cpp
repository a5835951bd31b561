#include "events/replay/partition_watch.hpp"
#include "events/replay/record_search.hpp"
#include "events/log/memory_log.hpp"
#include "tests/support/record_samples.hpp"

#include <gtest/gtest.h>

using namespace reverie::events;
using namespace reverie::tests;

namespace {

constexpr std::int64_t start_ms = 1'700'000'000'000;

/// Two partitions of messages, one every ten minutes, in turn.
struct two_partitions {
  two_partitions() {
    for (std::uint32_t partition = 0; partition < 2; ++partition) log.write_raw({partition}, announced(partition));
    for (std::uint64_t i = 0; i < 200; ++i) {
      auto made = chains[i % 2].message("message");
      made.headers.at = at(i);
      made.headers.hash = hash_of(made);
      log.write_raw({static_cast<std::uint32_t>(i % 2)}, made);
    }
  }
  static record announced(std::uint32_t partition) {
    auto made = announcement({partition}, 1, numbered_uuid(9), 1);
    made.headers.at = at(0);
    made.headers.hash = hash_of(made);
    return made;
  }
  static timestamp at(std::uint64_t index) { return from_milliseconds(start_ms + static_cast<std::int64_t>(index) * 600'000); }

  memory_log log{2};
  record_chain chains[2] = {{numbered_session(1), 1, numbered_uuid(9)}, {numbered_session(2), 1, numbered_uuid(9)}};
};

std::vector<std::string> positions(const std::vector<stored_record>& found) {
  std::vector<std::string> all;
  for (const auto& each : found) all.push_back(to_string(each.position));
  return all;
}

} // namespace

TEST(record_search, goes_back_from_the_end_over_all_partitions_page_by_page) {
  two_partitions given;
  record_search what;
  what.found_max = 3;
  auto first = search_records(given.log, what);
  ASSERT_TRUE(first);
  EXPECT_EQ(positions(first->found), (std::vector<std::string>{"1:100", "0:100", "1:99"}));
  EXPECT_TRUE(first->more);
  what.from = first->places;
  auto second = search_records(given.log, what);
  EXPECT_EQ(positions(second->found), (std::vector<std::string>{"0:99", "1:98", "0:98"}));
}

TEST(record_search, sees_every_record_once_forward_and_backward) {
  two_partitions given;
  for (bool forward : {true, false}) {
    record_search what;
    what.forward = forward;
    what.found_max = 7;
    std::size_t count = 0;
    timestamp last = forward ? timestamp{} : timestamp::max();
    for (int pages = 0; pages < 100; ++pages) {
      auto page = search_records(given.log, what);
      ASSERT_TRUE(page);
      for (const auto& each : page->found) {
        EXPECT_TRUE(forward ? each.content.headers.at >= last : each.content.headers.at <= last);
        last = each.content.headers.at;
      }
      count += page->found.size();
      what.from = page->places;
      if (!page->more) break;
    }
    EXPECT_EQ(count, 202u);
  }
}

TEST(record_search, looks_at_no_more_than_it_may_and_says_where_it_stopped) {
  two_partitions given;
  record_search what;
  what.filter.entity = numbered_session(77);
  what.looked_at_max = 50;
  auto page = search_records(given.log, what);
  ASSERT_TRUE(page);
  EXPECT_TRUE(page->found.empty());
  EXPECT_EQ(page->looked_at, 50u);
  EXPECT_TRUE(page->more);
  std::size_t calls = 1;
  for (; page->more; ++calls) {
    what.from = page->places;
    page = search_records(given.log, what);
    ASSERT_TRUE(page);
  }
  EXPECT_EQ(calls, 5u);
}

TEST(record_search, finds_by_entity_type_ids_and_time) {
  two_partitions given;
  record_search what;
  what.filter.entity = numbered_session(2);
  what.filter.type = "session.*";
  what.filter.since = two_partitions::at(101);
  what.filter.until = two_partitions::at(105);
  auto found = search_records(given.log, what);
  ASSERT_TRUE(found);
  EXPECT_EQ(positions(found->found), (std::vector<std::string>{"1:52", "1:51"}));
  EXPECT_LT(found->looked_at, 20u) << "the range of times is bisected, not walked to";
  what = {};
  what.filter.command = command_id{numbered_uuid(1010)};
  EXPECT_EQ(search_records(given.log, what)->found.size(), 2u);
  what.filter.correlation = correlation_id{numbered_uuid(2011)};
  EXPECT_TRUE(search_records(given.log, what)->found.empty());
  what = {};
  what.only = partition_number{5};
  EXPECT_EQ(search_records(given.log, what).error().code, failure_code::not_found);
}

TEST(record_search, goes_on_behind_a_damaged_record) {
  two_partitions given;
  given.log.corrupt({{0}, {50}});
  record_search what;
  what.only = partition_number{0};
  what.found_max = 1000;
  EXPECT_EQ(search_records(given.log, what)->found.size(), 100u);
  EXPECT_EQ(record_at(given.log, {{0}, {500}}).error().code, failure_code::not_found);
  EXPECT_EQ(to_string(record_at(given.log, {{1}, {3}})->position), "1:3");
}

TEST(partition_watch, tells_owners_verdicts_and_differences) {
  memory_log log(1);
  record_chain chain(numbered_session(1), 1, numbered_uuid(9)), zombie(numbered_session(2), 7, numbered_uuid(8));
  log.write_raw({0}, announcement({0}, 1, numbered_uuid(9), 1));
  auto first = chain.message("a");
  log.write_raw({0}, first);
  log.write_raw({0}, first);
  log.write_raw({0}, zombie.message("b"));
  auto changed = chain.message("c");
  changed.value = encode_events(std::vector<event>{session::message_sent{{numbered_uuid(5)}, {}, "other", {}}}, {});
  log.write_raw({0}, changed);
  partition_watch watch(log, {0});
  EXPECT_FALSE(watch.verdict_of({1}));
  while (*watch.step(2) > 0) {}
  EXPECT_EQ(watch.verdict_of({1}), record_verdict::counts);
  EXPECT_EQ(watch.verdict_of({2}), record_verdict::repeated);
  EXPECT_EQ(watch.verdict_of({3}), record_verdict::fenced);
  ASSERT_EQ(watch.owners().size(), 1u);
  EXPECT_EQ(watch.owners()[0].epoch.value, 1u);
  EXPECT_EQ(watch.now().fenced, 1u);
  EXPECT_EQ(watch.now().repeated, 1u);
  const auto differences = watch.take_differences();
  ASSERT_EQ(differences.size(), 1u);
  EXPECT_EQ(to_string(differences[0].position), "0:4");
  EXPECT_TRUE(watch.take_differences().empty());
}

TEST(partition_watch, forgets_old_entities_and_takes_them_as_they_come) {
  memory_log log(1);
  log.write_raw({0}, announcement({0}, 1, numbered_uuid(9), 1));
  std::vector<record_chain> chains;
  for (std::uint64_t i = 0; i < 40; ++i) chains.emplace_back(numbered_session(i + 1), 1, numbered_uuid(9));
  for (int round = 0; round < 3; ++round)
    for (auto& each : chains) log.write_raw({0}, each.message("x"));
  partition_watch watch(log, {0}, 10);
  while (*watch.step(1000) > 0) {}
  EXPECT_EQ(watch.now().counted, 121u);
  EXPECT_EQ(watch.now().differences, 0u);
}
