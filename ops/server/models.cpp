#include "ops/server/models.hpp"

#include "actors/effects/hashing_embedder.hpp"
#include "actors/effects/model_choice.hpp"
#include "actors/effects/openai/openai_chat_model.hpp"
#include "actors/effects/openai/openai_embedder.hpp"
#include "actors/effects/openai/openai_fact_extractor.hpp"
#include "actors/effects/scripted_responder.hpp"
#include "ops/server/logging.hpp"

#include <filesystem>

namespace reverie::ops {

namespace {

constexpr std::size_t local_context_tokens = 2048;
constexpr std::size_t local_embedding_dimension = 384;
constexpr auto local_note = "Starter model: small, it proves the way. Connect your own: REVERIE_MODEL_URL.";
/// A model file over this size is taken to follow the full prompt.
constexpr std::uintmax_t small_model_bytes = 600ULL * 1024 * 1024;

/// An endpoint from the settings `<prefix>-url` and `<prefix>-key`, asking for `model`.
events::outcome<actors::model_endpoint> endpoint_of(const settings& given, const std::string& prefix, const std::string& model) {
  auto endpoint = actors::parse_endpoint(given.text(prefix + "-url"));
  if (!endpoint) return endpoint;
  endpoint->model = model;
  endpoint->api_key = given.text(prefix + "-key");
  endpoint->connect_timeout_ms = given.milliseconds("model-connect-timeout-ms");
  endpoint->first_token_timeout_ms = given.milliseconds("model-first-token-timeout-ms");
  endpoint->idle_timeout_ms = given.milliseconds("model-idle-timeout-ms");
  return endpoint;
}

actors::model_endpoint local_endpoint(const settings& given, std::uint16_t port, const std::string& model) {
  actors::model_endpoint endpoint;
  endpoint.host = "127.0.0.1";
  endpoint.port = port;
  endpoint.base_path = "/v1";
  endpoint.model = model;
  endpoint.first_token_timeout_ms = given.milliseconds("model-first-token-timeout-ms");
  endpoint.idle_timeout_ms = given.milliseconds("model-idle-timeout-ms");
  return endpoint;
}

std::string name_of_file(const std::string& path) { return std::filesystem::path(path).stem().string(); }

/// The child, or nothing when it is not asked for or does not come up.
std::unique_ptr<model_process> start_local(const settings& given, bool chat, bool embeddings) {
  if (given.text("model-server").empty() || (!chat && !embeddings)) return nullptr;
  model_process::options how{.executable = given.text("model-server"),
                             .arguments = {"--library-dir", given.text("model-library-dir")},
                             .log = [](std::string_view line) { log("debug", "model server", {{"said", std::string(line)}}); }};
  if (chat) how.arguments.insert(how.arguments.end(), {"--chat-model", given.text("local-model")});
  if (embeddings) how.arguments.insert(how.arguments.end(), {"--embedding-model", given.text("local-embedding-model")});
  auto started = model_process::start(std::move(how));
  if (started) return std::move(*started);
  log("warn", "no local models: the scripted responder and the hashing embedder step in", {{"why", started.error().message}});
  return nullptr;
}

actors::model_description local_description(const std::string& file) {
  std::error_code error;
  auto bytes = std::filesystem::file_size(file, error);
  return {.name = name_of_file(file),
          .kind = "starter",
          .note = local_note,
          .context_tokens = local_context_tokens,
          .small = error || bytes < small_model_bytes};
}

/// The second embedder: an endpoint, the built-in one by its name, or none.
events::outcome<std::shared_ptr<actors::embedder>> next_embedder(const settings& given, const std::shared_ptr<actors::http_client>& client) {
  const auto& model = given.text("next-embedding-model");
  if (given.text("next-embedding-url").empty()) {
    if (model.empty()) return nullptr;
    if (model == "hashing" || model == actors::hashing_embedder_name) return std::make_shared<actors::hashing_embedder>();
    return events::fail(events::failure_code::malformed, "next-embedding-model is `hashing`, or needs next-embedding-url");
  }
  auto endpoint = endpoint_of(given, "next-embedding", model);
  if (!endpoint) return std::unexpected(endpoint.error());
  return std::make_shared<actors::openai_embedder>(client, *endpoint, static_cast<std::size_t>(given.number("next-embedding-dimension")));
}

} // namespace

events::outcome<models> choose_models(const settings& given, bool with_chat) {
  models chosen;
  const bool enabled = given.on("model");
  auto client = std::make_shared<actors::http_client>();
  if (with_chat && enabled && !given.text("model-url").empty()) {
    const auto& name = given.text("model-name").empty() ? std::string("default") : given.text("model-name");
    auto endpoint = endpoint_of(given, "model", name);
    if (!endpoint) return std::unexpected(endpoint.error());
    actors::model_description description{.name = name,
                                          .kind = "external",
                                          .note = "",
                                          .context_tokens = static_cast<std::size_t>(given.number("model-context-tokens")),
                                          .small = given.on("model-small")};
    chosen.chat = std::make_shared<actors::openai_chat_model>(client, *endpoint, description);
    if (!given.text("facts-model").empty()) {
      endpoint->model = given.text("facts-model");
      chosen.facts = std::make_shared<actors::openai_fact_extractor>(client, *endpoint);
    }
  }
  if (enabled && !given.text("embedding-url").empty()) {
    auto endpoint = endpoint_of(given, "embedding", given.text("embedding-model"));
    if (!endpoint) return std::unexpected(endpoint.error());
    chosen.embeddings =
        std::make_shared<actors::openai_embedder>(client, *endpoint, static_cast<std::size_t>(given.number("embedding-dimension")));
  }
  auto next = next_embedder(given, client);
  if (!next) return std::unexpected(next.error());
  chosen.next_embeddings = std::move(*next);
  const bool local_chat = with_chat && enabled && !chosen.chat && !given.text("local-model").empty();
  const bool local_embeddings = enabled && !chosen.embeddings && !given.text("local-embedding-model").empty();
  chosen.process = start_local(given, local_chat, local_embeddings);
  if (chosen.process && local_chat) {
    auto description = local_description(given.text("local-model"));
    chosen.chat = std::make_shared<actors::openai_chat_model>(client, local_endpoint(given, chosen.process->port(), description.name), description);
  }
  if (chosen.process && local_embeddings)
    chosen.embeddings = std::make_shared<actors::openai_embedder>(
        client, local_endpoint(given, chosen.process->port(), name_of_file(given.text("local-embedding-model"))), local_embedding_dimension);
  chosen.scripted = std::make_unique<job_thread>();
  auto scripted = std::make_shared<actors::scripted_responder>([to = chosen.scripted.get()](std::function<void()> job) { to->post(std::move(job)); });
  if (chosen.chat) chosen.chat = std::make_shared<actors::model_choice>(chosen.chat, std::move(scripted));
  else chosen.chat = std::move(scripted);
  if (!chosen.embeddings) chosen.embeddings = std::make_shared<actors::hashing_embedder>();
  return chosen;
}

} // namespace reverie::ops
