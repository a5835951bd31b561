#include "ops/operator/resumption_trail.hpp"

#include "gateway/bridge/fresh_ids.hpp"

namespace reverie::ops {

using events::outcome;
using gateway::audit_entry;

namespace {

constexpr std::size_t entries_looked_at = 200;
constexpr std::string_view server_name = "server";

/// A rebuild of several is one entry, with commas between their names.
bool is_about(const std::string& subject, const std::string& projection) {
  return (", " + subject + ",").contains(", " + projection + ",");
}

/// Somebody else was faster: it goes on, or is at its end, without this one.
bool is_with_another(const events::failure& why) {
  return why.code == events::failure_code::locked || why.code == events::failure_code::not_found;
}

} // namespace

std::string resumption_trail::wanted_by(const std::string& projection) {
  const auto looked = audit_.list({.actor = "", .action = "projection.rebuild", .text = projection, .since = {}, .until = {}, .counted = false}, std::nullopt, entries_looked_at);
  if (!looked) return {};
  for (const auto& each : looked->items)
    if (each.action == "projection.rebuild" && each.outcome == "begun" && each.actor_email != server_name && is_about(each.subject, projection))
      return each.actor_email + " at " + events::format_rfc3339(each.at);
  return {};
}

outcome<audit_entry> resumption_trail::begin(const std::string& projection) {
  const auto who = wanted_by(projection);
  audit_entry entry{.id = {}, .at = now_(), .actor = {}, .actor_email = std::string(server_name), .action = "projection.rebuild", .subject = projection, .privacy = std::nullopt,
                    .reason = "resumed after an interruption; begun by " + (who.empty() ? std::string("somebody the trail does not know") : who), .outcome = "begun",
                    .detail = {{"resumed", true}}, .request_id = {}, .address = node_};
  entry.id = gateway::fresh_uuid(entry.at);
  entry.request_id = events::to_string(entry.id);
  if (auto kept = audit_.append(entry); !kept) {
    write_line_("warn", "an interrupted rebuild is not gone on with: the audit trail can't be written", {{"projection", projection}, {"why", kept.error().message}});
    return std::unexpected(kept.error());
  }
  write_line_("info", "goes on with an interrupted rebuild", {{"projection", projection}, {"begun_by", who.empty() ? "unknown" : who}});
  return entry;
}

void resumption_trail::end(audit_entry entry, const outcome<projections::rebuild_report>& how) {
  entry.at = now_();
  entry.id = gateway::fresh_uuid(entry.at);
  entry.outcome = how ? "done" : is_with_another(how.error()) ? "refused" : "failed";
  if (how) {
    const auto& made = how->projections.front();
    entry.detail["version"] = made.new_version;
    entry.detail["switched"] = made.switched;
    if (!how->held_back.empty()) entry.detail["held_back"] = how->held_back;
    write_line_("info", "an interrupted rebuild that was gone on with is done",
                {{"projection", entry.subject}, {"version", std::to_string(made.new_version)}, {"switched", made.switched ? "true" : "false"}, {"held_back", how->held_back}});
  } else {
    entry.detail["why"] = how.error().message;
    if (is_with_another(how.error())) write_line_("info", "an interrupted rebuild is gone on with elsewhere, or has ended", {{"projection", entry.subject}, {"why", how.error().message}});
    else write_line_("warn", "an interrupted rebuild that was gone on with did not end", {{"projection", entry.subject}, {"why", how.error().message}});
  }
  if (auto kept = audit_.append(entry); !kept)
    write_line_("warn", "how a rebuild ended is not in the audit trail", {{"projection", entry.subject}, {"why", kept.error().message}});
}

} // namespace reverie::ops
