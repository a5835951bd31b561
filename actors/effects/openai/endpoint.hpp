#pragma once

#include "events/model/failure.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace reverie::actors {

/// Where an OpenAI-compatible endpoint is, and how long to wait for it.
struct model_endpoint {
  std::string scheme = "http"; ///< http or https
  std::string host;
  std::uint16_t port = 80;
  std::string base_path; ///< `/v1`, without a slash at the end
  std::string model;
  std::string api_key; ///< empty: none is sent
  std::chrono::milliseconds connect_timeout_ms{5'000};
  std::chrono::milliseconds first_token_timeout_ms{60'000};
  std::chrono::milliseconds idle_timeout_ms{30'000};
};

/// Reads `http[s]://host[:port][/path]`; `malformed` says what is wrong. Credentials in the address are refused: the key has its own
/// setting.
events::outcome<model_endpoint> parse_endpoint(std::string_view url);

} // namespace reverie::actors
