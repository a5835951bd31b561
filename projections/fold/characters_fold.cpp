#include "projections/fold/characters_fold.hpp"

#include "projections/fold/base64.hpp"

namespace reverie::projections {
namespace {

namespace happened = events::character;
enum : std::size_t { id, owner_id, published, name, tagline, greeting, tags, version, media_type, card_spec, created_at, updated_at };
constexpr column columns[] = {{"id", column_type::uuid},         {"owner_id", column_type::uuid},    {"published", column_type::boolean},
                              {"name", column_type::text},       {"tagline", column_type::text},     {"greeting", column_type::text},
                              {"tags", column_type::text_list},  {"version", column_type::integer},  {"media_type", column_type::text},
                              {"card_spec", column_type::text},  {"created_at", column_type::time},  {"updated_at", column_type::time}};
constexpr table characters{"characters", columns};

enum : std::size_t { card_id, card_media_type, card_bytes };
constexpr column card_columns[] = {{"id", column_type::uuid}, {"media_type", column_type::text}, {"card", column_type::bytes}};
constexpr table cards{"character_cards", card_columns};
constexpr const table* tables_of_characters[] = {&characters, &cards};

bytes_text bytes_of(const std::string& base64) {
  auto bytes = decode_base64(base64);
  if (!bytes) throw fold_failure("the card is not base64");
  return {std::move(*bytes)};
}

void apply_created(const events::recorded_event& one, const happened::created& fresh, row_store& rows) {
  const auto at = one.context.at;
  const auto& self = fresh.character.value;
  rows.insert(cards, {self, fresh.media_type, bytes_of(fresh.card_base64)});
  rows.insert(characters, {self, optional_uuid(fresh.owner), fresh.published, fresh.profile.name, fresh.profile.tagline,
                           fresh.profile.first_message, fresh.profile.tags, std::int64_t{1}, fresh.media_type, fresh.card_spec, at, at});
}

void apply_replaced(const events::recorded_event& one, const happened::card_replaced& newer, row_store& rows) {
  const auto& self = one.context.entity.entity.id;
  rows.update(cards, self, {{card_media_type, newer.media_type}, {card_bytes, bytes_of(newer.card_base64)}});
  rows.update(characters, self,
              {{name, newer.profile.name}, {tagline, newer.profile.tagline}, {greeting, newer.profile.first_message},
               {tags, newer.profile.tags}, {version, std::int64_t{newer.card_version}}, {media_type, newer.media_type},
               {card_spec, newer.card_spec}, {updated_at, one.context.at}});
}

} // namespace

std::span<const table* const> characters_fold::tables() const { return tables_of_characters; }

bool characters_fold::wants(const events::event& any) const {
  return std::holds_alternative<happened::created>(any) || std::holds_alternative<happened::card_replaced>(any) ||
         std::holds_alternative<happened::deleted>(any);
}

void characters_fold::expect(const events::recorded_event& one, row_store& rows) const {
  if (std::holds_alternative<happened::created>(one.payload)) return;
  rows.expect(characters, one.context.entity.entity.id);
  rows.expect(cards, one.context.entity.entity.id);
}

void characters_fold::apply(const events::recorded_event& one, row_store& rows) const {
  if (const auto* fresh = std::get_if<happened::created>(&one.payload)) {
    apply_created(one, *fresh, rows);
  } else if (const auto* newer = std::get_if<happened::card_replaced>(&one.payload)) {
    apply_replaced(one, *newer, rows);
  } else if (std::holds_alternative<happened::deleted>(one.payload)) {
    rows.erase(characters, one.context.entity.entity.id);
    rows.erase(cards, one.context.entity.entity.id);
  }
}

} // namespace reverie::projections
