#pragma once

#include "ops/model_server/api_error.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reverie::model_server {

struct chat_message {
  std::string role; ///< system, user or assistant
  std::string content;
};

/// How the next token is chosen. The defaults are those a model of 135 million parameters loops least with.
struct sampling {
  float temperature = 0.4F; ///< 0: always the likeliest
  float top_p = 0.9F;
  float min_p = 0.1F;
  std::int32_t top_k = 40; ///< 0: all
  float repeat_penalty = 1.1F;
  std::int32_t repeat_last_n = 64; ///< tokens
  float frequency_penalty = 0.0F;
  float presence_penalty = 0.0F;
  std::optional<std::uint32_t> seed;
};

struct chat_request {
  std::vector<chat_message> messages;
  sampling how;
  std::optional<std::uint32_t> max_tokens; ///< as many as the context has room for when absent
  std::vector<std::string> stop;
  bool stream = false;
  bool usage_in_stream = false;
};

/// Reads the body of POST /v1/chat/completions. Fields it does not know are ignored, as the protocol grows; what it knows and
/// can't do (several choices, tools' results, pictures) is refused with the field's name. Pure.
api_result<chat_request> read_chat_request(const nlohmann::json& body);

} // namespace reverie::model_server
