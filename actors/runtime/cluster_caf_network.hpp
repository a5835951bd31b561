#pragma once

#include "actors/runtime/cluster_network.hpp"
#include "actors/runtime/ports.hpp"

#include <cstdint>
#include <memory>

namespace reverie::actors::runtime {

struct caf_network_options {
  std::string self;       ///< how other nodes reach this one: host:port
  std::string listen_on;  ///< address to listen on; empty: the host of `self`
  std::string secret;     ///< shared by all nodes; at least secret_bytes_min
  line_logger say;
};

inline constexpr std::size_t secret_bytes_min = 16;

/// host and port of `host:port`; `malformed` for anything else.
events::outcome<std::pair<std::string, std::uint16_t>> parse_node_address(std::string_view text);

/// The way between nodes over CAF's own network, with an actor system and a thread for each node it sends to. Every frame is sealed
/// with a key derived from the shared secret (XChaCha20-Poly1305): who does not know it can neither read nor say anything.
events::outcome<std::shared_ptr<peer_network>> make_caf_network(caf_network_options options);

} // namespace reverie::actors::runtime
