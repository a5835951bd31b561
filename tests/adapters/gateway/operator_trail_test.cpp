#include "tests/adapters/gateway/served.hpp"
#include "tests/adapters/gateway/twin_operators.hpp"

#include "gateway/bridge/operator_limits.hpp"

namespace reverie::tests {
namespace {

namespace limits = gateway::operator_limits;

class operator_trail : public served {
protected:
  operator_trail() { served::operators.audit = &trail; }
  twin_audit trail;
};

TEST_F(operator_trail, says_when_its_table_is_cut_and_where_it_goes_on) {
  serve();
  auto client = person_with_role("olga", "operator");
  for (std::size_t i = 0; i < 2'505; ++i) trail.entries.push_back({.actor_email = "adam@example.org", .action = "old.read", .outcome = "done"});
  auto cut = client.get("/api/v1/admin/audit.csv?action=old&rows=2500");
  EXPECT_EQ(cut.status, 200);
  EXPECT_EQ(cut.headers["x-truncated"], "true");
  EXPECT_EQ(cut.headers["x-total-count"], "2505");
  const auto last = cut.body.rfind("\r\n", cut.body.size() - 3) + 2;
  EXPECT_TRUE(cut.body.substr(last).starts_with("truncated,")) << cut.body.substr(last);
  EXPECT_NE(cut.body.find("cursor=" + cut.headers["x-next-cursor"], last), std::string::npos) << cut.body.substr(last);
  EXPECT_EQ(std::ranges::count(cut.body, '\n'), 2'502);
  EXPECT_EQ(trail.counts, 1u) << "all of them are counted once, not with each page";
  auto rest = client.get("/api/v1/admin/audit.csv?action=old&cursor=" + cut.headers["x-next-cursor"]);
  EXPECT_EQ(std::ranges::count(rest.body, '\n'), 6);
  EXPECT_FALSE(rest.headers.contains("x-truncated"));
  EXPECT_EQ(client.get("/api/v1/admin/audit.csv?cursor=x").json()["error"]["param"], "cursor");
  EXPECT_EQ(client.get("/api/v1/admin/audit.csv?rows=" + std::to_string(limits::audit_csv_rows + 1)).json()["error"]["param"], "rows");
  EXPECT_EQ(client.get("/api/v1/admin/audit.csv?rows=0").json()["error"]["param"], "rows");
}

} // namespace
} // namespace reverie::tests
