#pragma once

#include "projections/fold/fold.hpp"
#include "projections/postgres/connection.hpp"

namespace reverie::projections {

/// What becomes of an instance of a projection.
enum class version_state : std::uint8_t {
  building, ///< a rebuild fills it
  ready,    ///< filled, waits to be switched to
  followed, ///< runners keep it up to date: it serves, or has served and can again
};

/// One instance of a projection: tables in a schema of their own, with positions of their own.
struct projection_version {
  std::string projection;
  std::uint32_t number = 1;       ///< its schema is `<projection>_v<number>`
  std::uint32_t fold_version = 1; ///< of the fold that fills it
  std::string schema;
  std::string checksum; ///< of the template it was made from
  bool serving = false;
  version_state state = version_state::followed;
  bool switched = false; ///< was switched to at some time

  /// Whether this build can fold for it.
  bool is_of(const fold& with) const { return projection == with.name() && fold_version == with.version(); }
};

/// All instances, and a number that grows with each change of what is followed or serves.
struct version_catalogue {
  std::int64_t generation = 0;
  std::vector<projection_version> versions; ///< by projection and number

  const projection_version* serving(std::string_view projection) const;
  /// The followed one to fall back to: the last that served before. Null when there is none.
  const projection_version* previous(std::string_view projection) const;
  /// The newest that a rebuild has begun and that was not switched to.
  const projection_version* begun(std::string_view projection) const;
};

outcome<version_catalogue> read_catalogue(connection& database);

/// The serving instance; `not_found` when the projection was never made.
outcome<projection_version> serving_version(connection& database, std::string_view projection);

/// Runs the work in a transaction; rolls back when it fails.
template <class Work>
outcome<void> in_transaction(connection& database, Work&& work) {
  if (auto begun = database.run_script("BEGIN"); !begun) return begun;
  if (auto done = work(); !done) {
    database.roll_back();
    return done;
  }
  return database.run_script("COMMIT");
}

/// The rest of the transaction is alone with what is followed and what serves: no position moves. To be taken before any other lock.
outcome<void> close_gate(connection& database);
/// Tells runners, when the transaction commits, that what they follow has changed.
outcome<void> note_change(connection& database);

/// Marks that somebody follows, until the connection ends; and whether anybody does.
outcome<void> mark_runner_alive(connection& database);
outcome<bool> is_runner_alive(connection& database);

/// The channel on which changes are told.
inline constexpr const char* versions_channel = "reverie_versions";

} // namespace reverie::projections
