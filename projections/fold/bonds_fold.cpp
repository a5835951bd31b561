#include "projections/fold/bonds_fold.hpp"

#include "projections/fold/bond_level.hpp"

#include <nlohmann/json.hpp>

namespace reverie::projections {
namespace {

namespace happened = events::bond;
enum : std::size_t { id, user_id, character_id, axes, level, created_at, updated_at };
constexpr column columns[] = {{"id", column_type::uuid},   {"user_id", column_type::uuid},    {"character_id", column_type::uuid},
                              {"axes", column_type::json}, {"level", column_type::text},      {"created_at", column_type::time},
                              {"updated_at", column_type::time}};
constexpr table bonds{"bonds", columns};

constexpr column cause_columns[] = {{"bond_id", column_type::uuid}, {"sequence", column_type::integer}, {"axis", column_type::text},
                                    {"delta", column_type::real},   {"value_after", column_type::real}, {"reason", column_type::text},
                                    {"sentence", column_type::text}, {"message_id", column_type::uuid}, {"conversation_id", column_type::uuid},
                                    {"at", column_type::time}};
constexpr table causes{"bond_causes", cause_columns, 2, true};
constexpr const table* tables_of_bonds[] = {&bonds, &causes};

void apply_affinity(const events::recorded_event& one, const happened::affinity_changed& changed, row_store& rows) {
  const auto& self = one.context.entity.entity.id;
  const auto* now = rows.find(bonds, self);
  if (now == nullptr) throw fold_failure("the bond was never opened");
  auto values = nlohmann::json::parse(std::get<json_text>((*now)[axes]).text, nullptr, false);
  if (!values.is_object()) values = nlohmann::json::object();
  values[changed.axis] = changed.value_after;
  rows.update(bonds, self, {{axes, json_text{values.dump()}}, {level, std::string(bond_level(values))}, {updated_at, one.context.at}});
  rows.insert(causes, {self, static_cast<std::int64_t>(one.context.sequence.value), changed.axis, changed.delta, changed.value_after,
                       changed.reason, changed.sentence, optional_uuid(changed.message), optional_uuid(changed.session), one.context.at});
}

} // namespace

std::span<const table* const> bonds_fold::tables() const { return tables_of_bonds; }

bool bonds_fold::wants(const events::event& any) const {
  return std::holds_alternative<happened::conversation_opened>(any) || std::holds_alternative<happened::affinity_changed>(any);
}

void bonds_fold::expect(const events::recorded_event& one, row_store& rows) const { rows.expect(bonds, one.context.entity.entity.id); }

void bonds_fold::apply(const events::recorded_event& one, row_store& rows) const {
  const auto& self = one.context.entity.entity.id;
  if (const auto* opened = std::get_if<happened::conversation_opened>(&one.payload)) {
    if (rows.find(bonds, self) != nullptr) return;
    const nlohmann::json none = nlohmann::json::object();
    rows.insert(bonds, {self, opened->user.value, opened->character.value, json_text{"{}"}, std::string(bond_level(none)), one.context.at,
                        one.context.at});
  } else if (const auto* changed = std::get_if<happened::affinity_changed>(&one.payload)) {
    apply_affinity(one, *changed, rows);
  }
}

} // namespace reverie::projections
