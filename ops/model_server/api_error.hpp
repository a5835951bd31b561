#pragma once

#include <nlohmann/json_fwd.hpp>

#include <expected>
#include <string>

namespace reverie::model_server {

/// An error as the OpenAI protocol words it.
struct api_error {
  int status = 400;
  std::string type = "invalid_request_error";
  std::string message;
  std::string param; ///< the field it is about; empty: null
  std::string code;  ///< empty: null
};

template <typename value>
using api_result = std::expected<value, api_error>;

/// The error of a field that can't be used.
api_error invalid_field(std::string param, std::string message);

/// {"error":{"message","type","param","code"}}
nlohmann::json error_body(const api_error& error);

} // namespace reverie::model_server
