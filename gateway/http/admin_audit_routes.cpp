#include "gateway/http/admin_api.hpp"
#include "gateway/http/rest_api.hpp"

#include "gateway/bridge/operator_limits.hpp"
#include "gateway/wire/csv.hpp"

#include <algorithm>

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

/// The last row of a table that is not all there is.
std::string cut_line(std::uint64_t rows, std::uint64_t total, std::uint64_t next) {
  std::vector<std::string> cells(12);
  cells[0] = "truncated";
  cells[1] = "only " + std::to_string(rows) + " entries of " + std::to_string(total) + ": the next table is that with cursor=" + std::to_string(next);
  return csv_row(cells);
}

} // namespace

void admin_api::add_audit_routes(std::vector<route>& routes) {
  add_list(routes, "/audit", "What operators did and read, newest first", {"actor", "action", "since", "until", "q"}, &admin_api::audit);
  add(routes, {.method = "GET", .pattern = "/audit.csv", .summary = "The same as CSV (RFC 4180)", .query = {"actor", "action", "since", "until", "q", "cursor", "rows"}}, &admin_api::audit_csv);
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

/// At most so many rows as were asked for, or as the limit says, the newest; how many there are in all stands in `X-Total-Count`. One that is cut says so in its
/// last row and its headers, with where to go on.
task<http_response> admin_api::audit_csv(http_request& request) {
  auto which = filter_of(request);
  if (!which) co_return refused(request, which.error());
  const auto begin = number_of(request, "cursor");
  if (!begin) co_return refused(request, validation_error("This is not a cursor.", "cursor"));
  const auto asked = number_of(request, "rows");
  if (!asked || (*asked && (**asked == 0 || **asked > operator_limits::audit_csv_rows)))
    co_return refused(request, validation_error("rows is a number from 1 to " + std::to_string(operator_limits::audit_csv_rows) + ".", "rows"));
  if (auto there = present(operators_.audit); !there) co_return refused(request, there.error());
  auto entry = entry_of(request, "audit.export", "audit");
  auto table = co_await ask([this, which = std::move(*which), from = *begin, most = asked->value_or(operator_limits::audit_csv_rows), entry = std::move(entry)]() mutable -> result<document> {
    entry.outcome = "done";
    if (auto kept = write_down(std::move(entry)); !kept) return std::unexpected(kept.error());
    std::string text = csv_row({"id", "at", "actor_id", "actor_email", "action", "subject", "privacy", "reason", "outcome", "detail", "request_id", "address"});
    std::uint64_t total = 0;
    std::uint64_t rows = 0;
    while (rows < most) {
      auto page = operators_.audit->list(which, from, std::min<std::size_t>(csv_page, most - rows));
      if (!page) return std::unexpected(error_of(page.error()));
      total = page->total.value_or(total);
      which.counted = false; // once is enough
      for (const auto& each : page->items) text += csv_line(each);
      rows += page->items.size();
      if (!(from = page->next)) break;
    }
    if (from) text += cut_line(rows, total, *from);
    return document{{"text", std::move(text)}, {"total", total}, {"next", from ? document(std::to_string(*from)) : document(nullptr)}};
  });
  if (!table) co_return refused(request, table.error());
  http_response response;
  response.media_type = "text/csv; charset=utf-8; header=present";
  response.body = (*table)["text"].get<std::string>();
  response.headers = {{"Content-Disposition", "attachment; filename=\"audit.csv\""}, {"Cache-Control", "no-store"}, {"X-Total-Count", std::to_string((*table)["total"].get<std::uint64_t>())}};
  if (const auto& next = (*table)["next"]; next.is_string()) {
    response.headers.emplace_back("X-Truncated", "true");
    response.headers.emplace_back("X-Next-Cursor", next.get<std::string>());
  }
  co_return response;
}

} // namespace reverie::gateway
