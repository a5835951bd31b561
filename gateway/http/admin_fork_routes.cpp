#include "gateway/http/admin_api.hpp"
#include "gateway/http/rest_api.hpp"

#include "gateway/wire/json_input.hpp"
#include "gateway/wire/text_checks.hpp"

#include "events/model/limits.hpp"

namespace reverie::gateway {

namespace {

template <class Id>
result<std::optional<Id>> id_in(const http_request& request, std::string_view name) {
  const auto text = text_of(request, name);
  if (text.empty()) return std::optional<Id>{};
  const auto id = events::parse_uuid(text);
  if (!id) return std::unexpected(validation_error("This must be a UUID.", std::string(name)));
  return std::optional(Id{*id});
}

result<fork_wish> fork_wish_of(const nlohmann::json& fields) {
  fork_wish wish;
  if (const auto at = fields.find("sequence"); at != fields.end() && !at->is_null()) {
    if (!at->is_number_unsigned()) return std::unexpected(validation_error("sequence is the number of an event.", "sequence"));
    wish.sequence = at->get<std::uint64_t>();
  }
  auto model = optional_text(fields, "model", events::limits::name_bytes);
  if (!model) return std::unexpected(model.error());
  wish.model = model->value_or("");
  return wish;
}

} // namespace

void admin_api::add_fork_routes(std::vector<route>& routes) {
  add_action(routes, "/conversations/{id}/fork", "Copy a conversation and its bond as they were after one event, to continue them apart", &admin_api::make_fork, 201);
  add_list(routes, "/forks", "Copies of conversations, the newest first", {"conversation_id", "user_id"}, &admin_api::forks);
  add_read(routes, "/forks/{id}", "Of what a fork is a copy, and whether it is answering", {}, &admin_api::fork);
  add_read(routes, "/forks/{id}/timelines", "Both timelines side by side", {"privacy", "reason"}, &admin_api::fork_timelines);
  add_action(routes, "/forks/{id}/messages", "Say something in a fork", &admin_api::say_in_fork, 202);
  add_action(routes, "/forks/{id}/regenerate", "Another reply in a fork", &admin_api::regenerate_in_fork, 202);
  add_action(routes, "/forks/{id}/close", "End a fork", &admin_api::close_fork);
  add_read(routes, "/models", "What can answer in a fork", {}, &admin_api::models);
}

task<http_response> admin_api::make_fork(http_request& request) {
  if (auto there = present(operators_.forks); !there) co_return refused(request, there.error());
  const auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  auto body = action_body_of(request);
  if (!body) co_return refused(request, body.error());
  auto wish = fork_wish_of(body->fields);
  if (!wish) co_return refused(request, wish.error());
  document detail{{"sequence", wish->sequence ? document(*wish->sequence) : document(nullptr)}, {"model", wish->model}};
  intent what{.action = "conversation.fork", .subject = "session/" + events::to_string(*id), .detail = std::move(detail), .needs_reason = true, .success = 201};
  co_return co_await act(request, std::move(what), [this, of = events::session_id{*id}, wish = *wish](const action_body&) { return operators_.forks->make(of, wish); });
}

task<http_response> admin_api::forks(http_request& request) {
  if (auto there = present(operators_.forks); !there) co_return refused(request, there.error());
  fork_query query;
  const auto conversation = id_in<events::session_id>(request, "conversation_id");
  if (!conversation) co_return refused(request, conversation.error());
  query.conversation = *conversation;
  const auto user = id_in<events::user_id>(request, "user_id");
  if (!user) co_return refused(request, user.error());
  query.user = *user;
  const auto size = page_size_of(request);
  if (!size) co_return refused(request, size.error());
  query.page_size = *size;
  auto cursor = cursor_of(request);
  if (!cursor) co_return refused(request, cursor.error());
  query.cursor = std::move(*cursor);
  co_return co_await show(request, [this, query] { return operators_.forks->list(query); });
}

task<http_response> admin_api::fork(http_request& request) {
  if (auto there = present(operators_.forks); !there) co_return refused(request, there.error());
  const auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  co_return co_await show(request, [this, id = events::session_id{*id}] { return operators_.forks->one(id); });
}

task<http_response> admin_api::fork_timelines(http_request& request) {
  if (auto there = present(operators_.forks); !there) co_return refused(request, there.error());
  const auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  co_return co_await show_personal(request, "fork.read", "forked_session/" + events::to_string(*id),
                                   [this, id = events::session_id{*id}](privacy_mode privacy) { return operators_.forks->timelines(id, privacy); });
}

/// An action on one fork: what it takes from the body is looked at before anything is written down.
task<http_response> admin_api::act_in_fork(http_request& request, std::string action, int success, fork_work work) {
  if (auto there = present(operators_.forks); !there) co_return refused(request, there.error());
  const auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  intent what{.action = std::move(action), .subject = "forked_session/" + events::to_string(*id), .success = success};
  co_return co_await act(request, std::move(what), [work = std::move(work), id = events::session_id{*id}](const action_body& body) { return work(id, body); });
}

task<http_response> admin_api::say_in_fork(http_request& request) {
  co_return co_await act_in_fork(request, "fork.say", 202, [this](events::session_id fork, const action_body& body) -> result<document> {
    const auto text = required_text(body.fields, "content", events::limits::message_bytes);
    if (!text) return std::unexpected(text.error());
    return operators_.forks->say(fork, *text);
  });
}

task<http_response> admin_api::regenerate_in_fork(http_request& request) {
  co_return co_await act_in_fork(request, "fork.regenerate", 202, [this](events::session_id fork, const action_body& body) -> result<document> {
    const auto text = optional_text(body.fields, "message_id", events::limits::name_bytes);
    if (!text) return std::unexpected(text.error());
    const auto message = events::parse_uuid(text->value_or(""));
    if (!message) return std::unexpected(validation_error("message_id is the id of a message.", "message_id"));
    return operators_.forks->regenerate(fork, events::message_id{*message});
  });
}

task<http_response> admin_api::close_fork(http_request& request) {
  co_return co_await act_in_fork(request, "fork.close", 200, [this](events::session_id fork, const action_body&) { return operators_.forks->close(fork); });
}

task<http_response> admin_api::models(http_request&) {
  auto others = document::array();
  for (const auto& each : operators_.models) others.push_back({{"name", each.name}, {"kind", each.kind}, {"own", each.own}});
  co_return document_response(200, {{"items", std::move(others)}, {"any_name", operators_.any_model_name}});
}

} // namespace reverie::gateway
