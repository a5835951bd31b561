#include "projections/queries/retrieval/ranking.hpp"

#include "events/model/assert.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace reverie::projections {
namespace {

constexpr std::size_t reach = 3;

// Whether `other` is a turn of the same conversation as the turn `self`.
bool together(const ranked_document& self, const ranked_document& other) noexcept {
  return self.kind == memory_kind::turn && other.kind == memory_kind::turn &&
         self.conversation == other.conversation;
}

// Calls visit(target, weight) for every document whose window holds `source`, itself last. `weight` is that
// of `source` seen from the target: for a target before it, source is a later turn.
template <class Visit>
void for_each_window_with(std::span<const ranked_document> documents, std::size_t source,
                          const turn_window& window, Visit&& visit) {
  const ranked_document& self = documents[source];
  if (self.kind == memory_kind::turn) {
    for (std::size_t i = source; i-- > 0;) {
      if (!together(self, documents[i]) || self.order - documents[i].order > reach) break;
      if (self.order != documents[i].order) visit(i, window.later[self.order - documents[i].order - 1]);
    }
    for (std::size_t i = source + 1; i < documents.size(); ++i) {
      if (!together(self, documents[i]) || documents[i].order - self.order > reach) break;
      if (self.order != documents[i].order) visit(i, window.earlier[documents[i].order - self.order - 1]);
    }
  }
  visit(source, window.own);
}

double capped(const ranked_document& neighbour, double cap) noexcept {
  return neighbour.length > cap ? cap / neighbour.length : 1.0;
}

std::vector<double> window_lengths(std::span<const ranked_document> documents,
                                   const ranking_options& options) {
  std::vector<double> lengths(documents.size(), 0.0);
  for (std::size_t source = 0; source < documents.size(); ++source) {
    const double own = documents[source].length;
    const double as_neighbour = own * capped(documents[source], options.neighbour_length_cap);
    for_each_window_with(documents, source, options.lexical_window, [&](std::size_t target, double weight) {
      lengths[target] += weight * (target == source ? own : as_neighbour);
    });
  }
  return lengths;
}

std::vector<double> lexical_scores(const corpus& searched, const ranking_options& options) {
  const auto documents = searched.documents;
  std::vector<double> scores(documents.size(), 0.0);
  if (searched.terms.empty() || documents.empty()) return scores;

  std::vector<double> norms = window_lengths(documents, options);
  double average = searched.average_window_length;
  if (!(average > 0)) average = std::reduce(norms.begin(), norms.end()) / static_cast<double>(norms.size());
  if (!(average > 0)) average = 1;
  for (double& norm : norms)
    norm = options.k1 * (1 - options.b + options.b * norm / average);

  std::vector<double> frequencies(documents.size(), 0.0); // windowed, of the term at hand; zero between terms
  std::vector<std::uint32_t> touched;
  for (const query_term& term : searched.terms) {
    const auto df = static_cast<double>(term.document_frequency);
    // Never below the documents that hold it: a count taken a moment earlier must not make the logarithm
    // negative.
    const double total = std::max(static_cast<double>(searched.visible_documents), df);
    const double idf = std::log(1 + (total - df + 0.5) / (df + 0.5));
    touched.clear();
    for (const term_occurrence& occurrence : term.occurrences) {
      REVERIE_ASSERT(occurrence.document < documents.size(), "a posting names a document of the corpus");
      const double own = occurrence.frequency;
      const double as_neighbour = own * capped(documents[occurrence.document], options.neighbour_length_cap);
      for_each_window_with(
          documents, occurrence.document, options.lexical_window, [&](std::size_t target, double weight) {
            const double added = weight * (target == occurrence.document ? own : as_neighbour);
            if (added <= 0) return;
            if (frequencies[target] == 0) touched.push_back(static_cast<std::uint32_t>(target));
            frequencies[target] += added;
          });
    }
    for (const std::uint32_t document : touched) {
      const double frequency = std::exchange(frequencies[document], 0.0);
      scores[document] += idf * frequency * (options.k1 + 1) / (frequency + norms[document]);
    }
  }
  return scores;
}

// Not a number where a document has no vector of its own: a turn is not found by its neighbours' meaning
// alone.
std::vector<double> semantic_scores(const corpus& searched, const ranking_options& options) {
  const auto documents = searched.documents;
  std::vector<double> own(documents.size(), std::nan(""));
  for (const document_cosine& entry : searched.cosines) {
    REVERIE_ASSERT(entry.document < documents.size(), "a cosine names a document of the corpus");
    own[entry.document] = entry.cosine;
  }
  std::vector<double> sums(documents.size(), 0.0);
  std::vector<double> weights(documents.size(), 0.0);
  for (std::size_t source = 0; source < documents.size(); ++source) {
    if (std::isnan(own[source])) continue;
    for_each_window_with(documents, source, options.semantic_window, [&](std::size_t target, double weight) {
      sums[target] += weight * own[source];
      weights[target] += weight;
    });
  }
  for (std::size_t i = 0; i < sums.size(); ++i)
    sums[i] = std::isnan(own[i]) || weights[i] <= 0 ? own[i] : sums[i] / weights[i];
  return sums;
}

// The first `depth` of the documents that are listed, best first. A heap of that many and no more: the whole
// list, of every document of a long life, would cost more to lay down in memory than to look through.
template <class Before, class Listed>
std::vector<std::uint32_t> best(std::size_t count, std::size_t depth, Before&& before, Listed&& listed) {
  std::vector<std::uint32_t> heap; // the worst of the kept on top
  if (depth == 0) return heap;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (!listed(i)) continue;
    if (heap.size() == depth) {
      if (!before(i, heap.front())) continue;
      std::ranges::pop_heap(heap, before);
      heap.back() = i;
    } else {
      heap.push_back(i);
    }
    std::ranges::push_heap(heap, before);
  }
  std::ranges::sort_heap(heap, before);
  return heap;
}

