#pragma once

#include "gateway/bridge/account_service.hpp"
#include "gateway/bridge/chat_service.hpp"
#include "gateway/bridge/row_reader.hpp"
#include "gateway/bridge/server_pulse.hpp"
#include "gateway/http/list_parameters.hpp"
#include "gateway/http/metrics.hpp"
#include "gateway/http/router.hpp"

namespace reverie::gateway {

/// The calls of wire.md section 2 as routes. One instance serves all io threads.
class rest_api {
public:
  rest_api(gateway_ports& ports, account_service& accounts, chat_service& chats, row_reader& rows, blocking_pool& database,
           gateway_metrics& metrics, server_pulse& pulse)
      : ports_(ports), accounts_(accounts), chats_(chats), rows_(rows), database_(database), metrics_(metrics), pulse_(pulse) {}

  /// Its own, and those of others, which stand in the OpenAPI document too.
  std::vector<route> routes(std::vector<route> others = {});

private:
  using handler = task<http_response> (rest_api::*)(http_request&);
  route bound(route description, handler member);

  /// `X-Position` of what changed the vault alone: where the log stands, as every acknowledgement names a place.
  http_response with_end_of_log(http_response response);
  /// Not found, or `unavailable` while the caller's own writes are not readable yet.
  http_response not_there(const http_request& request, api_error not_found);
  void add_account_routes(std::vector<route>& routes);
  void add_character_routes(std::vector<route>& routes);
  void add_conversation_routes(std::vector<route>& routes);
  void add_memory_routes(std::vector<route>& routes);
  void add_system_routes(std::vector<route>& routes);

  task<http_response> sign_up(http_request& request);
  task<http_response> sign_in(http_request& request);
  task<http_response> sign_out(http_request& request);
  task<http_response> make_api_key(http_request& request);
  task<http_response> me(http_request& request);

  task<http_response> characters(http_request& request);
  task<http_response> character(http_request& request);
  task<http_response> create_character(http_request& request);
  task<http_response> card(http_request& request);
  task<http_response> avatar(http_request& request);

  task<http_response> open_conversation(http_request& request);
  task<http_response> conversations(http_request& request);
  task<http_response> conversation(http_request& request);
  task<http_response> close_conversation(http_request& request);
  task<http_response> messages(http_request& request);
  task<http_response> send_message(http_request& request);
  task<http_response> stop_reply(http_request& request);

  task<http_response> memories(http_request& request);
  task<http_response> find_memories(http_request& request, std::optional<events::character_id> character, std::string text);
  task<http_response> forget(http_request& request);
  task<http_response> bond(http_request& request);

  task<http_response> health(http_request& request);
  task<http_response> readiness(http_request& request);
  task<http_response> metrics(http_request& request);
  task<http_response> models(http_request& request);
  task<http_response> openapi(http_request& request);

  gateway_ports& ports_;
  account_service& accounts_;
  chat_service& chats_;
  row_reader& rows_;
  blocking_pool& database_;
  gateway_metrics& metrics_;
  server_pulse& pulse_;
  std::string openapi_;
};

/// An id in the path: a malformed one is not found, as any other that does not exist.
result<events::uuid> path_id(const http_request& request, std::size_t index = 0);
/// The error's answer with the request's id.
http_response refused(const http_request& request, const api_error& error);
/// Adds `X-Position`.
http_response with_position(http_response response, const events::log_position& position);

} // namespace reverie::gateway
