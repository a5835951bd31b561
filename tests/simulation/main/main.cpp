#include "tests/simulation/simulation.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace reverie::simulation;

struct arguments {
  std::uint64_t seed = 1, runs = 1;
  planted_bug bug = planted_bug::none;
  bool trace = false;
};

std::optional<arguments> parse(int count, char** words) {
  arguments given;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    const auto* value = i + 1 < count ? words[i + 1] : nullptr;
    if (word == "--trace") {
      given.trace = true;
      continue;
    }
    if (value == nullptr) return std::nullopt;
    ++i;
    if (word == "--seed") given.seed = std::strtoull(value, nullptr, 10);
    else if (word == "--runs") given.runs = std::strtoull(value, nullptr, 10);
    else if (word != "--bug") return std::nullopt;
    else if (auto bug = parse_bug(value)) given.bug = *bug;
    else return std::nullopt;
  }
  return given;
}

void print(const std::vector<std::string>& lines) {
  for (const auto& each : lines) std::printf("%s\n", each.c_str());
}

} // namespace

int main(int count, char** words) {
  const auto given = parse(count, words);
  if (!given) {
    std::fprintf(stderr, "usage: reverie-simulate [--seed S] [--runs N] [--trace] [--bug NAME]\nbugs:");
    for (const auto& each : all_bugs) std::fprintf(stderr, " %s", std::string(each.name).c_str());
    std::fprintf(stderr, "\n");
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const auto begun = std::chrono::steady_clock::now();
  run_result sum;
  for (std::uint64_t i = 0; i < given->runs; ++i) {
    const auto seed = given->seed + i;
    // First, so that it is known whatever happens in the run.
    if (given->runs == 1 || i % 100 == 0) std::printf("seed %llu%s\n", static_cast<unsigned long long>(seed), given->runs == 1 ? "" : " …");
    const auto result = simulate({seed, given->bug});
    if (!result.wrong.empty()) {
      print(result.trace);
      std::printf("seed %llu: %zu violations\n", static_cast<unsigned long long>(seed), result.wrong.size());
      print(result.wrong);
      return 1;
    }
    if (given->trace) print(result.trace);
    sum.messages += result.messages;
    sum.accepted += result.accepted;
    sum.crashes += result.crashes;
    sum.takeovers += result.takeovers;
    sum.counted += result.counted;
    sum.fenced += result.fenced;
    sum.repeated += result.repeated;
  }
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  std::printf("%llu seeds, no violation: %llu messages, %zu commands accepted, %llu records count, %llu fenced, %llu repeated, %zu ends of processes, "
              "%zu take-overs; %.1f s, %.1f runs/s\n",
              static_cast<unsigned long long>(given->runs), static_cast<unsigned long long>(sum.messages), sum.accepted,
              static_cast<unsigned long long>(sum.counted), static_cast<unsigned long long>(sum.fenced),
              static_cast<unsigned long long>(sum.repeated), sum.crashes, sum.takeovers, seconds,
              static_cast<double>(given->runs) / (seconds > 0 ? seconds : 1));
  return 0;
}
