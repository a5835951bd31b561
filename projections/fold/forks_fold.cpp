#include "projections/fold/forks_fold.hpp"

namespace reverie::projections {
namespace {

namespace happened = events::session;
enum : std::size_t { id, origin_id, origin_sequence, user_id, character_id, bond_id, model, state, messages, created_at, updated_at };
constexpr column columns[] = {{"id", column_type::uuid},           {"origin_id", column_type::uuid},    {"origin_sequence", column_type::integer},
                              {"user_id", column_type::uuid},      {"character_id", column_type::uuid}, {"bond_id", column_type::uuid},
                              {"model", column_type::text},        {"state", column_type::text},        {"messages", column_type::integer},  {"created_at", column_type::time},
                              {"updated_at", column_type::time}};
constexpr table forks{"forks", columns};
constexpr const table* tables_of_forks[] = {&forks};

} // namespace

std::span<const table* const> forks_fold::tables() const { return tables_of_forks; }

bool forks_fold::wants(const events::event& any) const {
  return std::holds_alternative<happened::forked>(any) || std::holds_alternative<happened::message_sent>(any) ||
         std::holds_alternative<happened::reply_completed>(any) || std::holds_alternative<happened::closed>(any);
}

void forks_fold::expect(const events::recorded_event& one, row_store& rows) const { rows.expect(forks, one.context.entity.entity.id); }

void forks_fold::apply(const events::recorded_event& one, row_store& rows) const {
  const auto& self = one.context.entity.entity.id;
  const auto at = one.context.at;
  const auto* now = rows.find(forks, self);
  if (const auto* fresh = std::get_if<happened::forked>(&one.payload)) {
    if (now != nullptr) return; // a further part of a long copy
    rows.insert(forks, {self, fresh->origin.value, static_cast<std::int64_t>(fresh->origin_sequence.value), fresh->user.value, fresh->character.value,
                        events::forked_bond_of({self}).value, fresh->model, std::string("open"), std::int64_t{0}, at, at});
    return;
  }
  if (now == nullptr) throw fold_failure("the fork was never begun");
  if (std::holds_alternative<happened::closed>(one.payload))
    rows.update(forks, self, {{state, std::string("closed")}, {updated_at, at}});
  else
    rows.update(forks, self, {{messages, std::get<std::int64_t>((*now)[messages]) + 1}, {updated_at, at}});
}

} // namespace reverie::projections
