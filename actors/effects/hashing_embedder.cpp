#include "actors/effects/hashing_embedder.hpp"

#include "events/model/text_terms.hpp"

#include <xxhash.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <string>

namespace reverie::actors {
namespace {

// The n-grams of a word have together the length `ngrams_weight` whatever their number, so that long words do
// not outweigh short ones. Whole numbers keep the sums exact and free of their order.
constexpr std::int64_t word_weight = 10'000;
constexpr double ngrams_weight = 7'000;
constexpr std::size_t shortest_ngram = 3;
constexpr std::size_t longest_ngram = 5;

using sums = std::array<std::int64_t, hashing_embedding_dimensions>;

void add(sums& vector, std::string_view feature, std::int64_t weight) {
  const std::uint64_t hash = XXH64(feature.data(), feature.size(), 0);
  const bool negative = (hash >> 63U) != 0;
  vector[hash % hashing_embedding_dimensions] += negative ? -weight : weight;
}

// The n-grams of a word between marks for its ends, by characters.
void add_ngrams(sums& vector, const std::string& word) {
  const std::string marked = "<" + word + ">";
  std::vector<std::size_t> starts;
  for (std::size_t i = 0; i < marked.size(); i += events::character_bytes(std::string_view{marked}.substr(i)))
    starts.push_back(i);
  starts.push_back(marked.size());
  const std::size_t characters = starts.size() - 1;

  std::int64_t count = 0;
  for (std::size_t n = shortest_ngram; n <= longest_ngram && n <= characters; ++n)
    count += static_cast<std::int64_t>(characters - n + 1);
  if (count == 0) return;
  const auto weight = static_cast<std::int64_t>(ngrams_weight / std::sqrt(static_cast<double>(count)));
  std::string feature;
  for (std::size_t n = shortest_ngram; n <= longest_ngram && n <= characters; ++n) {
    for (std::size_t i = 0; i + n <= characters; ++i) {
      feature.assign("g:").append(marked, starts[i], starts[i + n] - starts[i]);
      add(vector, feature, weight);
    }
  }
}

} // namespace

std::vector<float> hashing_embedding(std::string_view text) {
  sums vector{};
  for (const std::string& word : events::words_of(text)) {
    if (events::is_stop_word(word)) continue;
    add(vector, "w:" + events::stem_of(word), word_weight);
    add_ngrams(vector, word);
  }
  double squares = 0;
  for (const std::int64_t sum : vector)
    squares += static_cast<double>(sum) * static_cast<double>(sum);
  const double length = squares > 0 ? std::sqrt(squares) : 1;
  std::vector<float> embedding;
  embedding.reserve(vector.size());
  for (const std::int64_t sum : vector)
    embedding.push_back(static_cast<float>(static_cast<double>(sum) / length));
  return embedding;
}

events::outcome<std::vector<std::vector<float>>>
hashing_embedder::embed(const std::vector<std::string>& texts) {
  std::vector<std::vector<float>> vectors;
  vectors.reserve(texts.size());
  for (const std::string& text : texts)
    vectors.push_back(hashing_embedding(text));
  return vectors;
}

} // namespace reverie::actors
