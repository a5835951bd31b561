#pragma once

#include "gateway/bridge/operator_ports.hpp"
#include "gateway/wire/access_token.hpp"

#include "actors/effects/recall.hpp"
#include "actors/runtime/interfaces.hpp"
#include "events/vault/account_store.hpp"
#include "events/vault/key_ring.hpp"
#include "projections/queries/read_models.hpp"
#include "projections/runner/progress.hpp"

#include <functional>
#include <string>
#include <vector>

namespace reverie::gateway {

/// Which models answer, for `GET /api/v1/models/status`.
struct model_status {
  std::string chat_name, chat_kind, chat_note;
  std::string embedding_name;
  std::size_t embedding_dimension = 0;
};

/// One line of the gateway's log. Never holds personal text.
struct log_entry {
  enum class level { debug, info, warning, error } severity = level::info;
  std::string what; ///< request, connection, security, problem
  std::string request_id, method, route;
  int status = 0;
  double milliseconds = 0;
  events::user_id user{}; ///< nil when not signed in
  std::string message;
};

/// What the gateway needs from the rest of the server. All of it is thread-safe and outlives the gateway.
struct gateway_ports {
  actors::actor_node& node;
  projections::read_models& reads;
  actors::recall& recall;
  events::account_store& accounts;
  events::key_ring& keys;
  projections::projection_progress& progress;
  token_secret secret{};
  std::function<events::timestamp()> now;
  std::function<model_status()> models;
  std::function<std::vector<std::string>()> not_ready; ///< reasons; none: ready
  std::function<void(const log_entry&)> log;
  operator_ports operators = {};
};

} // namespace reverie::gateway
