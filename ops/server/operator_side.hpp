#pragma once

#include "gateway/bridge/operator_ports.hpp"
#include "ops/server/server_core.hpp"
#include "projections/postgres/connection_pool.hpp"

#include <memory>

namespace reverie::ops {

/// What stands behind the operators' calls in this server: audit trail, desks, background verification. Its connections are its own, so that
/// operators take none from users. Made when actors run; stopped before them.
class operator_side {
public:
  explicit operator_side(server_core& core);
  ~operator_side();

  void start();
  void stop();
  gateway::operator_ports ports();

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

/// All settings as operators see them.
std::vector<gateway::setting_view> settings_view(const settings& given);

} // namespace reverie::ops
