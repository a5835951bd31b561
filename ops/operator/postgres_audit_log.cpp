#include "ops/operator/postgres_audit_log.hpp"

namespace reverie::ops {

using events::outcome;
using gateway::audit_entry;
using gateway::audit_filter;
using gateway::audit_page;
using projections::sql_params;

namespace {

/// `%`, `_` and `\` of a text that is looked for stand for themselves.
std::string like_text(std::string_view text) {
  std::string out;
  for (char each : text) {
    if (each == '%' || each == '_' || each == '\\') out += '\\';
    out += each;
  }
  return out;
}

std::string conditions_of(const audit_filter& which, sql_params& params) {
  std::string sql = " WHERE true";
  const auto parameter = [&](std::string value) {
    params.emplace_back(std::move(value));
    return "$" + std::to_string(params.size());
  };
  if (events::parse_uuid(which.actor)) sql += " AND actor_id = " + parameter(which.actor) + "::uuid";
  else if (!which.actor.empty()) sql += " AND actor_email ILIKE " + parameter("%" + like_text(which.actor) + "%");
  if (!which.action.empty()) sql += " AND action LIKE " + parameter(like_text(which.action) + "%");
  if (!which.text.empty()) {
    const auto text = parameter("%" + like_text(which.text) + "%");
    sql += " AND (subject ILIKE " + text + " OR reason ILIKE " + text + " OR action ILIKE " + text + ")";
  }
  if (which.since) sql += " AND at >= " + parameter(events::format_rfc3339(*which.since)) + "::timestamptz";
  if (which.until) sql += " AND at < " + parameter(events::format_rfc3339(*which.until)) + "::timestamptz";
  return sql;
}

audit_entry entry_in(const projections::result& rows, std::size_t line) {
  const auto text = [&](std::size_t column) { return std::string(rows.text(line, column)); };
  audit_entry made{.id = rows.uuid(line, 1), .at = rows.time(line, 2), .actor = {rows.uuid(line, 3)}, .actor_email = text(4), .action = text(5),
                   .subject = text(6), .privacy = gateway::parse_privacy(rows.text(line, 7)), .reason = text(8), .outcome = text(9), .request_id = text(11),
                   .address = text(12)};
  made.detail = gateway::document::parse(rows.text(line, 10), nullptr, false);
  return made;
}

} // namespace

outcome<void> postgres_audit_log::append(const audit_entry& entry) {
  const auto privacy = entry.privacy ? std::optional(std::string(name_of(*entry.privacy))) : std::nullopt;
  const auto kept = pool_.run("INSERT INTO audit.entries (id, at, actor_id, actor_email, action, subject, privacy, reason, outcome, detail, request_id, address) "
                              "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                              {events::to_string(entry.id), events::format_rfc3339(entry.at), events::to_string(entry.actor), entry.actor_email, entry.action,
                               entry.subject, privacy, entry.reason, entry.outcome, entry.detail.dump(-1, ' ', false, gateway::document::error_handler_t::replace),
                               entry.request_id, entry.address});
  if (!kept) return std::unexpected(kept.error());
  return {};
}

outcome<audit_page> postgres_audit_log::list(const audit_filter& which, std::optional<std::uint64_t> from, std::size_t entries_max) {
  sql_params params;
  const auto conditions = conditions_of(which, params);
  audit_page page;
  if (which.counted) {
    const auto counted = pool_.run("SELECT count(*) FROM audit.entries" + conditions, params);
    if (!counted) return std::unexpected(counted.error());
    page.total = static_cast<std::uint64_t>(counted->integer(0, 0));
  }
  std::string place;
  if (from) {
    params.emplace_back(std::to_string(*from));
    place = " AND number <= $" + std::to_string(params.size());
  }
  params.emplace_back(std::to_string(entries_max + 1));
  const auto rows = pool_.run("SELECT number, id, " + projections::as_milliseconds("at") + ", actor_id, actor_email, action, subject, privacy, reason, outcome, "
                              "detail, request_id, address FROM audit.entries" + conditions + place + " ORDER BY number DESC LIMIT $" +
                                  std::to_string(params.size()), params);
  if (!rows) return std::unexpected(rows.error());
  for (std::size_t i = 0; i < std::min(rows->rows(), entries_max); ++i) page.items.push_back(entry_in(*rows, i));
  if (rows->rows() > entries_max) page.next = static_cast<std::uint64_t>(rows->integer(entries_max, 0));
  return page;
}

} // namespace reverie::ops
