#pragma once

#include "ops/cli/exit_codes.hpp"
#include "ops/cli/invocation.hpp"
#include "ops/server/settings.hpp"
#include "projections/postgres/connection.hpp"

namespace reverie::ops {

/// `dead-letters edit`: shows what the rule makes of the event and whether it fits then, asks, keeps it and folds the entity's letters.
exit_code edit_letter(const settings& given, const letters_options& how, bool json, bool yes);
/// `dead-letters rules`: never the values they set.
exit_code list_rules(projections::connection& database, const letters_options& how, bool json);

} // namespace reverie::ops
