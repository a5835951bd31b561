#include "gateway/http/admin_api.hpp"
#include "gateway/http/rest_api.hpp"

#include "gateway/bridge/operator_limits.hpp"

namespace reverie::gateway {

namespace {

const std::vector<std::string> filters{"partition", "entity", "type", "correlation_id", "command_id", "since", "until", "direction", "privacy", "reason"};

std::string subject_of(const record_query& query) {
  if (query.entity) return events::to_string(*query.entity);
  return query.partition ? "partition/" + std::to_string(query.partition->value) : "log";
}

} // namespace

void admin_api::add_event_routes(std::vector<route>& routes) {
  add_list(routes, "/events", "Records of the log", filters, &admin_api::events_found);
  add_stream(routes, "/events/follow", "Records as they come: `event: record`", filters, &admin_api::follow, operator_limits::follow_every);
  add_read(routes, "/events/{position}", "One record", {"privacy", "reason"}, &admin_api::one_event);
}

task<http_response> admin_api::events_found(http_request& request) {
  if (auto there = present(operators_.log); !there) co_return refused(request, there.error());
  auto query = record_query_of(request);
  if (!query) co_return refused(request, query.error());
  co_return co_await show_personal(request, "events.read", subject_of(*query), [this, query = *query](privacy_mode privacy) mutable {
    query.privacy = privacy;
    return operators_.log->search(query);
  });
}

task<http_response> admin_api::one_event(http_request& request) {
  if (auto there = present(operators_.log); !there) co_return refused(request, there.error());
  const auto at = events::parse_record_position(request.path_values.front());
  if (!at) co_return refused(request, not_found_error("There is no such record."));
  co_return co_await show_personal(request, "events.read", events::to_string(*at), [this, at = *at](privacy_mode privacy) { return operators_.log->record(at, privacy); });
}

task<result<event_source>> admin_api::follow(http_request& request) {
  if (auto there = present(operators_.log); !there) co_return std::unexpected(there.error());
  auto query = record_query_of(request);
  if (!query) co_return std::unexpected(query.error());
  auto asked = privacy_of(request, operators_.full_allowed);
  if (!asked) co_return std::unexpected(asked.error());
  query->privacy = asked->mode;
  auto entry = entry_of(request, "events.follow", subject_of(*query));
  entry.privacy = asked->mode;
  entry.reason = asked->reason;
  entry.outcome = "done";
  auto feed = std::make_shared<std::unique_ptr<record_feed>>();
  auto opened = co_await ask([this, query = *query, entry = std::move(entry), feed]() -> result<document> {
    if (auto kept = write_down(entry); !kept) return std::unexpected(kept.error());
    auto made = operators_.log->follow(query);
    if (!made) return std::unexpected(made.error());
    *feed = std::move(*made);
    return document(nullptr);
  });
  if (!opened) co_return std::unexpected(opened.error());
  co_return event_source([this, feed]() -> task<result<std::string>> {
    auto text = co_await ask([feed]() -> result<document> {
      auto records = (*feed)->next(operator_limits::follow_records);
      if (!records) return std::unexpected(records.error());
      std::string out;
      for (const auto& each : *records) out += "event: record\ndata: " + each.dump(-1, ' ', false, document::error_handler_t::replace) + "\n\n";
      return document(std::move(out));
    });
    if (!text) co_return std::unexpected(text.error());
    co_return text->get<std::string>();
  });
}

} // namespace reverie::gateway
