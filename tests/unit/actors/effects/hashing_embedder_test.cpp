#include "actors/effects/hashing_embedder.hpp"

#include <gtest/gtest.h>

#include <numeric>

namespace reverie::actors {
namespace {

double cosine(std::string_view a, std::string_view b) {
  const auto x = hashing_embedding(a);
  const auto y = hashing_embedding(b);
  return std::inner_product(x.begin(), x.end(), y.begin(), 0.0);
}

TEST(hashing_embedder, gives_unit_vectors_of_1536_dimensions) {
  const auto vector = hashing_embedding("My dog is named Bruno");
  EXPECT_EQ(vector.size(), 1536U);
  EXPECT_NEAR(std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0), 1.0, 1e-5);
}

TEST(hashing_embedder, gives_zeros_where_no_word_has_a_meaning) {
  for (const float value : hashing_embedding("and the of ... !"))
    EXPECT_EQ(value, 0.0F);
}

TEST(hashing_embedder, gives_the_same_vector_every_time) {
  EXPECT_EQ(hashing_embedding("Ünïcode 猫の名前 and words"), hashing_embedding("Ünïcode 猫の名前 and words"));
}

TEST(hashing_embedder, does_not_care_for_order_case_stop_words_or_endings) {
  EXPECT_NEAR(cosine("Bruno and Rex", "the rex, a bruno"), 1.0, 1e-5);
  EXPECT_GT(cosine("walking dogs", "walked dog"), 0.7);
}

TEST(hashing_embedder, finds_what_is_alike_nearer_than_what_is_not) {
  EXPECT_GT(cosine("what is the name of my dog", "My dog is named Bruno"),
            cosine("what is the name of my dog", "It rains in Porto"));
}

TEST(hashing_embedder, still_knows_a_misspelt_word) {
  EXPECT_GT(cosine("saxophone", "saxophne"), 0.1);
  EXPECT_LT(cosine("saxophone", "gardening"), 0.1);
}

TEST(hashing_embedder, serves_behind_the_port_of_embedders) {
  hashing_embedder served;
  embedder& port = served;
  const auto vectors = port.embed({"one dog", "two cats"});
  ASSERT_TRUE(vectors.has_value());
  ASSERT_EQ(vectors->size(), 2U);
  EXPECT_EQ((*vectors)[1], hashing_embedding("two cats"));
  EXPECT_EQ(port.dimension(), (*vectors)[0].size());
  EXPECT_EQ(port.model(), hashing_embedder_name);
}

} // namespace
} // namespace reverie::actors
