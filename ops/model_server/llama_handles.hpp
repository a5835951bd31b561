#pragma once

#include <llama.h>

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace reverie::model_server {

struct llama_deleter {
  void operator()(llama_model* model) const { llama_model_free(model); }
  void operator()(llama_context* context) const { llama_free(context); }
  void operator()(llama_sampler* sampler) const { llama_sampler_free(sampler); }
};

using model_handle = std::unique_ptr<llama_model, llama_deleter>;
using context_handle = std::unique_ptr<llama_context, llama_deleter>;
using sampler_handle = std::unique_ptr<llama_sampler, llama_deleter>;

/// Loads the processor's plug-ins from `library_dir` and sends the library's errors to standard error. Once, before any model.
void start_llama(const std::string& library_dir);

/// Keeps this thread's errors of the library out of the log until told otherwise: an aborted step is one for it, not for us.
void expect_abort(bool expected);

/// Loads a GGUF file; the error says what is wrong with it.
std::expected<model_handle, std::string> load_model(const std::string& path);

/// The file's name without folder and ending: what the API calls the model.
std::string model_name(const std::string& path);

/// The tokens of `text`. `special`: text like <|im_end|> becomes the control token it names; never for what a person wrote.
/// Thread-safe.
std::vector<llama_token> tokens_of(const llama_vocab* vocab, std::string_view text, bool with_ends, bool special);

} // namespace reverie::model_server
