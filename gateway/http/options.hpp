#pragma once

#include "gateway/bridge/operator_limits.hpp"
#include "gateway/bridge/password_hasher.hpp"

#include "events/model/limits.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

namespace reverie::gateway {

/// How the gateway serves. The defaults are those of events/model/limits.hpp; tests use smaller ones.
struct gateway_options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080; ///< 0: any free one
  std::filesystem::path web_root;
  std::filesystem::path tls_certificate, tls_key; ///< PEM; TLS is on when both are named

  std::size_t io_threads = 2;
  std::size_t database_threads = 8;
  std::size_t password_threads = 2;
  std::size_t operator_threads = operator_limits::threads;
  std::size_t operator_queue = operator_limits::queue_requests;
  std::size_t operator_streams = operator_limits::streams;
  password_cost passwords;

  std::size_t connections = events::limits::connections;
  std::size_t connections_per_user = events::limits::connections_per_user_default;
  std::uint32_t messages_per_minute = events::limits::messages_per_minute_default;
  std::uint32_t sign_ins_per_minute = 20; ///< of one e-mail address
  std::chrono::seconds access_token_lives = events::limits::access_token_lives;
  std::uint32_t frames_per_minute = events::limits::frames_per_minute;
  std::size_t send_queue_frames = events::limits::send_queue_frames;
  std::size_t send_queue_bytes = events::limits::send_queue_bytes;
  std::size_t database_queue = events::limits::database_queue_requests;
  int send_buffer_bytes = 0; ///< SO_SNDBUF of accepted sockets; 0: the system's

  std::chrono::milliseconds authenticate_within = events::limits::authenticate_within_ms;
  std::chrono::milliseconds heartbeat = events::limits::heartbeat_ms;
  std::chrono::milliseconds header_within = events::limits::request_header_ms;
  std::chrono::milliseconds body_within = events::limits::request_body_ms;
  std::chrono::milliseconds keep_alive_idle = events::limits::keep_alive_idle_ms;
  std::chrono::milliseconds write_within = events::limits::response_write_ms;
  std::chrono::milliseconds read_own_writes_wait = events::limits::read_own_writes_wait_ms;
};

} // namespace reverie::gateway
