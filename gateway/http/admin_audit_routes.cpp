#include "gateway/http/admin_api.hpp"
#include "gateway/http/rest_api.hpp"

#include "gateway/bridge/operator_limits.hpp"
#include "gateway/wire/csv.hpp"

#include <charconv>

namespace reverie::gateway {

namespace {

constexpr std::size_t csv_page = 1'000;

result<audit_filter> filter_of(const http_request& request) {
  audit_filter which{.actor = text_of(request, "actor"), .action = text_of(request, "action"), .text = text_of(request, "q")};
  for (const auto* each : {&which.actor, &which.action, &which.text})
    if (each->size() > 254) return std::unexpected(validation_error("This is too long to look for.", "q"));
  for (auto [name, into] : {std::pair{"since", &which.since}, std::pair{"until", &which.until}}) {
    const auto time = time_of(request, name);
    if (!time) return std::unexpected(time.error());
    *into = *time;
  }
  return which;
}

document entry_document(const audit_entry& each) {
  return {{"id", events::to_string(each.id)}, {"at", events::format_rfc3339(each.at)},
          {"actor", {{"id", events::to_string(each.actor)}, {"email", each.actor_email}}}, {"action", each.action}, {"subject", each.subject},
          {"privacy", each.privacy ? document(std::string(name_of(*each.privacy))) : document(nullptr)},
          {"reason", each.reason.empty() ? document(nullptr) : document(each.reason)}, {"outcome", each.outcome}, {"detail", each.detail},
          {"request_id", each.request_id}, {"address", each.address}};
}

std::string csv_line(const audit_entry& each) {
  return csv_row({events::to_string(each.id), events::format_rfc3339(each.at), events::to_string(each.actor), each.actor_email, each.action, each.subject,
                  each.privacy ? std::string(name_of(*each.privacy)) : std::string(), each.reason, each.outcome, each.detail.dump(), each.request_id, each.address});
}

} // namespace

void admin_api::add_audit_routes(std::vector<route>& routes) {
  add_list(routes, "/audit", "What operators did and read, newest first", {"actor", "action", "since", "until", "q"}, &admin_api::audit);
  add(routes, {.method = "GET", .pattern = "/audit.csv", .summary = "The same as CSV (RFC 4180)", .query = {"actor", "action", "since", "until", "q"}}, &admin_api::audit_csv);
}

task<http_response> admin_api::audit(http_request& request) {
  auto which = filter_of(request);
  if (!which) co_return refused(request, which.error());
  const auto size = page_size_of(request);
  if (!size) co_return refused(request, size.error());
  const auto from = number_of(request, "cursor");
  if (!from) co_return refused(request, validation_error("This is not a cursor.", "cursor"));
  if (auto there = present(operators_.audit); !there) co_return refused(request, there.error());
  co_return co_await show(request, [this, which = std::move(*which), from = *from, size = *size]() -> result<document> {
    auto page = operators_.audit->list(which, from, size);
    if (!page) return std::unexpected(error_of(page.error()));
    auto items = document::array();
    for (const auto& each : page->items) items.push_back(entry_document(each));
    return page_document(std::move(items), page->next ? std::to_string(*page->next) : "", page->total);
  });
}

/// At most so many rows as the limit says, the newest; how many there are in all stands in `X-Total-Count`.
task<http_response> admin_api::audit_csv(http_request& request) {
  auto which = filter_of(request);
  if (!which) co_return refused(request, which.error());
  if (auto there = present(operators_.audit); !there) co_return refused(request, there.error());
  auto entry = entry_of(request, "audit.export", "audit");
  auto table = co_await ask([this, which = std::move(*which), entry = std::move(entry)]() mutable -> result<document> {
    entry.outcome = "done";
    if (auto kept = write_down(std::move(entry)); !kept) return std::unexpected(kept.error());
    std::string text = csv_row({"id", "at", "actor_id", "actor_email", "action", "subject", "privacy", "reason", "outcome", "detail", "request_id", "address"});
    std::optional<std::uint64_t> from;
    std::uint64_t total = 0;
    for (std::size_t rows = 0; rows < operator_limits::audit_csv_rows;) {
      auto page = operators_.audit->list(which, from, csv_page);
      if (!page) return std::unexpected(error_of(page.error()));
      total = page->total;
      for (const auto& each : page->items) text += csv_line(each);
      rows += page->items.size();
      if (!(from = page->next)) break;
    }
    return document{{"text", std::move(text)}, {"total", total}};
  });
  if (!table) co_return refused(request, table.error());
  http_response response;
  response.media_type = "text/csv; charset=utf-8; header=present";
  response.body = (*table)["text"].get<std::string>();
  response.headers = {{"Content-Disposition", "attachment; filename=\"audit.csv\""}, {"Cache-Control", "no-store"}, {"X-Total-Count", std::to_string((*table)["total"].get<std::uint64_t>())}};
  co_return response;
}

} // namespace reverie::gateway
