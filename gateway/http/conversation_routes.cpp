#include "gateway/http/resource_json.hpp"
#include "gateway/http/rest_api.hpp"
#include "gateway/wire/json_input.hpp"
#include "gateway/wire/json_object.hpp"

#include "events/model/limits.hpp"

namespace reverie::gateway {

namespace limits = events::limits;

namespace {
api_error no_conversation() { return not_found_error("There is no such conversation."); }
} // namespace

void rest_api::add_conversation_routes(std::vector<route>& routes) {
  routes.push_back(bound({"POST", "/api/v1/conversations", "Open a conversation: 201 a new one, 200 the one that is open",
                          route_access::signed_in, "ConversationRequest", "Conversation", 201, false, {}, {"application/json"},
                          limits::json_body_bytes},
                         &rest_api::open_conversation));
  routes.push_back(bound({"GET", "/api/v1/conversations", "Your conversations", route_access::signed_in, "", "Conversation", 200, true},
                         &rest_api::conversations));
  routes.push_back(bound({"GET", "/api/v1/conversations/{id}", "A conversation", route_access::signed_in, "", "Conversation", 200, false,
                          {"min_position"}},
                         &rest_api::conversation));
  routes.push_back(bound({"POST", "/api/v1/conversations/{id}/close", "Close a conversation", route_access::signed_in, "",
                          "Conversation"},
                         &rest_api::close_conversation));
  // GET is answered by the session itself (http_session.cpp), as it streams.
  routes.push_back(bound({"GET", "/api/v1/sse/conversations", "A conversation's frames as server-sent events", route_access::signed_in,
                          "", "", 200, false, {"conversation_id", "after"}},
                         &rest_api::health));
  routes.push_back(bound({"POST", "/api/v1/conversations/{id}/stop", "Stop the reply under way", route_access::signed_in, "", "", 202},
                         &rest_api::stop_reply));
  routes.push_back(bound({"GET", "/api/v1/conversations/{id}/messages", "The active branch, oldest first", route_access::signed_in, "",
                          "Message", 200, true},
                         &rest_api::messages));
  routes.push_back(bound({"POST", "/api/v1/conversations/{id}/messages", "Send a message; the reply is read by stream or list",
                          route_access::signed_in, "MessageRequest", "Accepted", 202, false, {}, {"application/json"},
                          limits::json_body_bytes},
                         &rest_api::send_message));
}

task<http_response> rest_api::open_conversation(http_request& request) {
  auto body = parse_object(request.body);
  if (!body) co_return refused(request, body.error());
  auto character = required_uuid(*body, "character_id");
  if (!character) co_return refused(request, character.error());
  auto opened = co_await chats_.open(request.who.user, events::character_id{*character});
  if (!opened) co_return refused(request, opened.error());
  co_return with_position(json_response(opened->fresh ? 201 : 200, to_json(opened->row)), opened->row.last_position.record);
}

task<http_response> rest_api::conversations(http_request& request) {
  auto fields = projections::conversation_list_fields();
  auto list = list_request_of(request.query, fields);
  if (!list) co_return refused(request, list.error());
  auto position = min_position_of(request.query);
  if (!position) co_return refused(request, position.error());
  auto user = request.who.user;
  auto page = co_await rows_.read(user, *position, [user, list = *list](auto& reads) { return reads.conversations(user, list); });
  if (!page) co_return refused(request, list_error(page.error(), *list));
  co_return json_response(200, to_json(*page));
}

task<http_response> rest_api::conversation(http_request& request) {
  auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  auto position = min_position_of(request.query);
  if (!position) co_return refused(request, position.error());
  auto user = request.who.user;
  events::session_id session{*id};
  auto row = co_await rows_.read(user, *position, [user, session](auto& reads) { return reads.conversation(user, session); });
  if (!row) co_return refused(request, row.error());
  if (!*row) co_return not_there(request, no_conversation());
  co_return json_response(200, to_json(**row));
}

task<http_response> rest_api::close_conversation(http_request& request) {
  auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  auto user = request.who.user;
  events::session_id session{*id};
  auto answer = co_await chats_.close(user, session);
  if (!answer) co_return refused(request, answer.error());
  auto row = co_await rows_.read(user, answer->position, [user, session](auto& reads) { return reads.conversation(user, session); });
  if (!row) co_return refused(request, row.error());
  if (!*row) co_return not_there(request, no_conversation());
  co_return with_position(json_response(200, to_json(**row)), answer->position);
}

task<http_response> rest_api::stop_reply(http_request& request) {
  auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  events::session_id session{*id};
  auto answer = co_await await_callback<actors::command_outcome>(
      [this, session, user = request.who.user](std::function<void(actors::command_outcome)> done) {
        ports_.node.stop_reply(session, user, std::move(done));
      });
  if (!answer) co_return refused(request, error_of(answer.error()));
  co_return with_position(empty_response(202), answer->position);
}

task<http_response> rest_api::messages(http_request& request) {
  auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  auto fields = projections::message_list_fields();
  auto list = list_request_of(request.query, fields);
  if (!list) co_return refused(request, list.error());
  auto position = min_position_of(request.query);
  if (!position) co_return refused(request, position.error());
  auto user = request.who.user;
  events::session_id session{*id};
  auto page = co_await rows_.read(user, *position,
                                  [user, session, list = *list](auto& reads) { return reads.messages(user, session, list); });
  if (!page) co_return refused(request, list_error(page.error(), *list));
  if (!*page) co_return not_there(request, no_conversation());
  co_return json_response(200, to_json(**page));
}

task<http_response> rest_api::send_message(http_request& request) {
  auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  auto body = parse_object(request.body);
  if (!body) co_return refused(request, body.error());
  auto content = required_text(*body, "content", limits::message_bytes);
  if (!content) co_return refused(request, content.error());
  auto client_message = optional_uuid(*body, "client_message_id");
  if (!client_message) co_return refused(request, client_message.error());
  auto answer = co_await chats_.send(request.who.user, events::session_id{*id}, std::move(*content), *client_message);
  if (!answer) co_return refused(request, answer.error());
  std::string out;
  json_object(out).uuid("message_id", answer->subject).position("position", answer->place());
  co_return with_position(json_response(202, std::move(out)), answer->position);
}

} // namespace reverie::gateway
