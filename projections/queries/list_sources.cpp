#include "projections/queries/list_sources.hpp"

#include <nlohmann/json.hpp>

namespace reverie::projections {
namespace {

using kind = decltype(list_field::type);

constexpr sql_field user_fields[] = {{{"id", kind::uuid}, "id"}, {{"email", kind::text}, "email"}, {{"name", kind::text}, "name"},
                                     {{"roles", kind::text_list}, "roles"}, {{"created_at", kind::time}, "created_at"},
                                     {{"updated_at", kind::time}, "updated_at"}};
constexpr sql_field character_fields[] = {{{"id", kind::uuid}, "id"}, {{"name", kind::text}, "name"}, {{"tagline", kind::text}, "tagline"},
                                          {{"greeting", kind::text}, "greeting"}, {{"tags", kind::text_list}, "tags"},
                                          {{"owner_id", kind::uuid}, "owner_id"}, {{"version", kind::number}, "version"},
                                          {{"created_at", kind::time}, "created_at"}, {{"updated_at", kind::time}, "updated_at"}};
constexpr sql_field conversation_fields[] = {{{"id", kind::uuid}, "id"}, {{"character_id", kind::uuid}, "character_id"},
                                             {{"title", kind::text}, "title"}, {{"state", kind::text}, "state"},
                                             {{"created_at", kind::time}, "created_at"}, {{"updated_at", kind::time}, "updated_at"}};
constexpr sql_field message_fields[] = {{{"id", kind::uuid}, "id"}, {{"parent_id", kind::uuid}, "parent_id"}, {{"role", kind::text}, "role"},
                                        {{"content", kind::text}, "content"}, {{"state", kind::text}, "state"},
                                        {{"created_at", kind::time}, "created_at"}, {{"depth", kind::number}, "depth"}};
constexpr sql_field memory_fields[] = {{{"id", kind::uuid}, "id"}, {{"character_id", kind::uuid}, "character_id"},
                                       {{"kind", kind::text}, "kind"}, {{"text", kind::text}, "text"},
                                       {{"valid_from", kind::time}, "valid_from"}, {{"valid_to", kind::time}, "valid_to"},
                                       {{"recorded_at", kind::time}, "recorded_at"}};

// A macro, as only literals join at compile time.
#define REVERIE_TIMES ", (extract(epoch FROM created_at) * 1000)::bigint, (extract(epoch FROM updated_at) * 1000)::bigint"

std::vector<list_field> fields_of(const list_source& source) {
  std::vector<list_field> all;
  for (const auto& each : source.fields) all.push_back(each.field);
  return all;
}

std::vector<std::string> texts_in(std::string_view json) { return nlohmann::json::parse(json).get<std::vector<std::string>>(); }

} // namespace

constinit const list_source users_list{"reverie.users", "id, email, name, array_to_json(roles)" REVERIE_TIMES, user_fields, "created_at", false};
constinit const list_source characters_list{
    "reverie.characters", "id, owner_id, name, tagline, greeting, array_to_json(tags), version, media_type = 'image/png'" REVERIE_TIMES,
    character_fields, "created_at", false};
constinit const list_source conversations_list{
    "reverie.conversations", "id, user_id, character_id, title, state, last_position" REVERIE_TIMES, conversation_fields, "updated_at", true};
constinit const list_source messages_list{
    "reverie.messages",
    "id, conversation_id, parent_id, role, content, state, position" REVERIE_TIMES
    ", (SELECT array_to_json(array_agg(s.id ORDER BY s.created_at, s.id)) FROM reverie.message_nodes s "
    "WHERE s.conversation_id = messages.conversation_id AND s.on_branch IN (true, false) AND s.depth = messages.depth "
    "AND s.parent_id IS NOT DISTINCT FROM messages.parent_id AND s.role = messages.role AND s.state <> 'generating')",
    message_fields, "depth", false};
constinit const list_source memories_list{
    "reverie.memory_documents",
    "id, character_id, text, kind, conversation_id, message_id, (extract(epoch FROM valid_from) * 1000)::bigint, "
    "(extract(epoch FROM valid_to) * 1000)::bigint, (extract(epoch FROM recorded_at) * 1000)::bigint",
    memory_fields, "recorded_at", true};

user_row user_in(const result& rows, std::size_t line) {
  return {{rows.uuid(line, 0)}, std::string(rows.text(line, 1)), std::string(rows.text(line, 2)), texts_in(rows.text(line, 3)),
          rows.time(line, 4), rows.time(line, 5)};
}

character_row character_in(const result& rows, std::size_t line) {
  character_row made;
  made.id = {rows.uuid(line, 0)};
  if (!rows.is_null(line, 1)) made.owner = events::user_id{rows.uuid(line, 1)};
  made.name = rows.text(line, 2);
  made.tagline = rows.text(line, 3);
  made.greeting = rows.text(line, 4);
  made.tags = texts_in(rows.text(line, 5));
  made.version = static_cast<std::uint32_t>(rows.integer(line, 6));
  made.has_picture = rows.boolean(line, 7);
  made.created_at = rows.time(line, 8);
  made.updated_at = rows.time(line, 9);
  return made;
}

conversation_row conversation_in(const result& rows, std::size_t line) {
  return {{rows.uuid(line, 0)}, {rows.uuid(line, 1)}, {rows.uuid(line, 2)}, std::string(rows.text(line, 3)), rows.text(line, 4) == "open",
          events::parse_entity_position(rows.text(line, 5)).value_or(events::entity_position{}), rows.time(line, 6), rows.time(line, 7)};
}

message_row message_in(const result& rows, std::size_t line) {
  message_row made;
  made.id = {rows.uuid(line, 0)};
  made.conversation = {rows.uuid(line, 1)};
  if (!rows.is_null(line, 2)) made.parent = events::message_id{rows.uuid(line, 2)};
  made.role = rows.text(line, 3);
  made.content = rows.text(line, 4);
  made.state = rows.text(line, 5);
  made.position = events::parse_entity_position(rows.text(line, 6)).value_or(events::entity_position{});
  made.created_at = rows.time(line, 7);
  if (rows.is_null(line, 9)) return made;
  for (const auto& each : texts_in(rows.text(line, 9))) made.siblings.push_back({events::parse_uuid(each).value_or(events::uuid{})});
  return made;
}

memory_row memory_in(const result& rows, std::size_t line) {
  return {{rows.uuid(line, 0)}, {rows.uuid(line, 1)}, std::string(rows.text(line, 2)), std::string(rows.text(line, 3)), 0,
          rows.optional_time(line, 6), rows.optional_time(line, 7), rows.time(line, 8), {{{rows.uuid(line, 4)}, {rows.uuid(line, 5)}}}};
}

std::vector<list_field> character_list_fields() { return fields_of(characters_list); }
std::vector<list_field> conversation_list_fields() { return fields_of(conversations_list); }
std::vector<list_field> message_list_fields() { return fields_of(messages_list); }
std::vector<list_field> memory_list_fields() { return fields_of(memories_list); }

} // namespace reverie::projections
