#pragma once

#include "actors/domain/entity_logic.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

namespace reverie::tests {

/// Readable ids of tests: the same small number is the same id.
inline events::uuid test_id(std::uint64_t number) { return events::derive_uuid("test", {}, {}, number); }

/// One entity in a test: given events, when a command comes, then events or a rejection. What was accepted is applied, so that the
/// next command meets the new state, as it would behind the shell.
class given_when_then {
public:
  explicit given_when_then(events::entity_address self) : self_(self), logic_(actors::make_entity_logic(self.entity.kind)) {}

  given_when_then& given(std::vector<events::event> history) {
    for (const auto& happened : history) apply(happened);
    return *this;
  }
  given_when_then& by(events::user_id caller) { return caller_ = caller, *this; }
  given_when_then& by_the_system() { return by({}); }
  given_when_then& later(std::chrono::milliseconds passed) { return now_ += passed, *this; }

  /// Decides and, when accepted, applies. Each command has a seed of its own.
  given_when_then& when(const actors::any_command& command) {
    actors::decision_context context{now_, caller_, test_id(++commands_).bytes, self_};
    decided_ = logic_->decide(command, context);
    reactions_.clear();
    if (decided_)
      for (const auto& happened : decided_->events) apply(happened);
    return *this;
  }

  /// The events of the last command, checked to be exactly of these types in this order.
  template <class... Types>
  given_when_then& then() {
    EXPECT_TRUE(decided_.has_value()) << "rejected: " << decided_.error().message;
    if (!decided_) return *this;
    std::vector<std::string_view> names;
    for (const auto& happened : decided_->events) names.push_back(events::name_of(happened));
    EXPECT_EQ(names, (std::vector<std::string_view>{Types::name...}));
    return *this;
  }
  given_when_then& then_nothing() { return then<>(); }
  given_when_then& then_rejected(events::rejection_code code, std::string_view param = "") {
    EXPECT_FALSE(decided_.has_value()) << "accepted";
    if (decided_) return *this;
    EXPECT_EQ(static_cast<int>(decided_.error().code), static_cast<int>(code)) << decided_.error().message;
    EXPECT_EQ(decided_.error().param, param);
    EXPECT_FALSE(decided_.error().message.empty());
    return *this;
  }

  /// The first event of a type that the last command led to.
  template <class Type>
  Type event() const {
    if (decided_)
      for (const auto& happened : decided_->events)
        if (const auto* found = std::get_if<Type>(&happened)) return *found;
    ADD_FAILURE() << "no " << Type::name;
    return {};
  }
  template <class Type>
  std::vector<Type> all() const {
    std::vector<Type> found;
    if (decided_)
      for (const auto& happened : decided_->events)
        if (const auto* one = std::get_if<Type>(&happened)) found.push_back(*one);
    return found;
  }

  const actors::decision& decided() const { return decided_; }
  events::uuid subject() const { return decided_ ? decided_->subject : events::uuid{}; }
  /// One reaction per event of the last command.
  const std::vector<actors::reaction>& reactions() const { return reactions_; }
  const std::vector<events::recorded_event>& history() const { return history_; }
  actors::entity_logic& logic() { return *logic_; }
  events::timestamp now() const { return now_; }
  events::entity_address self() const { return self_; }

  template <class State>
  const State& state() const { return *static_cast<const State*>(logic_->state_of(self_.entity.kind)); }

private:
  void apply(const events::event& happened) {
    events::event_context context;
    context.entity = self_;
    context.sequence = {history_.size() + 1};
    context.at = now_;
    logic_->evolve(happened, context);
    reactions_.push_back(logic_->react(happened, context));
    history_.push_back({context, happened});
  }

  events::entity_address self_;
  std::unique_ptr<actors::entity_logic> logic_;
  events::user_id caller_{};
  events::timestamp now_ = events::from_milliseconds(1'790'000'000'000);
  std::uint64_t commands_ = 1000;
  actors::decision decided_;
  std::vector<actors::reaction> reactions_;
  std::vector<events::recorded_event> history_;
};

} // namespace reverie::tests
