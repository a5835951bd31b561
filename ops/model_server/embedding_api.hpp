#pragma once

#include "ops/model_server/api_error.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace reverie::model_server {

struct embedding_request {
  std::vector<std::string> inputs;
  bool base64 = false; ///< little-endian floats in base64, which the official SDKs ask for
  std::optional<std::uint32_t> dimensions;
};

/// Reads the body of POST /v1/embeddings. Pure.
api_result<embedding_request> read_embedding_request(const nlohmann::json& body);

/// The answer, one vector per input in their order. Pure.
std::string embedding_response(std::string_view model, std::span<const std::vector<float>> vectors, bool base64,
                               std::size_t tokens);

/// Base64 with padding (RFC 4648).
std::string base64_of(std::string_view bytes);

} // namespace reverie::model_server
