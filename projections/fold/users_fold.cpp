#include "projections/fold/users_fold.hpp"

namespace reverie::projections {
namespace {

namespace happened = events::user;
enum : std::size_t { id, email, shown_name, roles, created_at, updated_at };
constexpr column columns[] = {{"id", column_type::uuid},         {"email", column_type::text},      {"name", column_type::text},
                              {"roles", column_type::text_list}, {"created_at", column_type::time}, {"updated_at", column_type::time}};
constexpr table users{"users", columns};
constexpr const table* tables_of_users[] = {&users};

} // namespace

std::span<const table* const> users_fold::tables() const { return tables_of_users; }

bool users_fold::wants(const events::event& any) const {
  return std::holds_alternative<happened::registered>(any) || std::holds_alternative<happened::profile_changed>(any) ||
         std::holds_alternative<happened::roles_changed>(any);
}

void users_fold::expect(const events::recorded_event& one, row_store& rows) const { rows.expect(users, one.context.entity.entity.id); }

void users_fold::apply(const events::recorded_event& one, row_store& rows) const {
  const auto& self = one.context.entity.entity.id;
  const auto at = one.context.at;
  if (const auto* fresh = std::get_if<happened::registered>(&one.payload))
    rows.insert(users, {fresh->user.value, fresh->email, fresh->display_name, fresh->roles, at, at});
  else if (const auto* renamed = std::get_if<happened::profile_changed>(&one.payload))
    rows.update(users, self, {{shown_name, renamed->display_name}, {updated_at, at}});
  else if (const auto* changed = std::get_if<happened::roles_changed>(&one.payload))
    rows.update(users, self, {{roles, changed->roles}, {updated_at, at}});
}

} // namespace reverie::projections
