#pragma once

#include "actors/runtime/interfaces.hpp"
#include "ops/server/settings.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace reverie::ops {

/// The whole server, put together: the one place where ports meet their implementations. Starts in order (data folder, vault, log, models,
/// actors, samples, projections, gateway), stops in the reverse one.
class server {
public:
  /// Answers when commands are accepted and the port listens. Failures name what is missing; nothing is left running then.
  static events::outcome<std::unique_ptr<server>> start(const settings& given);
  ~server(); ///< stops, if stop() was not called

  /// Refuses new connections, finishes what was accepted within `stop-deadline-ms`, stores states, ends everything.
  void stop();

  std::uint16_t port() const;
  std::string url() const;
  actors::actor_node& node();

private:
  struct parts;
  explicit server(std::unique_ptr<parts> held);
  std::unique_ptr<parts> parts_;
};

} // namespace reverie::ops
