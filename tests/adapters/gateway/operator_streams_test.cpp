#include "tests/adapters/gateway/event_reader.hpp"
#include "tests/adapters/gateway/served.hpp"
#include "tests/adapters/gateway/twin_operators.hpp"

#include "gateway/bridge/operator_limits.hpp"

namespace reverie::tests {
namespace {

namespace limits = gateway::operator_limits;

class operator_streams : public served {
protected:
  operator_streams() {
    served::operators.audit = &trail;
    served::operators.log = &log_twin;
  }
  /// Whether a stream ends before it has said so much more.
  static bool ends(event_reader& reader, const std::string& name) {
    for (int i = 0; i < 20; ++i)
      if (!reader.next(name)) return true;
    return false;
  }
  twin_audit trail;
  twin_log log_twin;
};

TEST_F(operator_streams, end_when_what_signed_them_in_does) {
  serve();
  auto client = person_with_role("olga", "operator");
  event_reader records(port, "/api/v1/admin/events/follow?privacy=full&reason=ticket", client.token);
  ASSERT_TRUE(records.next("record"));
  event_reader live(port, "/api/v1/admin/live", client.token);
  ASSERT_TRUE(live.next("overview"));
  now_ms += std::chrono::duration_cast<std::chrono::milliseconds>(options.access_token_lives).count() - 1000;
  ASSERT_TRUE(live.next("overview"));
  ASSERT_TRUE(live.next("overview"));
  now_ms += 1000;
  EXPECT_TRUE(ends(live, "overview"));
  EXPECT_TRUE(records.ended());
}

TEST_F(operator_streams, end_now_and_then_though_their_credential_has_no_end) {
  serve();
  auto client = person_with_role("olga", "operator");
  auto key = client.post("/api/v1/auth/api-keys", {{"label", "watcher"}}).json()["api_key"].get<std::string>();
  event_reader live(port, "/api/v1/admin/live", key);
  ASSERT_TRUE(live.next("overview"));
  now_ms += limits::stream_lifetime.count() - 1;
  ASSERT_TRUE(live.next("overview"));
  ASSERT_TRUE(live.next("overview"));
  now_ms += 1;
  EXPECT_TRUE(ends(live, "overview"));
}

} // namespace
} // namespace reverie::tests
