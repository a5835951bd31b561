#pragma once

#include "actors/runtime/node_services.hpp"

/// The two roles that may block; each gets a thread of its own where the node is started with threads.
namespace reverie::actors::runtime {

/// Runs closures one after the other; outlives what they throw.
class worker_actor final : public worker_handle::base {
public:
  worker_actor(caf::actor_config& config, std::shared_ptr<node_services> services);
  worker_handle::behavior_type make_behavior() override;
  void on_exit() override { services_.reset(); }

private:
  std::shared_ptr<node_services> services_;
};

/// Follows the log of one partition; one batch under way at a time is the back-pressure.
class tail_actor final : public tail_handle::base {
public:
  tail_actor(caf::actor_config& config, std::shared_ptr<node_services> services, partition_handle partition);
  tail_handle::behavior_type make_behavior() override;
  void on_exit() override;

private:
  void read();

  std::shared_ptr<node_services> services_;
  partition_handle partition_;
  std::shared_ptr<events::log_reader> reader_;
};

} // namespace reverie::actors::runtime
