#include "actors/effects/openai/http_client.hpp"
#include "events/model/ids.hpp"
#include "ops/cli/commands.hpp"
#include "ops/cli/printed_number.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <future>

namespace reverie::ops {

namespace {

using events::fail;
using events::failure_code;
using events::outcome;
using nlohmann::ordered_json;

constexpr const char* key_variable = "REVERIE_OPERATOR_KEY";

/// The operators' calls of a running server, which alone may write its log.
class operator_calls {
public:
  static outcome<operator_calls> to(const std::string& server) {
    auto endpoint = actors::parse_endpoint(server);
    if (!endpoint) return std::unexpected(endpoint.error());
    const char* key = std::getenv(key_variable);
    if (key == nullptr || *key == '\0')
      return fail(failure_code::malformed, std::string("put an API key or access token of an operator into ") + key_variable);
    endpoint->api_key = key;
    endpoint->base_path += "/api/v1/admin";
    return operator_calls(std::move(*endpoint));
  }

  /// Blocks. What the server refuses comes as its own sentence.
  outcome<ordered_json> post(const std::string& path, const ordered_json& body) {
    struct exchange {
      int status = 0;
      std::string text;
      std::promise<outcome<void>> ended;
    };
    auto one = std::make_shared<exchange>();
    auto ended = one->ended.get_future();
    const auto call = client_->post({.endpoint = endpoint_, .path = path, .accept = "application/json", .body = body.dump()},
                                    {.head = [one](const actors::http_head& head) { one->status = head.status; },
                                     .data = [one](std::string_view bytes) { one->text += bytes; return true; },
                                     .end = [one](outcome<void> how) { one->ended.set_value(std::move(how)); }});
    if (auto how = ended.get(); !how && one->status == 0) return std::unexpected(how.error());
    auto answer = ordered_json::parse(one->text, nullptr, false);
    if (one->status >= 200 && one->status < 300 && answer.is_object()) return answer;
    const auto why = answer.is_object() && answer.contains("error") ? answer["error"].value("message", one->text) : "the server answered " + std::to_string(one->status);
    return fail(one->status == 503 || one->status == 0 ? failure_code::unavailable : failure_code::locked, why);
  }

private:
  explicit operator_calls(actors::model_endpoint endpoint) : endpoint_(std::move(endpoint)), client_(std::make_unique<actors::http_client>()) {}

  actors::model_endpoint endpoint_;
  std::unique_ptr<actors::http_client> client_;
};

} // namespace

exit_code run_fork(const settings& given, const fork_options& how, bool json) {
  const auto entity = events::parse_entity(how.session);
  if (!entity || entity->kind != events::entity_kind::session) return report({failure_code::malformed, "'" + how.session + "' is no conversation: use session/<id>"});
  auto calls = operator_calls::to(how.server.empty() ? "http://127.0.0.1:" + given.text("port") : how.server);
  if (!calls) return report(calls.error());
  ordered_json wish{{"reason", how.reason}, {"model", how.model}};
  if (how.sequence) wish["sequence"] = *how.sequence;
  auto made = calls->post("/conversations/" + events::to_string(entity->id) + "/fork", wish);
  if (!made) return report(made.error());
  const auto id = made->value("id", std::string());
  for (const auto& text : how.say)
    if (auto said = calls->post("/forks/" + id + "/messages", {{"content", text}}); !said) return report(said.error());
  if (json) std::puts(made->dump().c_str());
  else std::printf("forked: forked_session/%s, after event %llu\n", id.c_str(), printed(made->value("origin_sequence", std::uint64_t{0})));
  return exit_code::done;
}

} // namespace reverie::ops
