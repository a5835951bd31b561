// Ranking one person's 100,000 memories, postings and vectors already fetched: what is left of the 50 ms of a
// search.
#include "projections/fold/lexical/lexical_document.hpp"
#include "projections/queries/retrieval/ranking.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <random>
#include <string>

namespace {

using namespace reverie::projections;

// Conversations of 40 turns; each term stands in the given number of turns, spread evenly at random.
struct memories {
  std::vector<ranked_document> documents;
  std::vector<std::vector<term_occurrence>> occurrences;
  std::vector<query_term> terms;
  std::vector<document_cosine> cosines;

  memories(std::uint32_t count, const std::vector<std::uint32_t>& frequencies, std::uint32_t vectors) {
    std::mt19937 random(7);
    for (std::uint32_t i = 0; i < count; ++i) {
      documents.push_back({i / 40, i % 40, static_cast<std::uint32_t>(4 + random() % 40),
                           static_cast<std::uint16_t>(i % 2), memory_kind::turn});
    }
    for (const std::uint32_t frequency : frequencies) {
      auto& list = occurrences.emplace_back();
      for (std::uint32_t i = 0; i < count; ++i) {
        if (random() % count < frequency) list.push_back({i, static_cast<std::uint32_t>(1 + random() % 3)});
      }
    }
    for (const auto& list : occurrences)
      terms.push_back({list.size(), list});
    for (std::uint32_t i = 0; i < vectors; ++i)
      cosines.push_back({i, static_cast<float>(random() % 1000) / 1000});
  }
};

void rank_by_words(benchmark::State& state) {
  // A name that every second turn holds, common words, rare words.
  const memories all(100'000, {50'000, 10'000, 5'000, 1'000, 500, 100, 20, 5}, 0);
  const ranking_options options;
  const corpus searched{
      all.documents, all.terms, {}, all.documents.size(), average_window_length(all.documents, options)};
  for (auto _ : state)
    benchmark::DoNotOptimize(rank(searched, std::uint16_t{0}, options, 12));
}
BENCHMARK(rank_by_words)->Unit(benchmark::kMillisecond);

void rank_by_words_and_meaning(benchmark::State& state) {
  const memories all(100'000, {50'000, 10'000, 5'000, 1'000, 500, 100, 20, 5}, 100'000);
  const ranking_options options;
  const corpus searched{all.documents, all.terms, all.cosines, all.documents.size(),
                        average_window_length(all.documents, options)};
  for (auto _ : state)
    benchmark::DoNotOptimize(rank(searched, std::uint16_t{0}, options, 12));
}
BENCHMARK(rank_by_words_and_meaning)->Unit(benchmark::kMillisecond);

void fold_postings_of_a_message(benchmark::State& state) {
  const std::string text = state.range(0) == 0 ? "Yesterday I walked with Bruno along the river until the "
                                                 "rain came, and then we hid in the old café's doorway."
                                               : "Yesterday I walked with Bruno along the river until the "
                                                 "rain came, and then we hid in the old cafe's doorway.";
  const reverie::events::timestamp at{};
  for (auto _ : state)
    benchmark::DoNotOptimize(postings_of(turn_document("Anna", at, text)));
}
BENCHMARK(fold_postings_of_a_message)->Arg(0)->Arg(1)->Unit(benchmark::kMicrosecond);

} // namespace

BENCHMARK_MAIN();
