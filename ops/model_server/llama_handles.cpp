#include "ops/model_server/llama_handles.hpp"

#include <ggml-backend.h>

#include <cstdio>
#include <filesystem>

namespace reverie::model_server {

namespace {

thread_local bool abort_expected = false;

/// The library logs every tensor; a line may come in parts, which have the level of the line's beginning.
void log_line(ggml_log_level level, const char* text, void* /*user*/) {
  static thread_local bool shown = false;
  if (level != GGML_LOG_LEVEL_CONT) shown = level == GGML_LOG_LEVEL_ERROR && !abort_expected;
  if (shown) std::fputs(text, stderr);
}

} // namespace

void start_llama(const std::string& library_dir) {
  llama_log_set(log_line, nullptr);
  // The code for this processor is in plug-ins beside the library: without them no model loads.
  if (library_dir.empty()) {
    ggml_backend_load_all();
  } else {
    ggml_backend_load_all_from_path(library_dir.c_str());
  }
  llama_backend_init();
}

void expect_abort(bool expected) { abort_expected = expected; }

std::expected<model_handle, std::string> load_model(const std::string& path) {
  std::error_code code;
  if (!std::filesystem::is_regular_file(path, code)) return std::unexpected(path + " is not a file");
  llama_model_params params = llama_model_default_params();
  params.n_gpu_layers = 0;
  model_handle model(llama_model_load_from_file(path.c_str(), params));
  if (!model) return std::unexpected(path + " could not be loaded as a GGUF model");
  return model;
}

std::string model_name(const std::string& path) { return std::filesystem::path(path).stem().string(); }

std::vector<llama_token> tokens_of(const llama_vocab* vocab, std::string_view text, bool with_ends, bool special) {
  // A token covers at least one byte; the two more are for the marks at the ends.
  std::vector<llama_token> tokens(text.size() + 2);
  const auto length = static_cast<std::int32_t>(text.size());
  std::int32_t count =
      llama_tokenize(vocab, text.data(), length, tokens.data(), static_cast<std::int32_t>(tokens.size()), with_ends, special);
  if (count < 0) { // byte fall-backs can need more
    tokens.resize(static_cast<std::size_t>(-count));
    count = llama_tokenize(vocab, text.data(), length, tokens.data(), -count, with_ends, special);
  }
  tokens.resize(static_cast<std::size_t>(count < 0 ? 0 : count));
  return tokens;
}

} // namespace reverie::model_server
