#include "tests/adapters/gateway/served.hpp"
#include "tests/adapters/gateway/twin_operators.hpp"

namespace reverie::tests {
namespace {

/// A verification that found what it is told to.
class twin_verification : public gateway::verification_port {
public:
  result<document> status() override { return document(nullptr); }
  gateway::verification_alarm alarm() override { return raised; }
  result<document> run(const std::string&) override { return document(nullptr); }

  gateway::verification_alarm raised;
};

class operator_alarms : public served {
protected:
  operator_alarms() {
    served::operators.audit = &trail;
    served::operators.verification = &verification_twin;
  }
  twin_audit trail;
  twin_verification verification_twin;
};

TEST_F(operator_alarms, are_raised_by_what_a_verification_found) {
  serve();
  auto client = person_with_role("olga", "operator");
  EXPECT_NE(client.get("/metrics").body.find("\nreverie_verification_differences 0\n"), std::string::npos);
  verification_twin.raised = {.differences = 3, .problems = {"partition 1: the disk is away"}};
  auto health = client.get("/api/v1/admin/overview").json()["health"];
  EXPECT_EQ(health["state"], "down") << health.dump();
  ASSERT_EQ(health["problems"].size(), 2u) << health.dump();
  EXPECT_EQ(health["problems"][0]["title"], "Verification found a difference");
  EXPECT_EQ(health["problems"][0]["page"], "verification");
  EXPECT_EQ(health["problems"][1]["severity"], "warning");
  EXPECT_EQ(health["problems"][1]["detail"], "partition 1: the disk is away");
  const auto metrics = client.get("/metrics").body;
  EXPECT_NE(metrics.find("\nreverie_verification_differences 3\n"), std::string::npos) << metrics;
  EXPECT_NE(metrics.find("\nreverie_verification_problems 1\n"), std::string::npos) << metrics;
}

} // namespace
} // namespace reverie::tests
