#include "projections/fold/conversations_fold.hpp"

#include "projections/fold/title.hpp"

#include <algorithm>

namespace reverie::projections {
namespace {

namespace happened = events::session;
enum : std::size_t { id, user_id, character_id, title, title_message_id, state, last_offset, last_sequence, created_at, updated_at };
constexpr column columns[] = {{"id", column_type::uuid},         {"user_id", column_type::uuid},
                              {"character_id", column_type::uuid}, {"title", column_type::text},
                              {"title_message_id", column_type::uuid}, {"state", column_type::text},
                              {"last_offset", column_type::integer}, {"last_sequence", column_type::integer},
                              {"created_at", column_type::time},
                              {"updated_at", column_type::time}};
constexpr table conversations{"conversations", columns};
constexpr const table* tables_of_conversations[] = {&conversations};

void entitle(const events::uuid& self, events::message_id message, std::string_view content, row_store& rows) {
  rows.update(conversations, self, {{title, title_of(content)}, {title_message_id, message.value}});
}

} // namespace

std::span<const table* const> conversations_fold::tables() const { return tables_of_conversations; }

bool conversations_fold::wants(const events::event& any) const { return events::number_of(any) / 100 == 2; }

void conversations_fold::expect(const events::recorded_event& one, row_store& rows) const {
  if (!std::holds_alternative<happened::opened>(one.payload)) rows.expect(conversations, one.context.entity.entity.id);
}

void conversations_fold::apply(const events::recorded_event& one, row_store& rows) const {
  const auto& self = one.context.entity.entity.id;
  const auto at = one.context.at;
  const auto place = static_cast<std::int64_t>(one.context.position.offset.value);
  const auto sequence = static_cast<std::int64_t>(one.context.sequence.value);
  if (const auto* fresh = std::get_if<happened::opened>(&one.payload)) {
    rows.insert(conversations, {self, fresh->user.value, fresh->character.value, std::string{}, std::monostate{}, std::string("open"), place, sequence, at, at});
    return;
  }
  const auto* now = rows.find(conversations, self);
  if (now == nullptr) throw fold_failure("the conversation was never opened");
  const auto titled_by = (*now)[title_message_id];
  const auto entitled_by = [&](const events::message_id& message) { return titled_by == value(message.value); };
  if (const auto* sent = std::get_if<happened::message_sent>(&one.payload)) {
    if (std::holds_alternative<std::monostate>(titled_by)) entitle(self, sent->message, sent->content, rows);
  } else if (const auto* edited = std::get_if<happened::message_edited>(&one.payload)) {
    if (entitled_by(edited->replaces)) entitle(self, edited->message, edited->content, rows);
  } else if (const auto* deleted = std::get_if<happened::message_deleted>(&one.payload)) {
    if (std::ranges::any_of(deleted->removed, entitled_by))
      rows.update(conversations, self, {{title, std::string{}}, {title_message_id, std::monostate{}}});
  } else if (std::holds_alternative<happened::closed>(one.payload)) {
    rows.update(conversations, self, {{state, std::string("closed")}});
  }
  rows.update(conversations, self, {{last_offset, place}, {last_sequence, sequence}, {updated_at, at}});
}

} // namespace reverie::projections
