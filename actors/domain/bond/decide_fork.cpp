#include "actors/domain/bond/decide_fork.hpp"

#include "actors/domain/sorted_ids.hpp"

#include <algorithm>

namespace reverie::actors::bond {
namespace {

bool has_all(const state& now, const events::bond::forked& copy) {
  return std::ranges::all_of(copy.facts, [&](const auto& each) { return now.facts.contains(each.memory) || contains_id(now.forgotten, each.memory); });
}

} // namespace

decision decide_one(const state& now, const fork& asked, const decision_context& context) {
  const auto& copy = asked.copy;
  if (!context.caller.is_nil()) return reject(rejection_code::permission_denied, "Only an operator forks a bond.");
  if (context.self.entity.kind != events::entity_kind::forked_bond || copy.bond.value != context.self.entity.id ||
      copy.user.value != context.self.slice_key || copy.bond != events::forked_bond_of(copy.session))
    return reject(rejection_code::validation_error, "A forked bond belongs to one forked conversation of the same person.", "bond_id");
  if (!now.user.is_nil()) {
    if (now.user != copy.user || now.character != copy.character) return reject(rejection_code::conflict, "This bond is a copy of something else.", "bond_id");
    if (has_all(now, copy)) return accepted{{}, copy.bond.value};
  }
  if (copy.user.is_nil() || copy.character.is_nil() || copy.origin.is_nil())
    return reject(rejection_code::validation_error, "A forked bond needs the bond it is a copy of.", "origin_id");
  return accepted{{copy}, copy.bond.value};
}

} // namespace reverie::actors::bond
