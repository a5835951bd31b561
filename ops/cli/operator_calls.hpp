#pragma once

#include "actors/effects/openai/http_client.hpp"
#include "ops/server/settings.hpp"

#include <nlohmann/json.hpp>

#include <memory>
#include <string>

namespace reverie::ops {

/// The operators' calls (`/api/v1/admin/*`) of a running server, for what only that server can do: it alone may write its log, and what waits
/// outside of it is in its memory. Signed in by the key in `REVERIE_OPERATOR_KEY`. Calls block. For one thread.
class operator_calls {
public:
  /// `server`: an address; empty: the server on this machine, at the port of the settings. `malformed` for an address that is none, and without
  /// a key.
  static events::outcome<operator_calls> to(const settings& given, const std::string& server);

  /// What the server refuses comes as its own sentence, under the code of its status.
  events::outcome<nlohmann::ordered_json> get(const std::string& path);
  events::outcome<nlohmann::ordered_json> post(const std::string& path, const nlohmann::ordered_json& body);

private:
  explicit operator_calls(actors::model_endpoint endpoint);
  events::outcome<nlohmann::ordered_json> ask(actors::http_post request);

  actors::model_endpoint endpoint_;
  std::unique_ptr<actors::http_client> client_;
};

/// What a status that is no success says of a call, so that the exit code fits. 0: nobody answered.
events::failure_code code_of_status(int status);

/// A value of a query in an address: what is not plain is written as `%41`.
std::string query_value(std::string_view text);

} // namespace reverie::ops
