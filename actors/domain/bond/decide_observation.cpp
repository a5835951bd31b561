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

/// Whether a message was said after another, by the times in their ids.
bool is_later(const message_id& one, const message_id& than) {
  const auto said = events::time_of(one.value);
  const auto before = events::time_of(than.value);
  return said && before && *said > *before;
}

/// Facts that are open while a turn is being looked at: those of the state, and those just learned. A turn may come late (a model was
/// slow, a start took up what was pending): what was said after it is not ended by it.
class open_facts {
public:
  struct entry {
    memory_id memory;
    held_fact held;
    message_id message;
    bool later = false; ///< said after the turn that is looked at
  };

  open_facts(const state& now, const message_id& turn) {
    for (const auto& [id, fact] : now.facts)
      if (!fact.valid_to) entries_.push_back({id, {fact.attribute, fact.subject, fact.value}, fact.message, is_later(fact.message, turn)});
  }

  /// What was said later and takes the place of this.
  const entry* overtaken_by(const extracted_fact& said) const {
    const auto at = std::ranges::find_if(entries_, [&](const entry& each) { return each.later && closes(said, each.held); });
    return at == entries_.end() ? nullptr : &*at;
  }

  const memory_id* restated_by(const extracted_fact& said) const {
    const auto at = std::ranges::find_if(entries_, [&](const entry& each) { return restates(said, each.held); });
    return at == entries_.end() ? nullptr : &at->memory;
  }

  /// Takes out what the newly said ends.
  std::vector<memory_id> close(const extracted_fact& said) {
    std::vector<memory_id> closed;
    std::erase_if(entries_, [&](const entry& each) {
      if (each.later || !closes(said, each.held)) return false;
      closed.push_back(each.memory);
      return true;
    });
    return closed;
  }

  void add(const happened::fact_learned& learned) {
    const auto& kept = learned_.emplace_back(learned);
    entries_.push_back({kept.memory, {kept.attribute, kept.subject, kept.value}, kept.message});
  }

private:
  std::list<happened::fact_learned> learned_; ///< what the views of new entries look at
  std::vector<entry> entries_;
};

/// So that a record stays within limits::events_per_record: what one sentence ends of the same kind is rarely more than one fact.
constexpr std::size_t closings_per_fact = 12;
static_assert(limits::facts_per_turn * (2 + closings_per_fact) + 16 < limits::events_per_record, "a turn fits a record");

/// What one turn teaches, in the order it was said.
struct lesson {
  std::vector<memory_id> restated;
  std::vector<event> learned_and_closed;
  std::size_t learned = 0;
  std::size_t over_turn = 0, over_bond = 0, over_closings = 0; ///< what each limit left out

  std::size_t left_out() const { return over_turn + over_bond + over_closings; }
};

/// Takes up the facts of one message, one after another.
class taking_up {
public:
  taking_up(const state& now, const observe_turn& asked, const decision_context& context)
      : now_(now), asked_(asked), context_(context), open_(now, asked.message) {}

  lesson of(const std::vector<extracted_fact>& said, std::string_view extractor) {
    for (const auto& each : said | std::views::take(limits::facts_per_turn)) take(each, extractor);
    result_.over_turn = said.size() - std::min(said.size(), limits::facts_per_turn);
    return std::move(result_);
  }

private:
  void take(const extracted_fact& each, std::string_view extractor) {
    const bool holds = each.change == fact_change::holds;
    if (const auto* known = holds ? open_.restated_by(each) : nullptr) {
      // Twice in one message is once.
      if (now_.facts.contains(*known)) insert_id(result_.restated, *known);
      return;
    }
    if (holds && now_.facts.size() + result_.learned >= limits::facts_per_bond) {
      ++result_.over_bond;
      return;
    }
    const auto closed = open_.close(each);
    std::optional<memory_id> successor;
    if (holds) successor = learn(each, extractor);
    const auto ended_at = each.valid_from.value_or(asked_.said_at);
    for (const auto& memory : closed | std::views::take(closings_per_fact))
      result_.learned_and_closed.emplace_back(happened::fact_closed{memory, successor, asked_.message, ended_at});
    result_.over_closings += closed.size() - std::min(closed.size(), closings_per_fact);
  }

  memory_id learn(const extracted_fact& each, std::string_view extractor) {
    const memory_id memory{context_.fresh_id(result_.learned++)};
    happened::fact_learned learned{memory,        std::string(attribute_name(each.attribute)),
                                   each.subject,  each.value,
                                   each.sentence, asked_.session,
                                   asked_.message, each.valid_from,
                                   std::string(extractor)};
    if (const auto* later = open_.overtaken_by(each)) {
      const auto known = now_.facts.find(later->memory);
      const auto said_at = events::time_of(later->message.value).value_or(asked_.said_at);
      const auto ended_at = known == now_.facts.end() ? said_at : known->second.valid_from.value_or(said_at);
      result_.learned_and_closed.emplace_back(std::move(learned));
      result_.learned_and_closed.emplace_back(happened::fact_closed{memory, later->memory, later->message, ended_at});
      return memory;
    }
    open_.add(learned);
    result_.learned_and_closed.emplace_back(std::move(learned));
    return memory;
  }

  const state& now_;
  const observe_turn& asked_;
  const decision_context& context_;
  open_facts open_;
  lesson result_;
};

lesson lesson_of(const state& now, const observe_turn& asked, const decision_context& context) {
  taking_up work(now, asked, context);
  if (asked.extraction) return work.of(asked.extraction->facts, asked.extraction->extractor);
  const auto skipped = recalled_spans(asked.content);
  return work.of(facts_in({asked.content, asked.said_at, skipped}), fact_rules_version);
}

/// For the operator: which limits left something out of which message.
std::string remark_on(const lesson& taught, const observe_turn& asked) {
  std::string remark = "message " + events::to_string(asked.message.value) + " taught less than it told:";
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count > 0) remark += ' ' + std::to_string(count) + std::string{what};
  };
  add(taught.over_turn, " facts over limits::facts_per_turn;");
  add(taught.over_bond, " facts over limits::facts_per_bond;");
  add(taught.over_closings, " facts it ended that stay open;");
  remark.pop_back();
  return remark;
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
  answer.left_out = taught.left_out();
  if (answer.left_out > 0) answer.remark = remark_on(taught, asked);
  return answer;
}

} // namespace reverie::actors::bond
