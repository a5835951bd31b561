#include "tests/simulation/simulation.hpp"

#include <unistd.h>

#include <algorithm>
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
  bool trace = false, json = false, nodes_talk = false;
};

std::optional<arguments> parse(int count, char** words) {
  arguments given;
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    const auto* value = i + 1 < count ? words[i + 1] : nullptr;
    if (word == "--trace" || word == "--json" || word == "--nodes-talk") {
      (word == "--trace" ? given.trace : word == "--json" ? given.json : given.nodes_talk) = true;
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

double seconds_since(std::chrono::steady_clock::time_point begun) {
  return std::max(1e-3, std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
}

/// The seed comes first, so that it is known whatever happens in the run; on a terminal in one line, with rate and time left.
void print_seed(const arguments& given, std::uint64_t seed, std::uint64_t done, std::chrono::steady_clock::time_point begun) {
  if (given.json) return;
  if (::isatty(STDOUT_FILENO) == 0 || given.trace || given.runs == 1) {
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
    return;
  }
  const auto rate = static_cast<double>(done) / seconds_since(begun);
  std::printf("\rseed %llu, %llu of %llu, %.1f runs/s, %.0f s left   ", static_cast<unsigned long long>(seed), static_cast<unsigned long long>(done),
              static_cast<unsigned long long>(given.runs), rate, rate > 0 ? static_cast<double>(given.runs - done) / rate : 0.0);
  std::fflush(stdout);
}

void print_sum(const arguments& given, const run_result& sum, double seconds) {
  std::printf(given.json ? R"({"runs":%llu,"violations":0,"messages":%llu,"accepted":%zu,"counted":%llu,"fenced":%llu,"repeated":%llu,"ends":%zu,"takeovers":%zu,"seconds":%.1f,"runs_per_second":%.1f})"
                           "\n"
                         : "%llu seeds, no violation: %llu messages, %zu commands accepted, %llu records count, %llu fenced, %llu repeated, "
                           "%zu ends of processes, %zu take-overs; %.1f s, %.1f runs/s\n",
              static_cast<unsigned long long>(given.runs), static_cast<unsigned long long>(sum.messages), sum.accepted,
              static_cast<unsigned long long>(sum.counted), static_cast<unsigned long long>(sum.fenced),
              static_cast<unsigned long long>(sum.repeated), sum.crashes, sum.takeovers, seconds, static_cast<double>(given.runs) / seconds);
}

int fail(const arguments& given, std::uint64_t seed, const run_result& result) {
  if (given.json) {
    std::printf(R"({"seed":%llu,"violations":%zu})"
                "\n",
                static_cast<unsigned long long>(seed), result.wrong.size());
    return 1;
  }
  print(result.trace);
  std::printf("seed %llu: %zu violations\n", static_cast<unsigned long long>(seed), result.wrong.size());
  print(result.wrong);
  return 1;
}

int run_all(const arguments& given) {
  const auto begun = std::chrono::steady_clock::now();
  run_result sum;
  for (std::uint64_t i = 0; i < given.runs; ++i) {
    const auto seed = given.seed + i;
    print_seed(given, seed, i, begun);
    const auto result = simulate({seed, given.bug, given.nodes_talk});
    if (!result.wrong.empty()) return fail(given, seed, result);
    if (given.trace) print(result.trace);
    sum.messages += result.messages;
    sum.accepted += result.accepted;
    sum.crashes += result.crashes;
    sum.takeovers += result.takeovers;
    sum.counted += result.counted;
    sum.fenced += result.fenced;
    sum.repeated += result.repeated;
  }
  print_sum(given, sum, seconds_since(begun));
  return 0;
}

} // namespace

int main(int count, char** words) {
  const auto given = parse(count, words);
  if (!given) {
    std::fprintf(stderr, "usage: reverie-simulate [--seed S] [--runs N] [--trace] [--json] [--bug NAME]\nbugs:");
    for (const auto& each : all_bugs) std::fprintf(stderr, " %s", std::string(each.name).c_str());
    std::fprintf(stderr, "\n");
    return 2;
  }
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  return run_all(*given);
}
