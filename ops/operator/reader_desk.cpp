#include "ops/operator/reader_desk.hpp"

#include "ops/operator/failure_view.hpp"
#include "ops/operator/recall_view.hpp"
#include "projections/postgres/array_text.hpp"
#include "projections/queries/list_sources.hpp"

#include <map>

namespace reverie::ops {

using events::outcome;
using gateway::document;
using gateway::people_query;
using gateway::personal_text;
using gateway::privacy_mode;
using gateway::result;
using projections::list_source;
using projections::sql_field;
using projections::sql_params;

namespace {

using kind = decltype(projections::list_field::type);

constexpr sql_field user_fields[] = {{{"id", kind::uuid}, "id"}, {{"email", kind::text}, "email"}, {{"name", kind::text}, "name"}, {{"roles", kind::text_list}, "roles"},
                                     {{"created_at", kind::time}, "created_at"}, {{"conversations", kind::number}, "conversations"}, {{"last_active_at", kind::time}, "last_active_at"}};
constexpr sql_field conversation_fields[] = {{{"id", kind::uuid}, "id"}, {{"user_id", kind::uuid}, "user_id"}, {{"character_id", kind::uuid}, "character_id"},
                                             {{"character_name", kind::text}, "character_name"}, {{"state", kind::text}, "state"}, {{"messages", kind::number}, "messages"},
                                             {{"created_at", kind::time}, "created_at"}, {{"updated_at", kind::time}, "updated_at"}};
constexpr sql_field message_fields[] = {{{"id", kind::uuid}, "id"}, {{"role", kind::text}, "role"}, {{"state", kind::text}, "state"},
                                        {{"created_at", kind::time}, "created_at"}, {{"depth", kind::number}, "depth"}};

constinit const list_source users_source{
    // Roles are the account's: what was written when somebody signed up does not change with them.
    "(SELECT u.id, u.email, u.name, coalesce((SELECT a.roles FROM vault.accounts a WHERE a.user_id = u.id), u.roles) AS roles, u.created_at, "
    "(SELECT count(*) FROM reverie.conversations c WHERE c.user_id = u.id) AS conversations, "
    "coalesce((SELECT max(c.updated_at) FROM reverie.conversations c WHERE c.user_id = u.id), u.created_at) AS last_active_at FROM reverie.users u) people",
    "id, email, name, array_to_json(roles), (extract(epoch FROM created_at) * 1000)::bigint, conversations, (extract(epoch FROM last_active_at) * 1000)::bigint",
    user_fields, "created_at", true};
constinit const list_source conversations_source{
    "(SELECT c.id, c.user_id, c.character_id, coalesce(k.name, '') AS character_name, c.title, c.state, c.created_at, c.updated_at, c.last_position, "
    "(SELECT count(*) FROM reverie.messages m WHERE m.conversation_id = c.id) AS messages "
    "FROM reverie.conversations c LEFT JOIN reverie.characters k ON k.id = c.character_id) talks",
    "id, user_id, character_id, character_name, title, state, messages, (extract(epoch FROM created_at) * 1000)::bigint, "
    "(extract(epoch FROM updated_at) * 1000)::bigint, last_position",
    conversation_fields, "updated_at", true};
constinit const list_source messages_source{
    "(SELECT * FROM reverie.message_nodes WHERE on_branch AND state <> 'generating') seen",
    "id, parent_id, role, content, state, (extract(epoch FROM created_at) * 1000)::bigint, position, manifest, model, conversation_id", message_fields, "depth", false};

template <class Read>
result<document> list(projections::connection_pool& pool, const list_source& source, std::vector<std::string> conditions, sql_params params,
                      const projections::list_request& asked, Read&& read) {
  projections::list_query query(source, std::move(conditions), std::move(params));
  if (auto applied = query.apply(asked); !applied)
    return std::unexpected(gateway::validation_error("This list can't be read so.", asked.cursor.empty() ? "filter" : "cursor"));
  auto held = pool.borrow();
  if (!held) return std::unexpected(operator_error(held.error()));
  const auto answers = (*held)->run_all(query.statements());
  if (!answers) return std::unexpected(operator_error(answers.error()));
  auto page = query.page<document>(*answers, read);
  return document{{"items", std::move(page.items)}, {"next_cursor", page.next_cursor.empty() ? document(nullptr) : document(page.next_cursor)},
                  {"has_more", page.has_more}, {"total", page.total}};
}

std::string text_in(const projections::result& rows, std::size_t line, std::size_t column) { return std::string(rows.text(line, column)); }
document time_in(const projections::result& rows, std::size_t line, std::size_t column) {
  return rows.is_null(line, column) ? document(nullptr) : document(events::format_rfc3339(rows.time(line, column)));
}

document user_view(const projections::result& rows, std::size_t line, privacy_mode privacy) {
  return {{"id", text_in(rows, line, 0)}, {"email", personal_text(rows.text(line, 1), privacy)}, {"name", personal_text(rows.text(line, 2), privacy)},
          {"roles", document::parse(rows.text(line, 3), nullptr, false)}, {"created_at", time_in(rows, line, 4)}, {"conversations", rows.integer(line, 5)},
          {"last_active_at", time_in(rows, line, 6)}};
}

document conversation_view(const projections::result& rows, std::size_t line, privacy_mode privacy) {
  return {{"id", text_in(rows, line, 0)}, {"user_id", text_in(rows, line, 1)}, {"character_id", text_in(rows, line, 2)}, {"character_name", text_in(rows, line, 3)},
          {"title", personal_text(rows.text(line, 4), privacy)}, {"state", text_in(rows, line, 5)}, {"messages", rows.integer(line, 6)},
          {"created_at", time_in(rows, line, 7)}, {"updated_at", time_in(rows, line, 8)}, {"last_position", text_in(rows, line, 9)}};
}

document message_view(const projections::result& rows, std::size_t line, privacy_mode privacy) {
  return {{"id", text_in(rows, line, 0)}, {"conversation_id", text_in(rows, line, 9)},
          {"parent_id", rows.is_null(line, 1) ? document(nullptr) : document(text_in(rows, line, 1))}, {"role", text_in(rows, line, 2)},
          {"content", personal_text(rows.text(line, 3), privacy)}, {"state", text_in(rows, line, 4)}, {"created_at", time_in(rows, line, 5)},
          {"position", text_in(rows, line, 6)}, {"model", rows.text(line, 8).empty() ? document(nullptr) : document(text_in(rows, line, 8))},
          {"recall", rows.text(line, 7).empty() ? document(nullptr) : recall_view(rows.text(line, 7))}};
}

/// A pattern that finds a text anywhere, whatever it holds.
std::string anywhere(std::string_view text) {
  std::string out = "%";
  for (char each : text) {
    if (each == '%' || each == '_' || each == '\\') out += '\\';
    out += each;
  }
  return out + "%";
}

} // namespace

result<document> reader_desk::users(const people_query& query) {
  std::vector<std::string> conditions;
  sql_params params;
  if (!query.text.empty()) {
    conditions.emplace_back(events::parse_uuid(query.text) ? "id = $1::uuid" : "(email ILIKE $1 OR name ILIKE $1)");
    params.emplace_back(events::parse_uuid(query.text) ? query.text : anywhere(query.text));
  }
  return list(pool_, users_source, std::move(conditions), std::move(params), query.list, [&](const auto& rows, std::size_t line) { return user_view(rows, line, query.privacy); });
}

result<document> reader_desk::user(events::user_id id, privacy_mode privacy) {
  const auto rows = pool_.run("SELECT " + std::string(users_source.columns) + " FROM " + std::string(users_source.from) + " WHERE id = $1", {events::to_string(id)});
  if (!rows) return std::unexpected(operator_error(rows.error()));
  if (rows->rows() == 0) return std::unexpected(gateway::not_found_error("There is no such person."));
  return user_view(*rows, 0, privacy);
}

result<document> reader_desk::conversations(std::optional<events::user_id> of, const people_query& query) {
  std::vector<std::string> conditions;
  sql_params params;
  if (of) {
    conditions.emplace_back("user_id = $1::uuid");
    params.emplace_back(events::to_string(*of));
  }
  return list(pool_, conversations_source, std::move(conditions), std::move(params), query.list,
              [&](const auto& rows, std::size_t line) { return conversation_view(rows, line, query.privacy); });
}

result<document> reader_desk::conversation(events::session_id id, privacy_mode privacy) {
  const auto rows = pool_.run("SELECT " + std::string(conversations_source.columns) + " FROM " + std::string(conversations_source.from) + " WHERE id = $1", {events::to_string(id)});
  if (!rows) return std::unexpected(operator_error(rows.error()));
  if (rows->rows() == 0) return std::unexpected(gateway::not_found_error("There is no such conversation."));
  return conversation_view(*rows, 0, privacy);
}

result<document> reader_desk::memories(events::user_id of, const people_query& query) {
  return list(pool_, projections::memories_list, {"user_id = $1::uuid"}, {events::to_string(of)}, query.list, [&](const auto& rows, std::size_t line) {
    const auto row = projections::memory_in(rows, line);
    const auto time = [](const std::optional<events::timestamp>& at) { return at ? document(events::format_rfc3339(*at)) : document(nullptr); };
    auto sources = document::array();
    for (const auto& each : row.sources) sources.push_back({{"conversation_id", events::to_string(each.conversation)}, {"message_id", events::to_string(each.message)}});
    return document{{"id", events::to_string(row.id)}, {"character_id", events::to_string(row.character)}, {"text", personal_text(row.text, query.privacy)},
                    {"kind", row.kind}, {"score", nullptr}, {"valid_from", time(row.valid_from)}, {"valid_to", time(row.valid_to)},
                    {"recorded_at", events::format_rfc3339(row.recorded_at)}, {"sources", std::move(sources)}};
  });
}

/// The texts of the memories that stood in the prompts, as far as they are still there.
outcome<void> reader_desk::add_recalled_texts(document& messages, privacy_mode privacy) {
  std::vector<std::string> ids;
  const auto each_memory = [&](auto&& visit) {
    for (auto& message : messages)
      if (!message["recall"].is_null())
        for (auto& memory : message["recall"]["memories"])
          if (memory["memory_id"].is_string()) visit(memory);
  };
  each_memory([&](document& memory) { ids.push_back(memory["memory_id"].get<std::string>()); });
  if (ids.empty()) return {};
  const auto rows = pool_.run("SELECT id, text FROM reverie.memory_documents WHERE id = ANY($1::uuid[])", {projections::array_of(ids)});
  if (!rows) return std::unexpected(rows.error());
  std::map<std::string, std::string> texts;
  for (std::size_t i = 0; i < rows->rows(); ++i) texts.emplace(rows->text(i, 0), rows->text(i, 1));
  each_memory([&](document& memory) {
    if (const auto found = texts.find(memory["memory_id"].get<std::string>()); found != texts.end()) memory["text"] = personal_text(found->second, privacy);
  });
  return {};
}

result<document> reader_desk::messages(events::session_id conversation, const people_query& query) {
  const auto there = pool_.run("SELECT 1 FROM reverie.message_threads WHERE id = $1", {events::to_string(conversation)});
  if (!there) return std::unexpected(operator_error(there.error()));
  if (there->rows() == 0) return std::unexpected(gateway::not_found_error("There is no such conversation."));
  auto page = list(pool_, messages_source, {"conversation_id = $1::uuid"}, {events::to_string(conversation)}, query.list,
                   [&](const auto& rows, std::size_t line) { return message_view(rows, line, query.privacy); });
  if (!page) return page;
  if (auto added = add_recalled_texts((*page)["items"], query.privacy); !added) return std::unexpected(operator_error(added.error()));
  return page;
}

} // namespace reverie::ops
