#pragma once

#include "actors/effects/embedder.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace reverie::actors {

/// Name and version under which vectors of `hashing_embedding` are stored and cached: another way of hashing
/// is another name.
inline constexpr std::string_view hashing_embedder_name = "reverie-hashing-1536-v1";

inline constexpr std::size_t hashing_embedding_dimensions = 1536;

/// The embedding that needs no model: stemmed words without stop words, and character n-grams (3 to 5) of
/// those words for people who mistype, hashed with a sign into 1536 dimensions (xxh64, seed 0),
/// L2-normalised. All zeros when the text holds no such word. Pure and deterministic on every machine: the
/// sums are of whole numbers until the last step. Algorithm: Weinberger et al., "Feature Hashing for Large
/// Scale Multitask Learning", 2009.
std::vector<float> hashing_embedding(std::string_view text);

/// The same behind the port. Never fails, holds no state; any thread.
class hashing_embedder final : public embedder {
public:
  std::string model() const override { return std::string{hashing_embedder_name}; }
  std::size_t dimension() const override { return hashing_embedding_dimensions; }
  events::outcome<std::vector<std::vector<float>>> embed(const std::vector<std::string>& texts) override;
};

} // namespace reverie::actors
