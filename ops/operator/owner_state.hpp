#pragma once

#include "actors/runtime/interfaces.hpp"
#include "ops/operator/failure_view.hpp"

#include <chrono>
#include <future>
#include <memory>

namespace reverie::ops {

/// An entity's state as its owner has it, which loads it there; `unavailable` when the owner does not answer in this time. Waits on the calling thread.
inline gateway::result<actors::owned_state> ask_owner(actors::actor_node& node, const events::entity_address& entity, std::chrono::milliseconds within) {
  auto told = std::make_shared<std::promise<events::outcome<actors::owned_state>>>();
  auto coming = told->get_future();
  node.inspect(entity, [told](events::outcome<actors::owned_state> state) { told->set_value(std::move(state)); });
  if (coming.wait_for(within) != std::future_status::ready) return std::unexpected(gateway::unavailable_error("The entity's owner did not answer in time."));
  auto owned = coming.get();
  if (!owned) return std::unexpected(operator_error(owned.error()));
  return std::move(*owned);
}

} // namespace reverie::ops
