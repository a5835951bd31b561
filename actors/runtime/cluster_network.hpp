#pragma once

#include "events/model/failure.hpp"

#include <functional>
#include <string>

namespace reverie::actors::runtime {

/// Carries frames between nodes, by their addresses (host:port). Frames of one node to another arrive in order or not at all; what
/// matters is asked for again by who sent it. Thread-safe.
class peer_network {
public:
  struct listener {
    /// A frame that came from somebody who knows the shared secret. One call at a time.
    std::function<void(std::string frame)> received;
    /// What was sent to this node lately may not have arrived.
    std::function<void(const std::string& node)> unreachable;
  };

  virtual ~peer_network() = default;
  virtual events::outcome<void> start(listener told) = 0;
  /// False: too much waits for this node already.
  virtual bool send(const std::string& node, std::string frame) = 0;
  /// Nothing is called after it.
  virtual void stop() = 0;
};

} // namespace reverie::actors::runtime
