#include "projections/queries/retrieval/ranking.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace reverie::projections {
namespace {

constexpr double tolerance = 1e-9;

// Turns 0, 1, 2, … of one conversation, all of one length.
std::vector<ranked_document> turns(std::size_t count, std::uint32_t length = 10) {
  std::vector<ranked_document> documents;
  for (std::uint32_t i = 0; i < count; ++i)
    documents.push_back({0, i, length, 0, memory_kind::turn});
  return documents;
}

// The formula for one term, written down again by hand.
double bm25(double total, double df, double wtf, double length_ratio) {
  return std::log(1 + (total - df + 0.5) / (df + 0.5)) * wtf * 2.2 /
         (wtf + 1.2 * (0.25 + 0.75 * length_ratio));
}

double score_of(const std::vector<ranked>& results, std::uint32_t document) {
  for (const auto& result : results) {
    if (result.document == document) return result.score;
  }
  return -1;
}

TEST(ranking, reaches_three_turns_to_either_side_with_the_measured_weights) {
  const auto documents = turns(9);
  const std::vector<term_occurrence> at{{4, 1}};
  const std::vector<query_term> terms{{1, at}};
  const auto results = rank({documents, terms, {}, 9, 20}, {}, {}, 100);
  ASSERT_EQ(results.size(), 7U);
  // L of a turn in the middle: 10 · (1 + 0.6 + 0.4 + 0.2 + 0.4 + 0.25 + 0.1) = 29.5.
  EXPECT_NEAR(score_of(results, 4), bm25(9, 1, 1.0, 29.5 / 20), tolerance);
  EXPECT_NEAR(score_of(results, 5), bm25(9, 1, 0.6, (29.5 - 0) / 20), tolerance);
  EXPECT_NEAR(score_of(results, 3), bm25(9, 1, 0.4, 29.5 / 20), tolerance);
  EXPECT_NEAR(score_of(results, 6), bm25(9, 1, 0.4, 28.5 / 20), tolerance);         // no third turn after it
  EXPECT_NEAR(score_of(results, 7), bm25(9, 1, 0.2, (29.5 - 3.5) / 20), tolerance); // none of the last two
  EXPECT_NEAR(score_of(results, 2), bm25(9, 1, 0.25, (29.5 - 2) / 20), tolerance);
  EXPECT_NEAR(score_of(results, 1), bm25(9, 1, 0.1, (29.5 - 6) / 20), tolerance);
}

TEST(ranking, caps_what_a_long_neighbour_gives) {
  auto documents = turns(2);
  documents[0].length = 48;
  const std::vector<term_occurrence> at{{0, 4}};
  const std::vector<query_term> terms{{1, at}};
  const auto results = rank({documents, terms, {}, 10, 30}, {}, {}, 10);
  // The long turn itself counts in full; its neighbour gets 0.6 · 4 · 12/48, and 12 of its 48 terms.
  EXPECT_NEAR(score_of(results, 0), bm25(10, 1, 4, (48 + 0.4 * 10) / 30), tolerance);
  EXPECT_NEAR(score_of(results, 1), bm25(10, 1, 0.6 * 4 * 0.25, (10 + 0.6 * 12) / 30), tolerance);
}

TEST(ranking, sums_terms_and_weighs_rare_ones_higher) {
  const auto documents = turns(1);
  const std::vector<term_occurrence> at{{0, 1}};
  const std::vector<query_term> both{{1, at}, {50, at}};
  const auto results = rank({documents, both, {}, 100, 10}, {}, {}, 10);
  EXPECT_NEAR(score_of(results, 0), bm25(100, 1, 1, 1) + bm25(100, 50, 1, 1), tolerance);
  EXPECT_GT(bm25(100, 1, 1, 1), bm25(100, 50, 1, 1));
}

TEST(ranking, never_lets_a_term_of_every_document_count_against_one) {
  const auto documents = turns(1);
  const std::vector<term_occurrence> at{{0, 1}};
  const std::vector<query_term> terms{{12, at}};
  EXPECT_GT(score_of(rank({documents, terms, {}, 10, 10}, {}, {}, 10), 0), 0);
}

TEST(ranking, prefers_the_shorter_of_two_turns) {
  std::vector<ranked_document> documents{{0, 0, 5, 0, memory_kind::turn}, {1, 0, 50, 0, memory_kind::turn}};
  const std::vector<term_occurrence> at{{0, 1}, {1, 1}};
  const std::vector<query_term> terms{{2, at}};
  const auto results = rank({documents, terms, {}, 2, 27.5}, {}, {}, 10);
  EXPECT_NEAR(score_of(results, 0), bm25(2, 2, 1, 5 / 27.5), tolerance);
  EXPECT_NEAR(score_of(results, 1), bm25(2, 2, 1, 50 / 27.5), tolerance);
  EXPECT_EQ(results.front().document, 0U);
}

TEST(ranking, does_not_reach_into_another_conversation) {
  std::vector<ranked_document> documents{{0, 0, 5, 0, memory_kind::turn}, {1, 1, 5, 0, memory_kind::turn}};
  const std::vector<term_occurrence> at{{0, 1}};
  const std::vector<query_term> terms{{1, at}};
  EXPECT_EQ(rank({documents, terms, {}, 2, 5}, {}, {}, 10).size(), 1U);
}

TEST(ranking, counts_a_hole_in_the_order_as_an_absent_turn) {
  std::vector<ranked_document> documents{
      {0, 0, 10, 0, memory_kind::turn}, {0, 2, 10, 0, memory_kind::turn}, {0, 6, 10, 0, memory_kind::turn}};
  const std::vector<term_occurrence> at{{0, 1}};
  const std::vector<query_term> terms{{1, at}};
  const auto results = rank({documents, terms, {}, 3, 10}, {}, {}, 10);
  EXPECT_EQ(results.size(), 2U);
  EXPECT_NEAR(score_of(results, 1), bm25(3, 1, 0.4, (10 + 4.0) / 10), tolerance);
}

TEST(ranking, gives_two_turns_of_one_place_no_weight_in_each_other) {
  std::vector<ranked_document> documents{{0, 1, 10, 0, memory_kind::turn}, {0, 1, 10, 0, memory_kind::turn}};
  const std::vector<term_occurrence> at{{0, 1}};
  const std::vector<query_term> terms{{1, at}};
  EXPECT_EQ(rank({documents, terms, {}, 2, 10}, {}, {}, 10).size(), 1U);
}

TEST(ranking, ranks_facts_beside_turns_without_a_window) {
  std::vector<ranked_document> documents{
      {0, 0, 10, 0, memory_kind::turn}, {7, 0, 10, 0, memory_kind::fact}, {7, 1, 10, 0, memory_kind::fact}};
  const std::vector<term_occurrence> at{{0, 1}, {1, 1}};
  const std::vector<query_term> terms{{2, at}};
  const auto results = rank({documents, terms, {}, 3, 10}, {}, {}, 10);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_NEAR(results[0].score, results[1].score, tolerance);
  EXPECT_NEAR(score_of(results, 1), bm25(3, 2, 1, 1), tolerance);
}

TEST(ranking, gives_the_same_score_from_a_part_as_from_all_documents) {
  const auto all = turns(40, 7);
  const std::vector<term_occurrence> at{{20, 2}};
  const std::vector<query_term> terms{{1, at}};
  const ranking_options options;
  const double average = average_window_length(all, options);
  const auto whole = rank({all, terms, {}, 40, average}, {}, options, 10);
  const std::span part = std::span(all).subspan(14, 13); // six to either side
  const std::vector<term_occurrence> at_part{{6, 2}};
  const std::vector<query_term> terms_part{{1, at_part}};
  auto some = rank({part, terms_part, {}, 40, average}, {}, options, 10);
  for (auto& result : some)
    result.document += 14;
  EXPECT_EQ(whole, some);
}

TEST(ranking, averages_window_lengths_itself_when_not_told) {
  const auto documents = turns(12);
  const std::vector<term_occurrence> at{{3, 1}};
  const std::vector<query_term> terms{{1, at}};
  EXPECT_EQ(rank({documents, terms, {}, 12, 0}, {}, {}, 10),
            rank({documents, terms, {}, 12, average_window_length(documents, {})}, {}, {}, 10));
  EXPECT_EQ(average_window_length({}, {}), 0);
}

TEST(ranking, boosts_the_one_participant_asked_about) {
  std::vector<ranked_document> documents{{0, 0, 10, 0, memory_kind::turn}, {1, 0, 10, 1, memory_kind::turn}};
  const std::vector<term_occurrence> at{{0, 1}, {1, 1}};
  const std::vector<query_term> terms{{2, at}};
  const auto results = rank({documents, terms, {}, 2, 10}, std::uint16_t{0}, {}, 10);
  EXPECT_EQ(results[0].document, 0U);
  EXPECT_NEAR(results[0].score, 1.3 * results[1].score, tolerance);
  EXPECT_NEAR(results[0].lexical, results[1].lexical, tolerance);
}

TEST(ranking, orders_equal_scores_by_the_later_document) {
  std::vector<ranked_document> documents;
  std::vector<term_occurrence> at;
  for (std::uint32_t i = 0; i < 50; ++i) {
    documents.push_back({i, 0, 4, 0, memory_kind::turn});
    at.push_back({i, 1});
  }
  const std::vector<query_term> terms{{50, at}};
  const auto results = rank({documents, terms, {}, 50, 4}, {}, {}, 3);
  ASSERT_EQ(results.size(), 3U);
  EXPECT_EQ(results[0].document, 49U);
  EXPECT_EQ(results[1].document, 48U);
  EXPECT_EQ(results[2].document, 47U);
}

TEST(ranking, takes_the_weighted_mean_of_the_cosines_around_a_turn) {
  const auto documents = turns(7);
  std::vector<document_cosine> cosines;
  for (std::uint32_t i = 0; i < 7; ++i)
    cosines.push_back({i, i == 3 ? 0.5F : 0.0F});
  const auto results = rank({documents, {}, cosines, 7, 10}, {}, {}, 10);
  const auto semantic = [&](std::uint32_t document) {
    for (const auto& result : results) {
      if (result.document == document) return result.semantic;
    }
    return -1.0;
  };
  const double whole = 1 + 0.6 + 0.4 + 0.4 + 0.25;
  EXPECT_NEAR(semantic(3), 0.5 / whole, tolerance);
  EXPECT_NEAR(semantic(4), 0.5 * 0.6 / whole, tolerance);
  EXPECT_NEAR(semantic(5), 0.5 * 0.4 / (whole - 0.25), tolerance); // one turn after it, not two
  EXPECT_NEAR(semantic(2), 0.5 * 0.4 / whole, tolerance);
  EXPECT_NEAR(semantic(1), 0.5 * 0.25 / (whole - 0.4), tolerance);
  EXPECT_NEAR(semantic(6), 0, tolerance);
}

TEST(ranking, does_not_find_a_turn_without_a_vector_by_its_neighbours) {
  const auto documents = turns(3);
  const std::vector<document_cosine> cosines{{0, 0.9F}, {2, 0.1F}};
  const auto results = rank({documents, {}, cosines, 3, 10}, {}, {}, 10);
  ASSERT_EQ(results.size(), 2U);
  EXPECT_EQ(results[0].document, 0U);
}

// Three documents apart from each other: lexical scores a > b > c, cosines c > b > a.
struct opposed_lists {
  std::vector<ranked_document> documents{
      {0, 0, 5, 0, memory_kind::turn}, {1, 0, 10, 1, memory_kind::turn}, {2, 0, 20, 1, memory_kind::turn}};
  std::vector<term_occurrence> at{{0, 1}, {1, 1}, {2, 1}};
  std::vector<query_term> terms{{3, at}};
  std::vector<document_cosine> cosines{{0, 0.125F}, {1, 0.25F}, {2, 0.625F}};
  corpus searched{documents, terms, cosines, 3, 10};
  double a = bm25(3, 3, 1, 0.5), b = bm25(3, 3, 1, 1), c = bm25(3, 3, 1, 2);
};

TEST(ranking, fuses_six_to_four_after_stretching_each_list_to_one) {
  const opposed_lists lists;
  const auto results = rank(lists.searched, {}, {}, 10);
  EXPECT_NEAR(score_of(results, 0), 0.6, tolerance);
  EXPECT_NEAR(score_of(results, 1), 0.6 * (lists.b - lists.c) / (lists.a - lists.c) + 0.4 * 0.25, tolerance);
  EXPECT_NEAR(score_of(results, 2), 0.4, tolerance);
}

TEST(ranking, boosts_fused_scores_by_a_fifth) {
  const opposed_lists lists;
  const auto results = rank(lists.searched, std::uint16_t{1}, {}, 10);
  EXPECT_NEAR(score_of(results, 0), 0.6, tolerance);
  EXPECT_NEAR(score_of(results, 2), 1.2 * 0.4, tolerance);
}

TEST(ranking, can_fuse_plainly_seven_to_three) {
  const opposed_lists lists;
  const auto results = rank(lists.searched, std::uint16_t{0}, plain_ranking(), 10);
  EXPECT_NEAR(score_of(results, 0), 0.3, tolerance);
  EXPECT_NEAR(score_of(results, 2), 0.7, tolerance);
}

TEST(ranking, looks_at_single_turns_only_when_plain) {
  const auto documents = turns(3);
  const std::vector<term_occurrence> at{{1, 1}};
  const std::vector<query_term> terms{{1, at}};
  EXPECT_EQ(rank({documents, terms, {}, 3, 10}, {}, plain_ranking(), 10).size(), 1U);
}

TEST(ranking, can_fuse_by_reciprocal_ranks) {
  const opposed_lists lists;
  const auto results = rank(lists.searched, {}, reciprocal_ranking(10), 10);
  EXPECT_NEAR(score_of(results, 0), 1.0 / 11 + 1.0 / 13, tolerance);
  EXPECT_NEAR(score_of(results, 1), 1.0 / 12 + 1.0 / 12, tolerance);
  EXPECT_EQ(results[0].document, 0U); // as good as the third; the words decide
}

TEST(ranking, normalises_over_the_first_hundred_of_each_list_only) {
  std::vector<ranked_document> documents;
  std::vector<document_cosine> cosines;
  for (std::uint32_t i = 0; i < 150; ++i) {
    documents.push_back({i, 0, 4, 0, memory_kind::turn});
    cosines.push_back({i, static_cast<float>(i) / 256});
  }
  const auto results = rank({documents, {}, cosines, 150, 4}, {}, {}, 150);
  ASSERT_EQ(results.size(), 150U);
  EXPECT_EQ(results[0].document, 149U);
  EXPECT_NEAR(results[0].score, 0.4, tolerance);
  EXPECT_NEAR(results[99].score, 0, tolerance); // document 50, the last of the hundred
  EXPECT_NEAR(score_of(results, 100), 0.4 * 50 / 99, tolerance);
  EXPECT_EQ(results[149].document, 0U); // below the hundred the order goes on
}

TEST(ranking, counts_a_list_of_one_as_full) {
  const auto documents = turns(1);
  const std::vector<document_cosine> cosines{{0, 0.2F}};
  EXPECT_NEAR(rank({documents, {}, cosines, 1, 10}, {}, {}, 10)[0].score, 0.4, tolerance);
}

TEST(ranking, of_nothing_is_nothing) {
  EXPECT_TRUE(rank({}, {}, {}, 10).empty());
  const auto documents = turns(3);
  EXPECT_TRUE(rank({documents, {}, {}, 3, 10}, {}, {}, 10).empty());
}

} // namespace
} // namespace reverie::projections
