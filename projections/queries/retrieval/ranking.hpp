#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace reverie::projections {

/// A turn of a conversation, or a fact extracted from turns. Facts rank by the same function; they have no
/// neighbours.
enum class memory_kind : std::uint8_t { turn, fact };

/// One document that the asker may see, as the ranking needs it; 16 bytes, so that 100,000 of them are read
/// in a sweep.
struct ranked_document {
  std::uint32_t conversation =
      0; ///< any number that is the same for the turns of one conversation; of no matter for facts
  std::uint32_t order =
      0; ///< place within the conversation: neighbours differ by 1, a hole is an absent turn
  std::uint32_t length = 0;  ///< in terms
  std::uint16_t speaker = 0; ///< index into the participants of the question
  memory_kind kind = memory_kind::turn;
};

/// A query term's occurrence: index into `corpus::documents`, and how often it stands there.
struct term_occurrence {
  std::uint32_t document = 0;
  std::uint32_t frequency = 0;
};

/// One term of the query: in how many of the documents that the asker may see it stands, and where, by rising
/// document.
struct query_term {
  std::uint64_t document_frequency = 0;
  std::span<const term_occurrence> occurrences;
};

/// The cosine of a document's own vector with the question's.
struct document_cosine {
  std::uint32_t document = 0;
  float cosine = 0;
};

/// What is ranked: filtered by owner, branch and witness *before* it gets here, because nothing here hides
/// anything.
///
/// `documents` are sorted by (turns before facts, conversation, order). They need not be all that the asker
/// may see: those with a query term, those within 3 turns of one (they are scored), and those within 6 (their
/// lengths count) give the same scores as all, as `visible_documents`, `document_frequency` and
/// `average_window_length` come as numbers. `cosines` may cover all documents (exact) or the nearest and
/// their neighbours within 2 turns; one per document.
struct corpus {
  std::span<const ranked_document> documents;
  std::span<const query_term> terms;
  std::span<const document_cosine> cosines;
  std::uint64_t visible_documents = 0;
  double average_window_length =
      0; ///< of all visible documents, see `average_window_length()`; not positive: of `documents`
};

/// How the lexical and the semantic list become one.
enum class fusion : std::uint8_t { min_max, reciprocal_rank };

/// Weights of the turns around a turn: itself, one, two, three before it, one, two, three after it.
struct turn_window {
  double own = 1;
  std::array<double, 3> earlier{};
  std::array<double, 3> later{};
};

/// Every weight of the ranking. The defaults are what was measured best (docs of retrieval: evidence
/// recall@10 79.0 % by words alone, 81.6 % with a sentence model).
struct ranking_options {
  turn_window lexical_window{1, {0.6, 0.4, 0.2}, {0.4, 0.25, 0.1}};
  double neighbour_length_cap =
      12; ///< terms; a longer neighbour counts by cap / length, so that it drowns nobody
  double k1 = 1.2;
  double b = 0.75;
  double lexical_speaker_boost = 1.3;
  turn_window semantic_window{1, {0.6, 0.4, 0}, {0.4, 0.25, 0}};
  fusion method = fusion::min_max;
  double lexical_weight = 0.6;
  double semantic_weight = 0.4;
  std::size_t fused_depth = 100; ///< how many of each list are normalised and fused
  double reciprocal_k = 60;      ///< of reciprocal rank fusion: 1 / (k + rank), rank from 1
  double fused_speaker_boost = 1.2;
};

/// Plain BM25 and cosine of single turns, 0.7 semantic + 0.3 keyword, nobody boosted.
ranking_options plain_ranking();

/// The windowed lists fused by reciprocal ranks.
ranking_options reciprocal_ranking(double k = 60);

/// One result. `score` orders; `lexical` is the windowed BM25F score without boost and `semantic` the
/// windowed cosine (0 when the document has none): what the manifest of a prompt shows.
struct ranked {
  std::uint32_t document = 0;
  double score = 0;
  double lexical = 0;
  double semantic = 0;

  friend bool operator==(const ranked&, const ranked&) = default;
};

/// The best `limit` documents that have a query term in their window or a cosine, best first; of equal scores
/// the better by words, then by meaning, then the later document. Without cosines this is ranking (a), with
/// cosines (b). `asked_about` is the one participant that the question is about, if it is exactly one. Pure;
/// time linear in documents and occurrences; throws nothing but bad_alloc. Algorithm: BM25F with the turns of
/// a window as weighted fields (Robertson, Zaragoza: "The Probabilistic Relevance Framework", 2009), computed
/// from the postings of single turns, so that a deleted turn leaves nothing in its neighbours.
std::vector<ranked> rank(const corpus& searched, std::optional<std::uint16_t> asked_about,
                         const ranking_options& options, std::size_t limit);

/// Mean window length of all these documents (sorted as in `corpus`); 0 for none. By SQL the same number is
/// the mean of length + Σ over the six neighbours that exist of weight · least(length of the neighbour, 12).
double average_window_length(std::span<const ranked_document> documents, const ranking_options& options);

} // namespace reverie::projections
