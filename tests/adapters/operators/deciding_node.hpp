#pragma once

#include "actors/domain/entity_logic.hpp"
#include "tests/adapters/operators/telling_node.hpp"

#include <algorithm>
#include <atomic>

namespace reverie::tests {

/// A telling node that takes commands for entities of its own, and counts the records that are held in pages of histories.
class deciding_node : public telling_node {
public:
  using telling_node::telling_node;

  struct made_entity {
    std::unique_ptr<actors::entity_logic> logic;
    std::uint64_t sequence = 0;
    std::size_t records = 0, largest_record = 0;
  };
  std::map<events::entity_ref, made_entity> made;
  std::optional<std::size_t> refused_after; ///< so many commands
  std::atomic<std::size_t> alive = 0, most_alive = 0;

  void submit(actors::command_envelope envelope, actors::answer_callback done) override {
    if (refused_after && (*refused_after)-- == 0) {
      refused_after.reset();
      return done(std::unexpected(events::rejection{events::rejection_code::unavailable, "not now", {}, {}}));
    }
    auto& one = made[envelope.target.entity];
    if (!one.logic) one.logic = actors::make_entity_logic(envelope.target.entity.kind);
    auto decided = one.logic->decide(envelope.command, {.now = events::from_milliseconds(1'800'000'000'000), .caller = envelope.caller, .seed = envelope.id.value.bytes, .self = envelope.target});
    if (!decided) return done(std::unexpected(decided.error()));
    const auto owner = events::seal_with({envelope.target.slice_key}, *keys().create({envelope.target.slice_key}));
    if (!decided->events.empty()) {
      ++one.records;
      one.largest_record = std::max(one.largest_record, events::encode_events(decided->events, owner).size());
    }
    for (const auto& each : decided->events) {
      events::event_context context;
      context.entity = envelope.target;
      context.sequence = {++one.sequence};
      one.logic->evolve(each, context);
    }
    done(actors::command_answer{.subject = decided->subject, .position = {}, .sequence = {one.sequence}});
  }

  void read_history(events::entity_address entity, std::optional<events::entity_position> after, std::size_t updates_max,
                    std::function<void(events::outcome<std::vector<actors::shared_update>>)> done) override {
    telling_node::read_history(entity, after, updates_max, [this, done](events::outcome<std::vector<actors::shared_update>> page) {
      for (auto& each : *page) {
        most_alive = std::max<std::size_t>(most_alive, ++alive);
        each = actors::shared_update(each.get(), [this](const auto*) { --alive; });
      }
      done(std::move(page));
    });
  }
};

} // namespace reverie::tests
