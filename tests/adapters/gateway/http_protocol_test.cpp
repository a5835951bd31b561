#include "tests/adapters/gateway/served.hpp"

#include "events/model/limits.hpp"

#include <filesystem>
#include <fstream>

namespace reverie::tests {
namespace {

class http_protocol : public served {
protected:
  http_protocol() : folder(std::filesystem::temp_directory_path() / ("reverie-site-" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder / "assets");
    std::ofstream(folder / "index.html") << "<!doctype html><title>Reverie</title>";
    std::ofstream(folder / "assets" / "app-1234.js") << "console.log(1)";
    options.web_root = folder;
  }
  ~http_protocol() override { std::filesystem::remove_all(folder); }
  std::filesystem::path folder;
};

TEST_F(http_protocol, serves_the_page_with_index_as_fallback_for_pages_alone) {
  serve();
  web_client client(port);
  auto page = client.get("/");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.headers["content-type"], "text/html; charset=utf-8");
  EXPECT_EQ(page.headers["x-content-type-options"], "nosniff");
  EXPECT_NE(page.headers["content-security-policy"].find("default-src 'self'"), std::string::npos);
  EXPECT_EQ(client.get("/chat/some-id").body, page.body);
  EXPECT_EQ(client.get("/missing.js").status, 404);
  EXPECT_EQ(client.get("/api/v1/nothing").status, 404);
  EXPECT_NE(client.get("/assets/app-1234.js").headers["cache-control"].find("immutable"), std::string::npos);
  EXPECT_EQ(client.get("/", {{"If-None-Match", page.headers["etag"]}}).status, 304);
  EXPECT_EQ(client.get("/..%2f..%2fetc/passwd.txt").status, 404);
}

TEST_F(http_protocol, answers_head_without_a_body_and_405_with_allow) {
  serve();
  web_client client(port);
  auto head = client.ask("HEAD", "/healthz", "", "", {});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers["content-length"], std::to_string(client.get("/healthz").body.size()));
  auto wrong = client.ask("DELETE", "/api/v1/characters", "", "", {});
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers["allow"], "GET, HEAD, POST");
}

TEST_F(http_protocol, takes_a_good_request_id_and_replaces_a_bad_one) {
  serve();
  web_client client(port);
  EXPECT_EQ(client.get("/healthz", {{"X-Request-Id", "trace-1.a_B"}}).headers["x-request-id"], "trace-1.a_B");
  auto made = client.get("/healthz", {{"X-Request-Id", "no spaces"}}).headers["x-request-id"];
  EXPECT_EQ(made.size(), 36u);
  auto error = client.get("/api/v1/users/me", {{"X-Request-Id", "mine"}});
  EXPECT_EQ(error.json()["error"]["request_id"], "mine");
}

TEST_F(http_protocol, keeps_connections_alive_and_takes_requests_one_behind_the_other) {
  serve();
  web_client client(port);
  auto answers = client.raw("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  std::size_t count = 0;
  for (auto at = answers.find("HTTP/1.1 200"); at != std::string::npos; at = answers.find("HTTP/1.1 200", at + 1)) ++count;
  EXPECT_EQ(count, 2u);
}

TEST_F(http_protocol, says_go_on_before_a_body_that_was_announced) {
  serve();
  web_client client(port);
  auto answer = client.raw("POST /api/v1/auth/logout HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
                           "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n{}");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400")) << answer;
}

TEST_F(http_protocol, refuses_too_large_headers_and_malformed_requests) {
  serve();
  web_client client(port);
  auto large = client.raw("GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + std::string(events::limits::header_bytes, 'x') + "\r\n\r\n");
  EXPECT_TRUE(large.starts_with("HTTP/1.1 431")) << large;
  EXPECT_TRUE(client.raw("this is no http\r\n\r\n").starts_with("HTTP/1.1 400"));
  EXPECT_EQ(client.get("/api/v1/characters?name=%ff").status, 400);
}

TEST_F(http_protocol, turns_away_what_is_over_the_connection_limit) {
  options.connections = 0;
  serve();
  web_client client(port);
  auto answer = client.raw("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503")) << answer;
  EXPECT_NE(answer.find("Retry-After: 1"), std::string::npos);
  EXPECT_NE(answer.find("\"overloaded\""), std::string::npos);
}

TEST_F(http_protocol, ends_connections_that_send_nothing_in_time) {
  options.keep_alive_idle = std::chrono::milliseconds{20};
  options.header_within = std::chrono::milliseconds{20};
  serve();
  web_client client(port);
  EXPECT_EQ(client.raw(""), "");
  EXPECT_EQ(client.raw("GET / HTTP/1.1\r\nHost:"), "");
}

TEST_F(http_protocol, describes_itself_and_counts) {
  serve();
  auto client = person();
  auto document = client.get("/openapi.json").json();
  EXPECT_EQ(document["openapi"], "3.1.0");
  EXPECT_TRUE(document["paths"]["/api/v1/conversations/{id}/messages"].contains("post"));
  auto metrics = client.get("/metrics").body;
  EXPECT_NE(metrics.find("reverie_http_requests_total{method=\"POST\",route=\"/api/v1/auth/register\",status=\"201\"} 1"), std::string::npos)
      << metrics;
  EXPECT_NE(metrics.find("\nreverie_facts_left_out_total 0\n"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("reverie_commands_total{code=\"ok\",command=\"user.register\"} 1"), std::string::npos) << metrics;
  auto models = client.get("/api/v1/models/status").json();
  EXPECT_EQ(models["chat"]["kind"], "scripted");
  EXPECT_EQ(models["embedding"]["dimension"], 1536);
}

TEST_F(http_protocol, logs_requests_without_personal_text) {
  serve();
  auto client = person();
  client.get("/api/v1/memories?q=secret-words&character_id=01890000-0000-7000-8000-000000000001");
  std::lock_guard guard(log_mutex);
  bool found = false;
  for (const auto& entry : log) {
    if (entry.route == "/api/v1/memories") found = entry.user == user && entry.status == 200 && !entry.request_id.empty();
    for (const auto* text : {&entry.message, &entry.route, &entry.method}) EXPECT_EQ(text->find("secret-words"), std::string::npos);
  }
  EXPECT_TRUE(found);
}

TEST_F(http_protocol, says_when_the_port_is_taken) {
  serve();
  gateway::gateway_ports ports{node, reads, reads, accounts, keys, reads};
  ports.now = [] { return events::timestamp{}; };
  auto second = options;
  second.port = port;
  gateway::gateway_server other(second, std::move(ports));
  auto started = other.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().code, events::failure_code::already_exists);
}

} // namespace
} // namespace reverie::tests
