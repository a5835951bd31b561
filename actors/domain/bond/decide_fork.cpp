#include "actors/domain/bond/decide_fork.hpp"

namespace reverie::actors::bond {

decision decide_one(const state& now, const fork& asked, const decision_context& context) {
  const auto& copy = asked.copy;
  if (!context.caller.is_nil()) return reject(rejection_code::permission_denied, "Only an operator forks a bond.");
  if (context.self.entity.kind != events::entity_kind::forked_bond || copy.bond.value != context.self.entity.id ||
      copy.user.value != context.self.slice_key || copy.bond != events::forked_bond_of(copy.session))
    return reject(rejection_code::validation_error, "A forked bond belongs to one forked conversation of the same person.", "bond_id");
  if (!now.user.is_nil()) return accepted{{}, copy.bond.value};
  if (copy.user.is_nil() || copy.character.is_nil() || copy.origin.is_nil())
    return reject(rejection_code::validation_error, "A forked bond needs the bond it is a copy of.", "origin_id");
  return accepted{{copy}, copy.bond.value};
}

} // namespace reverie::actors::bond
