#include "gateway/http/admin_api.hpp"
#include "gateway/http/rest_api.hpp"

namespace reverie::gateway {

void admin_api::add_verification_routes(std::vector<route>& routes) {
  add_read(routes, "/verification", "How far the log is verified, and what was found", {}, &admin_api::verification);
  add_action(routes, "/verification/run", "Verify the whole log now: `{\"scope\":\"log\"}`", &admin_api::run_verification, 202);
}

task<http_response> admin_api::verification(http_request& request) {
  if (auto there = present(operators_.verification); !there) co_return refused(request, there.error());
  co_return co_await show(request, [this] { return operators_.verification->status(); });
}

task<http_response> admin_api::run_verification(http_request& request) {
  if (auto there = present(operators_.verification); !there) co_return refused(request, there.error());
  intent wish{.action = "verification.run", .subject = "log", .success = 202};
  co_return co_await act(request, std::move(wish), [this](const action_body& body) -> result<document> {
    const auto scope = body.fields.find("scope");
    if (scope != body.fields.end() && !scope->is_string()) return std::unexpected(validation_error("The scope is log.", "scope"));
    return operators_.verification->run(scope == body.fields.end() ? "log" : scope->get<std::string>());
  });
}

} // namespace reverie::gateway
