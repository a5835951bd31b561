#include "ops/model_server/embedding_model.hpp"

#include "ops/model_server/limits.hpp"

#include <algorithm>
#include <cmath>

namespace reverie::model_server {

namespace {

context_handle make_context(llama_model* model, std::int32_t threads, enum llama_pooling_type pooling) {
  llama_context_params params = llama_context_default_params();
  params.embeddings = true;
  params.pooling_type = pooling;
  params.n_ctx = limits::embedding_batch_tokens;
  params.n_batch = limits::embedding_batch_tokens;
  params.n_ubatch = limits::embedding_batch_tokens;
  params.n_seq_max = limits::embedding_batch_texts;
  params.kv_unified = true;
  params.n_threads = threads;
  params.n_threads_batch = threads;
  params.no_perf = true;
  return context_handle(llama_init_from_model(model, params));
}

std::vector<float> of_length_one(const float* values, std::size_t count) {
  double squares = 0;
  for (std::size_t i = 0; i < count; ++i) squares += static_cast<double>(values[i]) * static_cast<double>(values[i]);
  const double scale = squares > 0 ? 1 / std::sqrt(squares) : 0;
  std::vector<float> result(count);
  for (std::size_t i = 0; i < count; ++i) result[i] = static_cast<float>(static_cast<double>(values[i]) * scale);
  return result;
}

class token_batch {
public:
  token_batch() : batch_(llama_batch_init(static_cast<std::int32_t>(limits::embedding_batch_tokens), 0, 1)) {}
  ~token_batch() { llama_batch_free(batch_); }
  token_batch(const token_batch&) = delete;
  token_batch& operator=(const token_batch&) = delete;

  void add(llama_token token, llama_pos position, llama_seq_id sequence) {
    const auto i = static_cast<std::size_t>(batch_.n_tokens++);
    batch_.token[i] = token;
    batch_.pos[i] = position;
    batch_.n_seq_id[i] = 1;
    batch_.seq_id[i][0] = sequence;
    batch_.logits[i] = 1;
  }
  const llama_batch& get() const { return batch_; }

private:
  llama_batch batch_;
};

} // namespace

embedding_model::embedding_model(model_handle model, std::string name)
    : model_(std::move(model)), name_(std::move(name)), vocab_(llama_model_get_vocab(model_.get())) {}

std::expected<std::unique_ptr<embedding_model>, std::string> embedding_model::load(const std::string& path,
                                                                                   std::int32_t threads) {
  auto model = load_model(path);
  if (!model) return std::unexpected(model.error());
  std::unique_ptr<embedding_model> result(new embedding_model(std::move(*model), model_name(path)));
  llama_model* raw = result->model_.get();
  result->context_ = make_context(raw, threads, LLAMA_POOLING_TYPE_UNSPECIFIED);
  if (result->context_ && llama_pooling_type(result->context_.get()) == LLAMA_POOLING_TYPE_NONE) {
    result->context_ = make_context(raw, threads, LLAMA_POOLING_TYPE_MEAN);
  }
  if (!result->context_) return std::unexpected("no memory for a context of " + path);
  result->dimensions_ = static_cast<std::size_t>(llama_model_n_embd_out(raw));
  return result;
}

std::vector<llama_token> embedding_model::cut_tokens(const std::string& text) const {
  std::vector<llama_token> tokens = tokens_of(vocab_, text, true, false);
  if (tokens.size() > limits::embedding_tokens) {
    const llama_token last = tokens.back(); // the end mark, where the model has one
    tokens.resize(limits::embedding_tokens);
    if (llama_vocab_get_add_eos(vocab_) || llama_vocab_get_add_sep(vocab_)) tokens.back() = last;
  }
  return tokens;
}

bool embedding_model::encode(std::span<const std::vector<llama_token>> batch, std::vector<std::vector<float>>& vectors) {
  token_batch tokens;
  for (std::size_t text = 0; text < batch.size(); ++text) {
    for (std::size_t i = 0; i < batch[text].size(); ++i) {
      tokens.add(batch[text][i], static_cast<llama_pos>(i), static_cast<llama_seq_id>(text));
    }
  }
  const std::lock_guard lock(busy_);
  llama_memory_t memory = llama_get_memory(context_.get());
  if (memory != nullptr) llama_memory_clear(memory, true);
  const std::int32_t code =
      memory != nullptr ? llama_decode(context_.get(), tokens.get()) : llama_encode(context_.get(), tokens.get());
  if (code != 0) return false;
  for (std::size_t text = 0; text < batch.size(); ++text) {
    const float* values = llama_get_embeddings_seq(context_.get(), static_cast<llama_seq_id>(text));
    if (values == nullptr) return false;
    vectors.push_back(of_length_one(values, dimensions_));
  }
  return true;
}

std::expected<embedded_texts, std::string> embedding_model::embed(std::span<const std::string> texts,
                                                                  const std::function<bool()>& give_up) {
  embedded_texts result;
  std::vector<std::vector<llama_token>> batch;
  std::size_t batch_tokens = 0;
  const auto encode_batch = [&] {
    if (batch.empty()) return true;
    const bool done = !give_up() && encode(batch, result.vectors);
    batch.clear();
    batch_tokens = 0;
    return done;
  };
  for (const std::string& text : texts) {
    std::vector<llama_token> tokens = cut_tokens(text);
    const bool full = batch.size() == limits::embedding_batch_texts ||
                      batch_tokens + tokens.size() > limits::embedding_batch_tokens;
    if (full && !encode_batch()) return std::unexpected("the encoder failed or was told to stop");
    if (tokens.empty()) return std::unexpected("a text has no tokens");
    batch_tokens += tokens.size();
    result.tokens += tokens.size();
    batch.push_back(std::move(tokens));
  }
  if (!encode_batch()) return std::unexpected("the encoder failed or was told to stop");
  return result;
}

} // namespace reverie::model_server
