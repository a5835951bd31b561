#include "events/model/time.hpp"

#include <gtest/gtest.h>

#include <format>
#include <random>

namespace reverie::tests {

using events::timestamp;
using std::chrono::milliseconds;

TEST(time_text, is_what_the_standard_library_writes_in_every_year_of_four_digits_and_beyond) {
  std::vector<timestamp> times{timestamp{}, timestamp{milliseconds{-1}}, timestamp{milliseconds{999}},
                               timestamp{std::chrono::sys_days{std::chrono::year{0} / 1 / 1}},
                               timestamp{std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1}} - milliseconds{1},
                               timestamp{std::chrono::sys_days{std::chrono::year{10'000} / 1 / 1}},
                               timestamp{std::chrono::sys_days{std::chrono::year{-1} / 12 / 31}},
                               timestamp{std::chrono::sys_days{std::chrono::year{2024} / 2 / 29}}};
  std::mt19937_64 random(1);
  std::uniform_int_distribution<std::int64_t> any(-62'000'000'000'000, 250'000'000'000'000);
  for (int i = 0; i < 10'000; ++i) times.emplace_back(milliseconds{any(random)});
  for (const auto at : times) EXPECT_EQ(events::format_rfc3339(at), std::format("{:%FT%T}Z", at));
}

TEST(time_text, is_read_back_as_the_same_moment) {
  std::mt19937_64 random(2);
  std::uniform_int_distribution<std::int64_t> any(-62'000'000'000'000, 250'000'000'000'000);
  for (int i = 0; i < 10'000; ++i) {
    const timestamp at{milliseconds{any(random)}};
    EXPECT_EQ(events::parse_rfc3339(events::format_rfc3339(at)), at);
  }
}

} // namespace reverie::tests
