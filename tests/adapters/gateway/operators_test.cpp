#include "tests/adapters/gateway/event_reader.hpp"
#include "tests/adapters/gateway/served.hpp"
#include "tests/adapters/gateway/twin_operators.hpp"

#include "gateway/bridge/operator_limits.hpp"
#include "gateway/http/admin_api.hpp"

namespace reverie::tests {
namespace {

namespace limits = gateway::operator_limits;

class operators : public served {
protected:
  operators() {
    served::operators.audit = &trail;
    served::operators.log = &log_twin;
    served::operators.projections = &projections_twin;
    served::operators.version = "0.1.0";
    served::operators.settings = [] {
      return std::vector<gateway::setting_view>{{"port", "8080", "8080", "default", "", "port to listen on", false}, {"master-key", "secret", "", "environment", "", "", true}};
    };
  }
  /// All routes of the operators, as the server has them.
  std::vector<gateway::route> all_routes() {
    gateway::gateway_ports ports{node, reads, reads, accounts, keys, reads};
    gateway::server_pulse pulse(ports, [] { return gateway::gateway_totals{}; });
    return gateway::admin_api(ports, pulse_pool_, pulse).routes();
  }
  static std::string filled(std::string pattern) {
    for (auto at = pattern.find('{'); at != std::string::npos; at = pattern.find('{')) pattern.replace(at, pattern.find('}', at) - at + 1, "x");
    return pattern;
  }

