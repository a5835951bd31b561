#pragma once

#include "gateway/bridge/operator_ports.hpp"
#include "ops/server/server_core.hpp"
#include "projections/postgres/connection_pool.hpp"
#include "projections/queries/active_embedder.hpp"

#include <memory>

namespace reverie::ops {

/// What stands behind the operators' calls in this server: audit trail, desks, background verification. Its connections are its own, so that
/// operators take none from users. Made when actors run; stopped before them.
class operator_side {
public:
  operator_side(server_core& core, projections::active_embedder& searching_by);
  ~operator_side();

  void start();
  void stop();
  gateway::operator_ports ports();

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

/// What can answer in a fork: the server's own model, and the responder that is always there.
std::vector<gateway::model_view> models_for_forks(const actors::chat_model& own);

/// All settings as operators see them.
std::vector<gateway::setting_view> settings_view(const settings& given);

} // namespace reverie::ops
