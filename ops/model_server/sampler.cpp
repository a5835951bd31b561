#include "ops/model_server/sampler.hpp"

namespace reverie::model_server {

sampler_handle make_sampler(const sampling& how, const llama_vocab* vocab) {
  sampler_handle chain(llama_sampler_chain_init(llama_sampler_chain_default_params()));
  const auto add = [&](llama_sampler* sampler) { llama_sampler_chain_add(chain.get(), sampler); };
  add(llama_sampler_init_penalties(llama_vocab_n_tokens(vocab), how.repeat_last_n, how.repeat_penalty, how.frequency_penalty,
                                   how.presence_penalty));
  if (how.temperature <= 0.0F) {
    add(llama_sampler_init_greedy());
    return chain;
  }
  if (how.top_k > 0) add(llama_sampler_init_top_k(how.top_k));
  if (how.top_p < 1.0F) add(llama_sampler_init_top_p(how.top_p, 1));
  if (how.min_p > 0.0F) add(llama_sampler_init_min_p(how.min_p, 1));
  add(llama_sampler_init_temp(how.temperature));
  add(llama_sampler_init_dist(how.seed.value_or(LLAMA_DEFAULT_SEED)));
  return chain;
}

} // namespace reverie::model_server
