#pragma once

#include "events/model/failure.hpp"

#include <string>
#include <vector>

namespace reverie::actors {

/// Turns texts into unit vectors. Implementations: any OpenAI-compatible endpoint, the hashing embedder. Thread-safe; calls block.
class embedder {
public:
  virtual ~embedder() = default;
  virtual std::string model() const = 0;      ///< names the vectors; vectors of two models never mix
  virtual std::size_t dimension() const = 0;  ///< 384 local, 1536 hashing and the usual hosted ones
  /// One vector per text, in order; at most limits::embedding_batch_texts.
  virtual events::outcome<std::vector<std::vector<float>>> embed(const std::vector<std::string>& texts) = 0;
};

} // namespace reverie::actors
