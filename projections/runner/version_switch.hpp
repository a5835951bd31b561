#pragma once

#include "projections/runner/partition_filler.hpp"

namespace reverie::projections {

/// Runs work that changes what serves in a transaction behind the closed gate, again and again while readers hold what it needs: it waits
/// for them only a moment, so that nobody waits long for it. The work answers whether it is done; false: rolled back and tried again.
outcome<void> behind_gate(connection& database, const std::function<outcome<bool>()>& work, std::stop_token stop = {});

/// Lets readers see the version that served before, at once. `unknown_version` when this build can't fold for it, `not_found` when there is
/// none, `locked` when it does not stand where the serving one stands.
outcome<projection_version> roll_back(connection& database, const fold& of);

/// Takes away all followed versions that do not serve. Answers how many.
outcome<std::size_t> drop_old(connection& database, std::string_view projection, const projection_version* but = nullptr);

} // namespace reverie::projections
