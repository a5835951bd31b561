#include "ops/model_server/embedding_api.hpp"

#include "ops/model_server/limits.hpp"

#include <nlohmann/json.hpp>

#include <bit>
#include <format>

namespace reverie::model_server {

using nlohmann::json;

static_assert(std::endian::native == std::endian::little, "the protocol's base64 vectors are little-endian");

api_result<embedding_request> read_embedding_request(const json& body) {
  if (!body.is_object()) return std::unexpected(api_error{.message = "the body must be a JSON object"});
  const auto bad_input = [] {
    return std::unexpected(invalid_field(
        "input", std::format("input must be a text or a list of 1 to {} texts, none of them empty", limits::embedding_inputs)));
  };
  embedding_request request;
  const auto input = body.find("input");
  if (input == body.end()) return bad_input();
  const json list = input->is_array() ? *input : json::array({*input});
  if (list.empty() || list.size() > limits::embedding_inputs) return bad_input();
  for (const json& text : list) {
    if (!text.is_string() || text.get_ref<const std::string&>().empty()) return bad_input();
    request.inputs.push_back(text.get<std::string>());
  }
  if (const auto format = body.find("encoding_format"); format != body.end() && !format->is_null()) {
    if (*format != "float" && *format != "base64") {
      return std::unexpected(invalid_field("encoding_format", "encoding_format must be float or base64"));
    }
    request.base64 = *format == "base64";
  }
  if (const auto wanted = body.find("dimensions"); wanted != body.end() && !wanted->is_null()) {
    if (!wanted->is_number_integer() || *wanted < 1 || *wanted > 1'000'000) {
      return std::unexpected(invalid_field("dimensions", "dimensions must be a positive whole number"));
    }
    request.dimensions = wanted->get<std::uint32_t>();
  }
  return request;
}

std::string base64_of(std::string_view bytes) {
  static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8U | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::uint32_t k = 0; k < 4; ++k) {
      text += i + k <= bytes.size() ? alphabet[group >> (18U - 6U * k) & 63U] : '=';
    }
  }
  return text;
}

std::string embedding_response(std::string_view model, std::span<const std::vector<float>> vectors, bool base64,
                               std::size_t tokens) {
  json data = json::array();
  for (const std::vector<float>& vector : vectors) {
    json embedding = vector;
    if (base64) {
      embedding = base64_of({reinterpret_cast<const char*>(vector.data()), vector.size() * sizeof(float)});
    }
    data.push_back({{"object", "embedding"}, {"index", data.size()}, {"embedding", std::move(embedding)}});
  }
  return json{{"object", "list"},
              {"data", std::move(data)},
              {"model", model},
              {"usage", {{"prompt_tokens", tokens}, {"total_tokens", tokens}}}}
      .dump();
}

} // namespace reverie::model_server
