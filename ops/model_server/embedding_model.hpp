#pragma once

#include "ops/model_server/llama_handles.hpp"

#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace reverie::model_server {

struct embedded_texts {
  std::vector<std::vector<float>> vectors; ///< of length 1, in the order of the texts
  std::size_t tokens = 0;
};

/// One sentence-embedding model. Several texts are encoded at once; between two such batches others get their turn. Thread-safe.
class embedding_model {
public:
  static std::expected<std::unique_ptr<embedding_model>, std::string> load(const std::string& path, std::int32_t threads);

  const std::string& name() const { return name_; }
  std::size_t dimensions() const { return dimensions_; }

  /// The texts' vectors; the error is for the log. `give_up` is asked between batches.
  std::expected<embedded_texts, std::string> embed(std::span<const std::string> texts, const std::function<bool()>& give_up);

private:
  embedding_model(model_handle model, std::string name);

  std::vector<llama_token> cut_tokens(const std::string& text) const;
  bool encode(std::span<const std::vector<llama_token>> batch, std::vector<std::vector<float>>& vectors);

  model_handle model_;
  std::string name_;
  const llama_vocab* vocab_;
  context_handle context_;
  std::size_t dimensions_ = 0;
  std::mutex busy_; // guards context_
};

} // namespace reverie::model_server
