#pragma once

#include "tests/bench/support/web_load.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace reverie::bench {

/// A request of set-up: throws on any answer that is not 2xx.
nlohmann::json ask(std::uint16_t port, std::string_view method, std::string_view target, std::string_view token, const nlohmann::json& body = {});

/// Signs somebody up; answers the access token.
std::string sign_up(std::uint16_t port, std::size_t number);

/// The published characters (load them with `--samples`).
std::vector<std::string> character_ids(std::uint16_t port, std::string_view token);

/// The conversation of that person and character; its id.
std::string open_conversation(std::uint16_t port, std::string_view token, std::string_view character);

} // namespace reverie::bench
