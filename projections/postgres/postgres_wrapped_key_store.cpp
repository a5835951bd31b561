#include "projections/postgres/postgres_wrapped_key_store.hpp"

namespace reverie::projections {

outcome<std::optional<events::wrapped_key_row>> postgres_wrapped_key_store::load(events::user_id person) {
  const auto rows = pool_.run("SELECT erased, wrapped FROM vault.data_keys WHERE user_id = $1", {to_string(person)});
  if (!rows) return std::unexpected(rows.error());
  if (rows->rows() == 0) return std::optional<events::wrapped_key_row>{};
  return std::optional(events::wrapped_key_row{rows->boolean(0, 0), std::string(rows->text(0, 1))});
}

outcome<events::wrapped_key_row> postgres_wrapped_key_store::store(events::user_id person, const std::string& wrapped) {
  const auto done = pool_.run("INSERT INTO vault.data_keys (user_id, wrapped) VALUES ($1, $2) ON CONFLICT (user_id) DO NOTHING", {to_string(person), wrapped});
  if (!done) return std::unexpected(done.error());
  auto now = load(person);
  if (!now) return std::unexpected(now.error());
  if (!*now) return events::fail(failure_code::unavailable, "the data key was swept while it was stored");
  return **now;
}

outcome<void> postgres_wrapped_key_store::destroy(events::user_id person) {
  const auto done = pool_.run("INSERT INTO vault.data_keys (user_id, wrapped, erased) VALUES ($1, '', true) "
                              "ON CONFLICT (user_id) DO UPDATE SET wrapped = '', erased = true",
                              {to_string(person)});
  if (!done) return std::unexpected(done.error());
  return {};
}

} // namespace reverie::projections
