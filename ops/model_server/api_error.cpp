#include "ops/model_server/api_error.hpp"

#include <nlohmann/json.hpp>

namespace reverie::model_server {

api_error invalid_field(std::string param, std::string message) {
  return {.message = std::move(message), .param = std::move(param), .code = "invalid_value"};
}

nlohmann::json error_body(const api_error& error) {
  const auto or_null = [](const std::string& text) { return text.empty() ? nlohmann::json(nullptr) : nlohmann::json(text); };
  return {{"error",
           {{"message", error.message},
            {"type", error.type},
            {"param", or_null(error.param)},
            {"code", or_null(error.code)}}}};
}

} // namespace reverie::model_server
