#include "gateway/http/admin_api.hpp"

#include "gateway/bridge/fresh_ids.hpp"
#include "gateway/bridge/operator_limits.hpp"
#include "gateway/http/rest_api.hpp"
#include "gateway/wire/text_checks.hpp"

namespace reverie::gateway {

admin_api::admin_api(gateway_ports& ports, blocking_pool& operators, server_pulse& pulse)
    : ports_(ports), operators_(ports.operators), pool_(operators), pulse_(pulse) {}

std::vector<route> admin_api::routes() {
  std::vector<route> routes;
  add_overview_routes(routes);
  add_audit_routes(routes);
  add_projection_routes(routes);
  add_standing_routes(routes);
  add_letter_routes(routes);
  add_rule_routes(routes);
  add_vector_routes(routes);
  add_event_routes(routes);
  add_entity_routes(routes);
  add_people_routes(routes);
  add_effect_routes(routes);
  add_verification_routes(routes);
  add_fork_routes(routes);
  return routes;
}

void admin_api::add(std::vector<route>& routes, route description, handler member) {
  description.pattern = "/api/v1/admin" + description.pattern;
  description.access = route_access::operators;
  description.handler = [this, member](http_request& request) { return (this->*member)(request); };
  routes.push_back(std::move(description));
}

void admin_api::add_list(std::vector<route>& routes, std::string pattern, std::string summary, std::vector<std::string> query, handler member) {
  for (const char* each : {"cursor", "page_size"}) query.emplace_back(each);
  add(routes, {.method = "GET", .pattern = std::move(pattern), .summary = std::move(summary), .response_schema = "OperatorPage", .query = std::move(query)}, member);
}

void admin_api::add_read(std::vector<route>& routes, std::string pattern, std::string summary, std::vector<std::string> query, handler member) {
  add(routes, {.method = "GET", .pattern = std::move(pattern), .summary = std::move(summary), .response_schema = "OperatorView", .query = std::move(query)}, member);
}

void admin_api::add_action(std::vector<route>& routes, std::string pattern, std::string summary, handler member, int success) {
  add(routes, {.method = "POST", .pattern = std::move(pattern), .summary = std::move(summary), .request_schema = "OperatorAction",
               .response_schema = "OperatorView", .success = success, .body_types = {"application/json"}, .body_max = operator_limits::body_bytes}, member);
}

void admin_api::add_stream(std::vector<route>& routes, std::string pattern, std::string summary, std::vector<std::string> query, opener member,
                           std::chrono::milliseconds every) {
  route made{.method = "GET", .pattern = "/api/v1/admin" + std::move(pattern), .summary = std::move(summary), .access = route_access::operators, .query = std::move(query)};
  made.stream = [this, member](http_request& request) { return (this->*member)(request); };
  made.stream_every = every;
  routes.push_back(std::move(made));
}

task<result<document>> admin_api::ask(working job) {
  auto answered = co_await pool_.run([job = std::move(job)]() -> events::outcome<std::shared_ptr<result<document>>> {
    return std::make_shared<result<document>>(job());
  });
  if (!answered) co_return std::unexpected(error_of(answered.error()));
  co_return std::move(**answered);
}

task<http_response> admin_api::show(http_request& request, working job, int status) {
  auto answered = co_await ask(std::move(job));
  if (!answered) co_return refused(request, answered.error());
  co_return document_response(status, *answered);
}

audit_entry admin_api::entry_of(const http_request& request, std::string action, std::string subject) const {
  audit_entry entry;
  entry.at = ports_.now();
  entry.id = fresh_uuid(entry.at);
  entry.actor = request.who.user;
  entry.action = std::move(action);
  entry.subject = std::move(subject);
  entry.request_id = request.request_id;
  entry.address = request.address;
  return entry;
}

/// Blocks. An account that can't be asked for is no reason not to write down who it was.
std::string admin_api::email_of(events::user_id actor) {
  auto account = ports_.accounts.find(actor);
  return account && *account ? (*account)->email : std::string();
}

/// Blocks.
result<void> admin_api::write_down(audit_entry entry) {
  if (auto there = present(operators_.audit); !there) return there;
  entry.actor_email = email_of(entry.actor);
  if (auto kept = operators_.audit->append(entry); !kept)
    return std::unexpected(unavailable_error("The audit trail can't be written, so nothing is shown or done. Please try again in a moment."));
  return {};
}

task<http_response> admin_api::show_personal(http_request& request, std::string action, std::string subject, reading job, document detail) {
  auto entry = entry_of(request, std::move(action), std::move(subject));
  entry.detail = std::move(detail);
  auto asked = privacy_of(request, operators_.full_allowed);
  entry.outcome = "refused";
  if (asked) {
    entry.privacy = asked->mode;
    entry.reason = asked->reason;
  } else {
    entry.detail["why"] = asked.error().message;
    if (asked.error().status != 403) co_return refused(request, asked.error());
  }
  auto answered = co_await ask([this, entry = std::move(entry), asked = std::move(asked), job = std::move(job)]() mutable -> result<document> {
    auto read = asked ? job(asked->mode) : result<document>(std::unexpected(asked.error()));
    if (asked) entry.outcome = read ? "done" : "failed";
    if (auto kept = write_down(std::move(entry)); !kept) return std::unexpected(kept.error());
    return read;
  });
  if (!answered) co_return refused(request, answered.error());
  co_return document_response(200, *answered);
}

task<http_response> admin_api::act(http_request& request, intent what, std::function<result<document>(const action_body&)> job) {
  auto body = action_body_of(request);
  if (!body) co_return refused(request, body.error());
  auto entry = entry_of(request, what.action, what.subject);
  entry.reason = body->reason;
  entry.detail = what.detail;
  auto done = co_await ask([this, entry, body = std::move(*body), what, job = std::move(job)]() mutable -> result<document> {
    auto may = [&]() -> result<void> {
      if (what.needs_reason && is_blank(body.reason)) return std::unexpected(validation_error("Say why.", "reason"));
      if (!what.impact) return {};
      auto touched = what.impact();
      if (!touched) return std::unexpected(touched.error());
      entry.detail["touches"] = (*touched)["touches"];
      return confirmed(body, (*touched)["confirm"].get<std::string>());
    }();
    entry.outcome = may ? "begun" : "refused";
    if (!may) entry.detail["why"] = may.error().message;
    if (auto kept = write_down(entry); !kept) return std::unexpected(kept.error());
    if (!may) return std::unexpected(may.error());
    auto made = job(body);
    entry.id = fresh_uuid(ports_.now());
    entry.at = ports_.now();
    entry.outcome = !made ? "failed" : what.goes_on && what.goes_on(*made) ? "begun" : "done";
    if (!made) entry.detail["why"] = made.error().message;
    (void)write_down(entry); // that it was begun is on record already
    return made;
  });
  if (!done) co_return refused(request, done.error());
  co_return document_response(what.goes_on && what.goes_on(*done) ? 202 : what.success, *done);
}

} // namespace reverie::gateway
