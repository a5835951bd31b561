#pragma once

#include "projections/runner/dead_letters.hpp"

#include <cstdint>
#include <vector>

/// What a command that can't be undone will touch, said on standard error before anybody is asked, so that standard output holds the result alone.
namespace reverie::ops {

/// Of `rebuild --drop-old`: the versions that go, with their rows (an estimate of the database's).
events::outcome<void> tell_older_versions(projections::connection& database, const std::vector<const projections::fold*>& which);
/// Of `rebuild --cancel`: what the rebuilds have made. `locked` when none of them is under way.
events::outcome<void> tell_begun_rebuilds(projections::connection& database, const std::vector<const projections::fold*>& which);
/// Of `dead-letters discard`: how many events of how many entities, the first of them one by one.
events::outcome<void> tell_letters(projections::connection& database, const projections::letter_choice& which);
/// Of `dead-letters retire-rule`: what the rule is for. `not_found` when there is none.
events::outcome<void> tell_rule(projections::connection& database, std::int64_t number);
/// Of `vectors drop`: the model and how many vectors. `not_found` when there is none.
events::outcome<void> tell_vectors(projections::connection& database, std::uint32_t number);

} // namespace reverie::ops
