#include "actors/effects/openai/openai_embedder.hpp"

#include "events/model/limits.hpp"

#include <nlohmann/json.hpp>

#include <cmath>
#include <future>

namespace reverie::actors {

using events::failure_code;
using nlohmann::json;

namespace {

constexpr std::size_t answer_bytes = 32 * 1024 * 1024;

struct answer {
  http_head head;
  std::string body;
  std::promise<events::outcome<void>> ended;
};

void normalise(std::vector<float>& vector) {
  double sum = 0;
  for (float x : vector) sum += double(x) * double(x);
  if (sum <= 0) return;
  auto scale = static_cast<float>(1 / std::sqrt(sum));
  for (float& x : vector) x *= scale;
}

events::outcome<std::vector<float>> vector_of(const json& item, std::size_t dimension) {
  auto found = item.is_object() ? item.find("embedding") : item.end();
  if (!item.is_object() || found == item.end() || !found->is_array() || found->size() != dimension)
    return events::fail(failure_code::malformed, "the embedding endpoint gave no vector of " + std::to_string(dimension) + " numbers");
  std::vector<float> vector;
  vector.reserve(dimension);
  for (const auto& number : *found) {
    if (!number.is_number()) return events::fail(failure_code::malformed, "an embedding holds something that is no number");
    vector.push_back(number.get<float>());
  }
  normalise(vector);
  return vector;
}

} // namespace

events::outcome<std::vector<std::vector<float>>> parse_embeddings(std::string_view body, std::size_t count, std::size_t dimension) {
  auto parsed = json::parse(body, nullptr, false);
  auto data = parsed.is_object() ? parsed.find("data") : parsed.end();
  if (!parsed.is_object() || data == parsed.end() || !data->is_array() || data->size() != count)
    return events::fail(failure_code::malformed, "the embedding endpoint's answer does not hold one vector per text");
  std::vector<std::vector<float>> vectors(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& item = (*data)[i];
    auto vector = vector_of(item, dimension);
    if (!vector) return std::unexpected(vector.error());
    std::size_t index = item.contains("index") && item["index"].is_number_unsigned() ? item["index"].get<std::size_t>() : i;
    if (index >= count || !vectors[index].empty())
      return events::fail(failure_code::malformed, "the embedding endpoint numbered its vectors wrongly");
    vectors[index] = std::move(*vector);
  }
  return vectors;
}

openai_embedder::openai_embedder(std::shared_ptr<http_client> client, model_endpoint endpoint, std::size_t dimension)
    : client_(std::move(client)), endpoint_(std::move(endpoint)), dimension_(dimension) {}

events::outcome<std::vector<std::vector<float>>> openai_embedder::embed(const std::vector<std::string>& texts) {
  if (texts.empty()) return std::vector<std::vector<float>>{};
  if (texts.size() > events::limits::embedding_batch_texts)
    return events::fail(failure_code::too_large, "more texts than one embedding batch may hold");
  json body{{"model", endpoint_.model}, {"input", texts}, {"encoding_format", "float"}};
  auto got = std::make_shared<answer>();
  auto ended = got->ended.get_future();
  auto call = client_->post({endpoint_, "/embeddings", "application/json", body.dump(-1, ' ', false, json::error_handler_t::replace)},
                            {.head = [got](const http_head& head) { got->head = head; },
                             .data =
                                 [got](std::string_view bytes) {
                                   got->body.append(bytes);
                                   return got->body.size() <= answer_bytes;
                                 },
                             .end = [got](events::outcome<void> how) { got->ended.set_value(std::move(how)); }});
  if (auto how = ended.get(); !how) return std::unexpected(how.error());
  if (got->head.status != 200)
    return events::fail(got->head.status == 429 || got->head.status >= 500 ? failure_code::unavailable : failure_code::malformed,
                        "the embedding endpoint answered " + std::to_string(got->head.status));
  return parse_embeddings(got->body, texts.size(), dimension_);
}

} // namespace reverie::actors