// The order of one list: of equal ones the later document first.
auto by_value(std::span<const double> values) {
  return [values](std::uint32_t a, std::uint32_t b) {
    return values[a] != values[b] ? values[a] > values[b] : a > b;
  };
}

// Adds one list's share to the fused scores.
void fuse(std::span<const std::uint32_t> list, std::span<const double> values, double weight,
          const ranking_options& options, std::vector<double>& fused) {
  if (list.empty()) return;
  const double highest = values[list.front()];
  const double lowest = values[list.back()];
  for (std::size_t place = 0; place < list.size(); ++place) {
    if (options.method == fusion::reciprocal_rank) {
      fused[list[place]] += 1 / (options.reciprocal_k + static_cast<double>(place + 1));
    } else {
      fused[list[place]] +=
          weight * (highest > lowest ? (values[list[place]] - lowest) / (highest - lowest) : 1.0);
    }
  }
}

} // namespace

ranking_options plain_ranking() {
  ranking_options options;
  options.lexical_window = {};
  options.semantic_window = {};
  options.lexical_weight = 0.3;
  options.semantic_weight = 0.7;
  options.lexical_speaker_boost = 1;
  options.fused_speaker_boost = 1;
  return options;
}

ranking_options reciprocal_ranking(double k) {
  ranking_options options;
  options.method = fusion::reciprocal_rank;
  options.reciprocal_k = k;
  return options;
}

double average_window_length(std::span<const ranked_document> documents, const ranking_options& options) {
  if (documents.empty()) return 0;
  const std::vector<double> lengths = window_lengths(documents, options);
  return std::reduce(lengths.begin(), lengths.end()) / static_cast<double>(lengths.size());
}

std::vector<ranked> rank(const corpus& searched, std::optional<std::uint16_t> asked_about,
                         const ranking_options& options, std::size_t limit) {
  const std::size_t count = searched.documents.size();
  const bool by_words_alone = searched.cosines.empty();
  const std::vector<double> lexical = lexical_scores(searched, options);
  std::vector<double> semantic;
  std::vector<double> fused;
  const auto has_vector = [&](std::uint32_t i) { return !by_words_alone && !std::isnan(semantic[i]); };
  if (!by_words_alone) {
    semantic = semantic_scores(searched, options);
    fused.assign(count, 0.0);
    fuse(best(count, options.fused_depth, by_value(lexical), [&](std::uint32_t i) { return lexical[i] > 0; }),
         lexical, options.lexical_weight, options, fused);
    fuse(best(count, options.fused_depth, by_value(semantic), has_vector), semantic, options.semantic_weight,
         options, fused);
  }
  const double factor = by_words_alone ? options.lexical_speaker_boost : options.fused_speaker_boost;
  const auto score_of = [&](std::uint32_t i) {
    const double score = by_words_alone ? lexical[i] : fused[i];
    return asked_about && searched.documents[i].speaker == *asked_about ? score * factor : score;
  };
  const auto semantic_of = [&](std::uint32_t i) { return has_vector(i) ? semantic[i] : 0.0; };
  const auto before = [&](std::uint32_t a, std::uint32_t b) {
    const double x = score_of(a);
    const double y = score_of(b);
    if (x != y) return x > y;
    if (lexical[a] != lexical[b]) return lexical[a] > lexical[b]; // below the fused depth all scores are 0
    if (semantic_of(a) != semantic_of(b)) return semantic_of(a) > semantic_of(b);
    return a > b;
  };
  std::vector<ranked> results;
  for (const std::uint32_t i :
       best(count, limit, before, [&](std::uint32_t i) { return lexical[i] > 0 || has_vector(i); })) {
    results.push_back({i, score_of(i), lexical[i], semantic_of(i)});
  }
  return results;
}

} // namespace reverie::projections
