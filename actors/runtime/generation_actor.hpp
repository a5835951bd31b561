#pragma once

#include "actors/runtime/node_services.hpp"

namespace reverie::actors::runtime {

class generation_actor final : public generation_handle::base {
public:
  generation_actor(caf::actor_config& config, std::shared_ptr<node_services> services)
      : generation_handle::base(config), services_(std::move(services)) {}
  generation_handle::behavior_type make_behavior() override;
  void on_exit() override { services_.reset(); }

private:
  std::shared_ptr<node_services> services_;
};

} // namespace reverie::actors::runtime