  twin_audit trail;
  twin_log log_twin;
  twin_projections projections_twin;
  gateway::blocking_pool pulse_pool_{1, 1};
};

TEST_F(operators, answer_a_plain_user_and_a_stranger_nowhere) {
  serve();
  auto plain = person();
  web_client stranger(port);
  auto routes = all_routes();
  EXPECT_GT(routes.size(), 40u);
  for (const auto& each : routes) {
    const auto path = filled(each.pattern);
    EXPECT_TRUE(path.starts_with("/api/v1/admin/")) << path;
    auto answer = plain.ask(each.method, path, "", "", {});
    EXPECT_EQ(answer.status, 403) << each.method << " " << path;
    EXPECT_EQ(answer.json()["error"]["code"], "permission_denied");
    EXPECT_EQ(stranger.ask(each.method, path, "", "", {}).status, 401) << path;
  }
  EXPECT_EQ(plain.get("/api/v1/admin/nothing/here").status, 403);
  EXPECT_EQ(stranger.get("/api/v1/admin/nothing/here").status, 401);
  EXPECT_EQ(trail.size(), 0u);
}

TEST_F(operators, are_told_who_they_are_and_how_they_may_look) {
  serve();
  auto me = person_with_role("olga", "operator").get("/api/v1/admin/me");
  EXPECT_EQ(me.status, 200) << me.body;
  EXPECT_EQ(me.json()["email"], "olga@example.org");
  EXPECT_EQ(me.json()["privacy_modes"], nlohmann::json::array({"none", "masked", "full"}));
  EXPECT_EQ(person_with_role("adam", "admin").get("/api/v1/admin/me").status, 200);
}

TEST_F(operators, see_health_rates_and_settings_without_secrets) {
  serve();
  auto client = person_with_role("olga", "operator");
  auto view = client.get("/api/v1/admin/overview").json();
  EXPECT_EQ(view["version"], "0.1.0");
  EXPECT_EQ(view["health"]["state"], "ok") << view.dump();
  EXPECT_FALSE(view["history"].empty());
  auto settings = client.get("/api/v1/admin/settings").json()["items"];
  EXPECT_EQ(settings[0]["value"], "8080");
  EXPECT_TRUE(settings[1]["value"].is_null());
  EXPECT_TRUE(settings[1]["secret"].get<bool>());
  EXPECT_EQ(client.get("/api/v1/admin/partitions").json()["items"][0]["partition"], 0);
  EXPECT_EQ(client.get("/api/v1/admin/nothing/here").status, 404);
}

TEST_F(operators, see_personal_content_masked_unless_they_say_why) {
  serve();
  auto client = person_with_role("olga", "operator");
  auto content = [&](const std::string& query) { return client.get("/api/v1/admin/events" + query).json()["items"][0]["events"][0]["payload"]["content"]; };
  EXPECT_EQ(content(""), "••, ••• •!");
  EXPECT_EQ(trail.last().action, "events.read");
  EXPECT_EQ(trail.last().privacy, privacy_mode::masked);
  EXPECT_EQ(trail.last().actor_email, "olga@example.org");
  EXPECT_EQ(trail.last().address, "127.0.0.1");
  EXPECT_TRUE(content("?privacy=none").is_null());
  EXPECT_EQ(content("?privacy=full&reason=ticket%207"), "Hi, Ada 7!");
  EXPECT_EQ(trail.last().reason, "ticket 7");
  const auto kept = trail.size();
  auto without = client.get("/api/v1/admin/events?privacy=full");
  EXPECT_EQ(without.status, 400);
  EXPECT_EQ(without.json()["error"]["param"], "reason");
  EXPECT_EQ(client.get("/api/v1/admin/events?privacy=full&reason=" + std::string(501, 'x')).json()["error"]["param"], "reason");
  EXPECT_EQ(client.get("/api/v1/admin/events?privacy=some").json()["error"]["param"], "privacy");
  EXPECT_EQ(trail.size(), kept);
}

TEST_F(operators, see_nothing_unmasked_where_the_server_forbids_it) {
  served::operators.full_allowed = false;
  serve();
  auto client = person_with_role("olga", "operator");
  auto answer = client.get("/api/v1/admin/events/0:1?privacy=full&reason=because");
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(trail.last().outcome, "refused");
  EXPECT_EQ(client.get("/api/v1/admin/me").json()["privacy_modes"].size(), 2u);
}

TEST_F(operators, see_and_do_nothing_that_can_not_be_written_down) {
  trail.away = true;
  serve();
  auto client = person_with_role("olga", "operator");
  auto read = client.get("/api/v1/admin/events");
  EXPECT_EQ(read.status, 503);
  EXPECT_EQ(read.json()["error"]["code"], "unavailable");
  EXPECT_EQ(client.post("/api/v1/admin/projections/messages/rebuild", {{"confirm", "rebuild messages"}, {"reason", "new index"}}).status, 503);
  EXPECT_TRUE(projections_twin.done.empty());
}

TEST_F(operators, confirm_what_they_do_and_leave_a_trail) {
  serve();
  auto client = person_with_role("olga", "operator");
  const std::string path = "/api/v1/admin/projections/messages/rebuild";
  EXPECT_EQ(client.get(path + "/impact").json()["confirm"], "rebuild messages");
  auto wrong = client.post(path, {{"confirm", "rebuild memories"}, {"reason", "new index"}});
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(wrong.json()["error"]["param"], "confirm");
  EXPECT_EQ(trail.last().outcome, "refused");
  EXPECT_TRUE(projections_twin.done.empty());
  auto begun = client.post(path, {{"confirm", "rebuild messages"}, {"reason", "new index"}, {"rate", 500}, {"switch", false}});
  EXPECT_EQ(begun.status, 202) << begun.body;
  ASSERT_EQ(projections_twin.done.size(), 1u);
  EXPECT_EQ(projections_twin.done[0].rate, 500u);
  EXPECT_FALSE(projections_twin.done[0].switch_over);
  EXPECT_EQ(trail.last().outcome, "done");
  EXPECT_EQ(trail.last().reason, "new index");
  auto twice = client.post(path, {{"confirm", "rebuild messages"}, {"reason", "once more"}});
  EXPECT_EQ(twice.status, 409);
  EXPECT_EQ(twice.json()["error"]["code"], "conflict");
  EXPECT_EQ(trail.last().outcome, "failed");
  EXPECT_EQ(client.post(path, {{"confirm", "rebuild messages"}, {"reason", "once more"}, {"rate", -1}}).json()["error"]["param"], "rate");
}

TEST_F(operators, begin_to_look_ahead_and_see_how_far_it_is) {
  serve();
  auto client = person_with_role("olga", "operator");
  const std::string path = "/api/v1/admin/projections/messages/preflight";
  EXPECT_EQ(client.post(path, document::object()).status, 202);
  EXPECT_EQ(trail.last().action, "projection.preflight");
  EXPECT_EQ(client.get(path).json()["found"]["records"], 3);
  EXPECT_EQ(client.post(path + "/cancel", document::object()).status, 409);
  EXPECT_EQ(trail.last().action, "projection.preflight.cancel");
}

TEST_F(operators, read_the_trail_and_export_it_without_formulas) {
  serve();
  auto client = person_with_role("olga", "operator");
  client.get("/api/v1/admin/events?privacy=full&reason=%3DSUM(A1)%2C%22x%22");
  auto page = client.get("/api/v1/admin/audit?action=events&page_size=1").json();
  EXPECT_EQ(page["items"][0]["reason"], "=SUM(A1),\"x\"");
  EXPECT_EQ(page["items"][0]["actor"]["email"], "olga@example.org");
  auto table = client.get("/api/v1/admin/audit.csv");
  EXPECT_EQ(table.status, 200);
  EXPECT_NE(table.body.find("\"'=SUM(A1),\"\"x\"\"\""), std::string::npos) << table.body;
  EXPECT_NE(table.headers["content-type"].find("text/csv"), std::string::npos);
}

TEST_F(operators, are_told_which_limit_they_are_over) {
  serve();
  auto client = person_with_role("olga", "operator");
  auto param = [&](const std::string& target) {
    auto answer = client.get("/api/v1/admin" + target);
    EXPECT_EQ(answer.status, 400) << target;
    return answer.json()["error"]["param"].get<std::string>();
  };
  EXPECT_EQ(param("/events?page_size=201"), "page_size");
  EXPECT_EQ(param("/events?page_size=0"), "page_size");
  EXPECT_EQ(param("/events?cursor=" + std::string(limits::cursor_bytes + 1, 'x')), "cursor");
  EXPECT_EQ(param("/events?entity=nobody"), "entity");
  EXPECT_EQ(param("/events?since=yesterday"), "since");
  EXPECT_EQ(param("/events?direction=up"), "direction");
  auto large = client.ask("POST", "/api/v1/admin/projections/messages/rebuild", std::string(limits::body_bytes + 1, ' '), "application/json", {});
  EXPECT_EQ(large.status, 413);
}

TEST_F(operators, follow_the_server_live) {
  serve();
  auto client = person_with_role("olga", "operator");
  EXPECT_EQ(client.get("/api/v1/admin/live?topics=weather").json()["error"]["param"], "topics");
  event_reader reader(port, "/api/v1/admin/live?topics=overview,projections", client.token);
  auto overview = reader.next("overview");
  ASSERT_TRUE(overview);
  EXPECT_FALSE(overview->contains("history"));
  auto projections = reader.next("projections");
  ASSERT_TRUE(projections);
  EXPECT_EQ((*projections)["items"][0]["projection"], "messages");
  event_reader records(port, "/api/v1/admin/events/follow", client.token);
  auto record = records.next("record");
  ASSERT_TRUE(record);
  EXPECT_EQ((*record)["position"], "0:1");
  EXPECT_EQ(trail.last().action, "events.follow");
}

TEST_F(operators, wait_for_a_stream_when_there_are_too_many) {
  options.operator_streams = 1;
  serve();
  auto client = person_with_role("olga", "operator");
  event_reader first(port, "/api/v1/admin/live", client.token);
  ASSERT_TRUE(first.next("overview"));
  auto second = client.get("/api/v1/admin/live");
  EXPECT_EQ(second.status, 503);
  EXPECT_EQ(second.json()["error"]["code"], "overloaded");
}

} // namespace
} // namespace reverie::tests
