#include "ops/cli/state_file.hpp"

#include "events/vault/field_sealing.hpp"
#include "tests/support/projection_world.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace reverie::tests {
namespace {

using namespace ops;

/// The rules of another build: it counts what this one holds as its state under another name.
class other_rules final : public actors::entity_logic {
public:
  explicit other_rules(std::unique_ptr<actors::entity_logic> inner) : inner_(std::move(inner)) {}
  actors::decision decide(const actors::any_command& command, const actors::decision_context& context) const override { return inner_->decide(command, context); }
  void evolve(const events::event& happened, const events::event_context& context) override {
    ++evolved_;
    inner_->evolve(happened, context);
  }
  actors::reaction react(const events::event& happened, const events::event_context& context) const override { return inner_->react(happened, context); }
  std::string state_bytes() const override { return inner_->state_bytes(); }
  events::outcome<void> restore(std::string_view bytes) override { return inner_->restore(bytes); }
  std::string state_json() const override {
    auto state = nlohmann::json::parse(inner_->state_json());
    state["evolved"] = evolved_;
    return state.dump();
  }
  std::size_t memory_bytes() const override { return inner_->memory_bytes(); }
  std::uint32_t schema_version() const override { return inner_->schema_version(); }
  const void* state_of(events::entity_kind kind) const override { return inner_->state_of(kind); }

private:
  std::unique_ptr<actors::entity_logic> inner_;
  int evolved_ = 0;
};

struct saved_state_file : testing::Test {
  talking_world world;
  events::user_id anna = world.add_user("Anna");
  events::character_id mira = world.add_character("Mira");
  conversation talk{world, anna, mira};
  std::stringstream file;
  std::vector<state_difference> seen;

  state_folding folding() {
    state_folding how{.log = world.log, .keys = world.keys, .replay = {}, .kind = std::nullopt};
    how.replay.check_hashes = false; // this world writes times into records that were hashed before
    how.replay.make_opener = [this] { return events::open_with(world.keys); };
    return how;
  }
  auto compared(const state_folding& how) {
    return compare_states(how, file, [this](const state_difference& each) { seen.push_back(each); });
  }
};

TEST_F(saved_state_file, differs_in_nothing_from_the_same_rules_also_when_the_log_has_grown) {
  talk.say("My dog is called Rex.");
  const auto saved = save_states(folding(), file);
  ASSERT_TRUE(saved.has_value()) << saved.error().message;
  EXPECT_EQ(saved->entities, 4U);
  talk.say("And my cat is Tom.");
  const auto done = compared(folding());
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(done->entities, 4U);
  EXPECT_EQ(done->differences, 0U);
  EXPECT_EQ(done->missing, 0U);
}

TEST_F(saved_state_file, tells_what_other_rules_would_have_made_of_each_entity) {
  talk.say("Hello");
  ASSERT_TRUE(save_states(folding(), file).has_value());
  auto other = folding();
  other.kind = events::entity_kind::session;
  other.make_logic = [](events::entity_kind kind) { return std::make_unique<other_rules>(actors::make_entity_logic(kind)); };
  const auto done = compared(other);
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(done->entities, 1U);
  EXPECT_EQ(done->differences, 1U);
  ASSERT_EQ(seen.size(), 1U);
  EXPECT_EQ(seen.front().entity, "session/" + events::to_string(talk.session.value));
  EXPECT_EQ(seen.front().patch, nlohmann::json::parse(R"([{"op":"add","path":"/evolved","value":2}])"));
}

TEST_F(saved_state_file, holds_nothing_that_can_be_read_without_the_persons_key) {
  talk.say("The lighthouse is my secret.");
  ASSERT_TRUE(save_states(folding(), file).has_value());
  EXPECT_EQ(file.str().find("lighthouse"), std::string::npos);
  ASSERT_TRUE(world.keys.destroy(anna).has_value());
  const auto done = compared(folding());
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(done->missing, 3U) << "person, session and bond";
  EXPECT_EQ(done->entities, 1U) << "the character is nobody's";
}

TEST_F(saved_state_file, is_refused_when_it_is_something_else) {
  file << "{}\n";
  EXPECT_EQ(compared(folding()).error().code, events::failure_code::malformed);
  std::stringstream cut(R"({"reverie_states":1})" "\n" R"({"entity":"session/x","sequence":1,"state":""})" "\n");
  EXPECT_EQ(compare_states(folding(), cut, {}).error().code, events::failure_code::malformed);
}

} // namespace
} // namespace reverie::tests
