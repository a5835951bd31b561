#include "actors/domain/bond/axes.hpp"
#include "actors/domain/bond/decide_memory.hpp"
#include "actors/domain/bond/fact_rules.hpp"
#include "actors/domain/bond/refusals.hpp"
#include "actors/domain/recall_marker.hpp"
#include "actors/domain/sorted_ids.hpp"
#include "events/model/limits.hpp"

#include <algorithm>
#include <list>
#include <ranges>

namespace reverie::actors::bond {
namespace {

namespace limits = events::limits;
namespace happened = events::bond;

/// Facts that are open while a turn is being looked at: those of the state, and those just learned.
class open_facts {
public:
  struct entry {
    memory_id memory;
    held_fact held;
  };

  explicit open_facts(const state& now) {
    for (const auto& [id, fact] : now.facts)
      if (!fact.valid_to) entries_.push_back({id, {fact.attribute, fact.subject, fact.value}});
  }

  const memory_id* restated_by(const extracted_fact& said) const {
    const auto at = std::ranges::find_if(entries_, [&](const entry& each) { return restates(said, each.held); });
    return at == entries_.end() ? nullptr : &at->memory;
  }

  /// Takes out what the newly said ends.
  std::vector<memory_id> close(const extracted_fact& said) {
    std::vector<memory_id> closed;
    std::erase_if(entries_, [&](const entry& each) {
      if (!closes(said, each.held)) return false;
      closed.push_back(each.memory);
      return true;
    });
    return closed;
  }

  void add(const happened::fact_learned& learned) {
    const auto& kept = learned_.emplace_back(learned);
    entries_.push_back({kept.memory, {kept.attribute, kept.subject, kept.value}});
  }

private:
  std::list<happened::fact_learned> learned_; ///< what the views of new entries look at
  std::vector<entry> entries_;
};

/// So that a record stays within limits::events_per_record: what one sentence ends of the same kind is rarely more than one fact.
constexpr std::size_t closings_per_fact = 12;
static_assert(limits::facts_per_turn * (1 + closings_per_fact) + 16 < limits::events_per_record, "a turn fits a record");

/// What one turn teaches, in the order it was said.
struct lesson {
  std::vector<memory_id> restated;
  std::vector<event> learned_and_closed;
  std::size_t learned = 0;
};

lesson lesson_of(const state& now, const observe_turn& asked, const decision_context& context) {
  lesson result;
  open_facts open(now);
  const auto skipped = recalled_spans(asked.content);
  const auto said = facts_in({asked.content, asked.said_at, skipped});
  for (const auto& each : said | std::views::take(limits::facts_per_turn)) {
    const bool holds = each.change == fact_change::holds;
    if (const auto* known = holds ? open.restated_by(each) : nullptr) {
      // Twice in one message is once.
      if (now.facts.contains(*known)) insert_id(result.restated, *known);
      continue;
    }
    if (holds && now.facts.size() + result.learned >= limits::facts_per_bond) continue;
    const auto closed = open.close(each);
    std::optional<memory_id> successor;
    if (holds) {
      successor = memory_id{context.fresh_id(result.learned++)};
      happened::fact_learned learned{*successor,     std::string(attribute_name(each.attribute)),
                                     each.subject,   each.value,
                                     each.sentence,  asked.session,
                                     asked.message,  each.valid_from,
                                     std::string(fact_rules_version)};
      open.add(learned);
      result.learned_and_closed.emplace_back(std::move(learned));
    }
    const auto ended_at = each.valid_from.value_or(asked.said_at);
    for (const auto& memory : closed | std::views::take(closings_per_fact))
      result.learned_and_closed.emplace_back(happened::fact_closed{memory, successor, asked.message, ended_at});
  }
  return result;
}

void move_axes(const state& now, const observe_turn& asked, const decision_context& context, std::size_t facts_told,
               std::vector<event>& into) {
  auto values = affinity_of(now);
  const affinity_turn turn{asked.content, asked.said_at, now.last_turn_at, facts_told};
  for (const auto& change : affinity_changes(values, gained_on_day_of(now, context.now), turn)) {
    values[change.axis] = std::clamp(values[change.axis] + change.delta, 0.0, 1.0);
    into.emplace_back(happened::affinity_changed{std::string(axis_name(change.axis)), change.delta, values[change.axis],
                                                 std::string(change.reason), std::string(change.sentence), asked.message,
                                                 affinity_rules_version, asked.session});
  }
}

} // namespace

decision decide_one(const state& now, const observe_turn& asked, const decision_context& context) {
  if (auto refused = refuse_person(context)) return std::unexpected(*refused);
  const auto known = {&now.observed, &now.retracted, &now.barred};
  if (std::ranges::any_of(known, [&](const auto* ids) { return contains_id(*ids, asked.message); }))
    return accepted{{}, asked.message.value};
  auto taught = lesson_of(now, asked, context);
  accepted answer{{happened::turn_observed{asked.session, asked.message, std::move(taught.restated)}}, asked.message.value};
  std::ranges::move(taught.learned_and_closed, std::back_inserter(answer.events));
  move_axes(now, asked, context, taught.learned, answer.events);
  return answer;
}

} // namespace reverie::actors::bond
