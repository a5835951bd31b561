#include "gateway/http/resource_json.hpp"

#include "gateway/wire/json_object.hpp"

namespace reverie::gateway {

using namespace projections;

std::string to_json(const user_row& row) {
  std::string out;
  json_object(out)
      .id("id", row.id)
      .text("email", row.email)
      .text("name", row.name)
      .texts("roles", row.roles)
      .time("created_at", row.created_at);
  return out;
}

std::string to_json(const character_row& row) {
  std::string out;
  {
    json_object object(out);
    object.id("id", row.id).text("name", row.name).text("tagline", row.tagline).text("greeting", row.greeting).texts("tags", row.tags);
    if (row.has_picture) object.text("avatar_url", "/api/v1/characters/" + events::to_string(row.id) + "/avatar");
    else object.null("avatar_url");
    object.count("version", row.version).time("created_at", row.created_at).time("updated_at", row.updated_at);
    object.id("owner_id", row.owner);
  }
  return out;
}

std::string to_json(const conversation_row& row) {
  std::string out;
  json_object(out)
      .id("id", row.id)
      .id("character_id", row.character)
      .text("title", row.title)
      .text("state", row.open ? "open" : "closed")
      .position("last_position", row.last_position)
      .time("created_at", row.created_at)
      .time("updated_at", row.updated_at);
  return out;
}

std::string to_json(const message_row& row) {
  std::string out;
  json_object(out)
      .id("id", row.id)
      .id("conversation_id", row.conversation)
      .id("parent_id", row.parent)
      .text("role", row.role)
      .text("content", row.content)
      .text("state", row.state)
      .time("created_at", row.created_at)
      .position("position", row.position)
      .ids("sibling_ids", row.siblings);
  return out;
}

std::string to_json(const memory_row& row) {
  std::string out;
  {
    json_object object(out);
    object.id("id", row.id).id("character_id", row.character).text("text", row.text).text("kind", row.kind);
    object.number("score", row.score).time("valid_from", row.valid_from).time("valid_to", row.valid_to);
    object.time("recorded_at", row.recorded_at);
    auto& list = object.key("sources");
    list.push_back('[');
    for (std::size_t i = 0; i < row.sources.size(); ++i) {
      if (i > 0) list.push_back(',');
      json_object(list).id("conversation_id", row.sources[i].conversation).id("message_id", row.sources[i].message);
    }
    list.push_back(']');
  }
  return out;
}

std::string to_json(const bond_row& row) {
  std::string out;
  {
    json_object object(out);
    object.id("character_id", row.character);
    {
      json_object axes(object.key("axes"));
      for (const auto& [name, value] : row.axes) axes.number(name, value);
    }
    object.text("level", row.level);
    auto& list = object.key("causes");
    list.push_back('[');
    for (std::size_t i = 0; i < row.causes.size(); ++i) {
      const auto& cause = row.causes[i];
      if (i > 0) list.push_back(',');
      json_object(list)
          .text("axis", cause.axis)
          .number("delta", cause.delta)
          .text("reason", cause.reason)
          .id("message_id", cause.message)
          .id("conversation_id", cause.conversation)
          .time("at", cause.at);
    }
    list.push_back(']');
  }
  return out;
}

namespace {
void write_tokens(json_object& object, const token_pair& tokens) {
  object.text("access_token", tokens.access_token).text("refresh_token", tokens.refresh_token).text("token_type", "bearer");
  object.count("expires_in", static_cast<std::uint64_t>(tokens.expires_in_s)).text("scope", tokens.scope);
}
} // namespace

std::string to_json(const token_pair& tokens) {
  std::string out;
  {
    json_object object(out);
    write_tokens(object, tokens);
  }
  return out;
}

std::string to_json(const signed_up& made) {
  std::string out;
  {
    json_object object(out);
    user_row row{made.account.user, made.account.email, made.name, made.account.roles, made.account.created_at, {}};
    object.raw("user", to_json(row));
    write_tokens(object, made.tokens);
  }
  return out;
}

memory_row row_of(const actors::recalled_memory& found) {
  memory_row row{found.memory, found.character, found.text, found.kind, found.score, found.valid_from, found.valid_to,
                 found.recorded_at, {}};
  for (const auto& source : found.sources) row.sources.push_back({found.session, source});
  return row;
}

template <class Item>
std::string to_json(const page_of<Item>& page) {
  std::string out;
  {
    json_object object(out);
    auto& list = object.key("items");
    list.push_back('[');
    for (std::size_t i = 0; i < page.items.size(); ++i) {
      if (i > 0) list.push_back(',');
      list += to_json(page.items[i]);
    }
    list.push_back(']');
    object.count("total", page.total).count("page", page.page).count("page_size", page.page_size).boolean("has_more", page.has_more);
    if (page.next_cursor.empty()) object.null("next_cursor");
    else object.text("next_cursor", page.next_cursor);
  }
  return out;
}

template std::string to_json(const page_of<character_row>&);
template std::string to_json(const page_of<conversation_row>&);
template std::string to_json(const page_of<message_row>&);
template std::string to_json(const page_of<memory_row>&);

} // namespace reverie::gateway
