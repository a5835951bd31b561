#include "gateway/http/admin_api.hpp"
#include "gateway/http/list_parameters.hpp"
#include "gateway/http/rest_api.hpp"

#include <algorithm>
#include <array>

namespace reverie::gateway {

namespace {

/// What people wrote or are called. The order of a list by such a field says what is in it, and its cursor is the value itself.
bool is_personal(std::string_view field) {
  static constexpr std::array<std::string_view, 5> known{"email", "name", "text", "title", "content"};
  return std::ranges::find(known, field) != known.end();
}

/// Ordering and filtering by what is masked would tell it bit by bit: only who sees it in full may.
result<void> check_order(const http_request& request, const reverie::projections::list_request& list) {
  if (text_of(request, "privacy") == name_of(privacy_mode::full)) return {};
  if (is_personal(list.sort_field)) return std::unexpected(validation_error("Sorting by what is personal needs privacy=full.", "sort"));
  if (std::ranges::any_of(list.filters, [](const auto& each) { return is_personal(each.field); }))
    return std::unexpected(validation_error("Filtering by what is personal needs privacy=full.", "filter"));
  return {};
}

/// What was looked for, for the audit trail: guessing at a name leaves each guess there.
document looked_for(const http_request& request) {
  document detail = document::object();
  for (const auto& [name, value] : request.query) {
    if ((name != "q" && name != "filter" && name != "sort") || value.empty()) continue;
    detail[name] = detail.contains(name) ? detail[name].get<std::string>() + " & " + value : value;
  }
  return detail;
}

/// The operators' lists are longer than users' ones: their page size is checked apart.
result<people_query> people_query_of(const http_request& request, const std::vector<reverie::projections::list_field>& fields) {
  people_query query{.text = text_of(request, "q"), .list = {}};
  if (query.text.size() > 254) return std::unexpected(validation_error("This is too long to look for.", "q"));
  auto rest = request.query;
  std::erase_if(rest, [](const auto& each) { return each.first == "page_size"; });
  auto list = list_request_of(rest, fields);
  if (!list) return std::unexpected(list.error());
  if (auto may = check_order(request, *list); !may) return std::unexpected(may.error());
  const auto size = page_size_of(request);
  if (!size) return std::unexpected(size.error());
  query.list = std::move(*list);
  query.list.page_size = static_cast<std::uint32_t>(*size);
  return query;
}

const std::vector<std::string> list_parameters{"filter", "sort", "privacy", "reason"};

} // namespace

void admin_api::add_people_routes(std::vector<route>& routes) {
  auto with_text = list_parameters;
  with_text.insert(with_text.begin(), "q");
  add_list(routes, "/users", "People", with_text, &admin_api::users);
  add_read(routes, "/users/{id}", "One person", {"privacy", "reason"}, &admin_api::user);
  add_list(routes, "/users/{id}/conversations", "Conversations of one person", list_parameters, &admin_api::user_conversations);
  add_list(routes, "/users/{id}/memories", "What characters remember of one person", list_parameters, &admin_api::user_memories);
  add_list(routes, "/conversations", "All conversations, the one that moved last first", list_parameters, &admin_api::conversations);
  add_read(routes, "/conversations/{id}", "One conversation", {"privacy", "reason"}, &admin_api::conversation);
  add_list(routes, "/conversations/{id}/messages", "As the person saw it, with why each memory was recalled", list_parameters, &admin_api::conversation_messages);
}

task<http_response> admin_api::users(http_request& request) {
  if (auto there = present(operators_.people); !there) co_return refused(request, there.error());
  auto query = people_query_of(request, operator_user_fields());
  if (!query) co_return refused(request, query.error());
  co_return co_await show_personal(request, "users.list", "users", [this, query = *query](privacy_mode privacy) mutable {
    query.privacy = privacy;
    return operators_.people->users(query);
  }, looked_for(request));
}

task<http_response> admin_api::user(http_request& request) {
  if (auto there = present(operators_.people); !there) co_return refused(request, there.error());
  const auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  co_return co_await show_personal(request, "user.read", "user/" + events::to_string(*id), [this, id = events::user_id{*id}](privacy_mode privacy) { return operators_.people->user(id, privacy); });
}

task<http_response> admin_api::user_conversations(http_request& request) {
  if (auto there = present(operators_.people); !there) co_return refused(request, there.error());
  const auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  auto query = people_query_of(request, operator_conversation_fields());
  if (!query) co_return refused(request, query.error());
  co_return co_await show_personal(request, "user.conversations", "user/" + events::to_string(*id), [this, id = events::user_id{*id}, query = *query](privacy_mode privacy) mutable {
    query.privacy = privacy;
    return operators_.people->conversations(id, query);
  }, looked_for(request));
}

task<http_response> admin_api::user_memories(http_request& request) {
  if (auto there = present(operators_.people); !there) co_return refused(request, there.error());
  const auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  auto query = people_query_of(request, reverie::projections::memory_list_fields());
  if (!query) co_return refused(request, query.error());
  co_return co_await show_personal(request, "user.memories", "user/" + events::to_string(*id), [this, id = events::user_id{*id}, query = *query](privacy_mode privacy) mutable {
    query.privacy = privacy;
    return operators_.people->memories(id, query);
  }, looked_for(request));
}

task<http_response> admin_api::conversations(http_request& request) {
  if (auto there = present(operators_.people); !there) co_return refused(request, there.error());
  auto query = people_query_of(request, operator_conversation_fields());
  if (!query) co_return refused(request, query.error());
  co_return co_await show_personal(request, "conversations.list", "conversations", [this, query = *query](privacy_mode privacy) mutable {
    query.privacy = privacy;
    return operators_.people->conversations(std::nullopt, query);
  }, looked_for(request));
}

task<http_response> admin_api::conversation(http_request& request) {
  if (auto there = present(operators_.people); !there) co_return refused(request, there.error());
  const auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  co_return co_await show_personal(request, "conversation.read", "session/" + events::to_string(*id), [this, id = events::session_id{*id}](privacy_mode privacy) { return operators_.people->conversation(id, privacy); });
}

task<http_response> admin_api::conversation_messages(http_request& request) {
  if (auto there = present(operators_.people); !there) co_return refused(request, there.error());
  const auto id = path_id(request);
  if (!id) co_return refused(request, id.error());
  auto query = people_query_of(request, reverie::projections::message_list_fields());
  if (!query) co_return refused(request, query.error());
  co_return co_await show_personal(request, "conversation.messages", "session/" + events::to_string(*id), [this, id = events::session_id{*id}, query = *query](privacy_mode privacy) mutable {
    query.privacy = privacy;
    return operators_.people->messages(id, query);
  }, looked_for(request));
}

} // namespace reverie::gateway
