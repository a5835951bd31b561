#pragma once

#include <cstdint>
#include <expected>
#include <string>

namespace reverie::model_server {

/// What the command line says.
struct options {
  std::uint16_t port = 0;         ///< 0: any free one; the line `listening 127.0.0.1:PORT` tells which
  std::string chat_model;         ///< path of a GGUF file; empty: no chat
  std::string embedding_model;    ///< path of a GGUF file; empty: no embeddings
  std::string library_dir;        ///< where the libggml-cpu-*.so plug-ins lie
  std::int32_t threads = 1;       ///< per context; more than the free cores makes it many times slower
  std::uint32_t context = 2048;   ///< tokens of prompt and reply together
  bool die_with_parent = false;   ///< ends when the process that started it does
};

struct usage_error {
  std::string message; ///< empty when the help was asked for
};

/// The text of --help.
std::string help_text();

/// Reads the command line; the last of a repeated flag counts.
std::expected<options, usage_error> parse_options(int argc, char** argv);

} // namespace reverie::model_server
