#include "tests/simulation/request_book.hpp"

#include "actors/runtime/partition_actor.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace reverie::simulation {

using namespace std::chrono_literals;

bool request::under_way() const {
  return std::ranges::any_of(attempts, [](const attempt& each) { return !each.answer && !each.lost; });
}

std::shared_ptr<request> request_book::open(actors::command_envelope envelope, std::string what) {
  auto made = std::make_shared<request>();
  made->envelope = std::move(envelope);
  made->what = std::move(what);
  made->begun = ++counter_;
  all_.push_back(made);
  return made;
}

std::size_t request_book::begin_attempt(request& one, const std::string& process) {
  said_->say("client", (one.attempts.empty() ? "asks " : "asks again ") + process + ": " + one.what + ", command " +
                           short_name(one.envelope.id.value));
  for (auto& each : truth_->read_on()) wrong_.push_back("the log: " + each);
  one.attempts.push_back({process, clock_->steady(), std::nullopt, false, false, truth_->end(partition_of(one))});
  return one.attempts.size() - 1;
}

void request_book::complain(const request& one, const std::string& what) {
  wrong_.push_back(what + " (" + one.what + ", command " + short_name(one.envelope.id.value) + ")");
}

void request_book::take_answer(request& one, std::size_t attempt_index, const actors::command_outcome& answer) {
  auto& of = one.attempts[attempt_index];
  if (of.early) return;
  if (of.answer) return complain(one, "answered twice by " + of.process);
  of.answer = answer;
  check_refusal(one, of, answer);
  const auto id = short_name(one.envelope.id.value);
  if (!answer) {
    said_->say("client", "hears no from " + of.process + " to command " + id + ": " + answer.error().message);
    if (!actors::runtime::passes_by_itself(answer.error().code)) {
      if (one.accepted && one.accepted->changed && !anywhere_) complain(one, "accepted before, refused now: " + answer.error().message);
      one.refused = answer.error();
    }
    return;
  }
  said_->say("client", "hears yes from " + of.process + " to command " + id + " at " + events::to_string(answer->position) +
                           (answer->changed ? "" : ", nothing to do") + (answer->repeated ? ", repeated" : ""));
  check_accepted(one, *answer, of.process);
  if (!one.accepted) {
    one.accepted = *answer;
    one.acknowledged = ++counter_;
    ++accepted_;
  }
}

events::partition_number request_book::partition_of(const request& one) const {
  return events::slice_map::dealt_over(truth_->partitions()).partition_of(one.envelope.target.slice_key);
}

/// Check 9: what no record proves is said by a process that owned the partition at some place of the log since it was asked, so that it
/// knew how things stood then.
void request_book::check_refusal(const request& one, const attempt& of, const actors::command_outcome& answer) {
  const bool says_how_things_stand = answer ? !answer->changed && !answer->repeated
                                            : !actors::runtime::passes_by_itself(answer.error().code) && answer.error().code != events::rejection_code::conflict &&
                                                  answer.error().code != events::rejection_code::command_expired;
  if (!says_how_things_stand || one.is_stop) return;
  for (auto& each : truth_->read_on()) wrong_.push_back("the log: " + each);
  const auto partition = partition_of(one);
  if (anywhere_) {
    if (!explained(one, of, !answer)) complain(one, of.process + (answer ? " says that there is nothing to do" : " refuses") + ", as no state since it was asked would");
  } else if (!truth_->owned(partition, of.process, of.log_end))
    complain(one, of.process + (answer ? " says that there is nothing to do" : " refuses") + ", and has not owned partition " +
                      std::to_string(partition.value) + " since it was asked");
}

/// Whether some state of the entity between question and answer gives such an answer. Time counts in some decisions: both ends are tried.
bool request_book::explained(const request& one, const attempt& of, bool refused) const {
  const auto& target = one.envelope.target;
  std::vector<events::sequence_number> states{{}};
  if (auto found = truth_->entities().find(target.entity); found != truth_->entities().end())
    for (const auto& record : found->second.records) {
      if (record.position.offset < of.log_end) states.clear();
      states.push_back(record.content.last_sequence());
    }
  for (const auto sequence : states) {
    auto core = sequence.value == 0 ? std::make_unique<actors::runtime::entity_core>(target) : truth_->folded_to(target.entity, sequence);
    if (!core) return true;
    for (const auto steady : {of.at, clock_->steady()}) {
      actors::decision_context context;
      context.now = events::timestamp{steady};
      context.caller = one.envelope.caller;
      context.self = target;
      const auto decided = core->logic().decide(one.envelope.command, context);
      if (refused ? !decided.has_value() : decided.has_value() && decided->events.empty()) return true;
    }
  }
  return false;
}

/// Check 1, at the moment of the answer: what was accepted counts, for ever, where the answer says.
void request_book::check_accepted(const request& one, const actors::command_answer& answer, const std::string& process) {
  for (auto& each : truth_->read_on()) wrong_.push_back("the log: " + each);
  if (one.accepted && one.accepted->changed && answer.changed &&
      (one.accepted->position != answer.position || one.accepted->subject != answer.subject))
    complain(one, "two different answers");
  if (!answer.changed) return;
  const auto* found = truth_->counted_at(answer.position);
  const auto place = events::to_string(answer.position);
  if (found == nullptr) return complain(one, process + " acknowledged " + place + ", which does not count");
  if (one.is_stop) return;
  if (found->stored.content.headers.command != one.envelope.id) complain(one, place + " holds another command");
  if (found->stored.content.address() != one.envelope.target) complain(one, place + " is of another entity");
}

void request_book::lose_attempts_of(const std::string& process) {
  for (const auto& each : all_)
    for (auto& one : each->attempts)
      if (one.process == process && !one.answer) one.lost = true;
}

void request_book::answer_by_report(const std::string& process, const events::record& content, events::log_position place) {
  (void)truth_->read_on();
  const auto* counted = truth_->counted_at(place);
  std::vector<events::event> happened;
  if (counted != nullptr)
    for (const auto& each : counted->happened) happened.push_back(each.payload);
  for (const auto& each : all_) {
    if (each->is_stop || each->envelope.id != content.headers.command || each->envelope.target.slice_key != content.slice_key) continue;
    for (std::size_t i = 0; i < each->attempts.size(); ++i) {
      if (each->attempts[i].process != process || each->attempts[i].answer) continue;
      take_answer(*each, i, actors::command_answer{actors::subject_of(happened), place, true, false});
      each->attempts[i].early = true;
    }
  }
}

/// Check 8: who asked after an acknowledgement stands behind it in the log.
void request_book::check_order(const request& one, std::vector<std::string>& wrong) const {
  if (!one.accepted || !one.accepted->changed || one.accepted->repeated || one.is_stop) return;
  for (const auto& other : all_) {
    if (!other->accepted || !other->accepted->changed || other->is_stop || other->envelope.target != one.envelope.target) continue;
    if (other->acknowledged < one.begun && other->accepted->position >= one.accepted->position)
      wrong.push_back("out of order: command " + short_name(one.envelope.id.value) + " was asked after command " +
                      short_name(other->envelope.id.value) + " was acknowledged, and stands before it");
  }
}

std::vector<std::string> request_book::check_all() const {
  auto wrong = wrong_;
  std::map<std::pair<std::string, events::entity_ref>, events::log_position> last; // per process and entity, in order of answers
  std::vector<std::pair<std::uint64_t, const request*>> answered;
  for (const auto& each : all_) {
    const auto& one = *each;
    const auto id = short_name(one.envelope.id.value);
    const auto& places = truth_->of_command(one.envelope.target.slice_key, one.envelope.id);
    if (places.size() > 1) wrong.push_back("done " + std::to_string(places.size()) + " times: command " + id + " (" + one.what + ")");
    const bool all_said_no = !one.attempts.empty() && std::ranges::all_of(one.attempts, [](const attempt& any) {
      return any.answer && !*any.answer && !actors::runtime::passes_by_itself(any.answer->error().code);
    });
    // Where processes reach each other a copy that waited for a frozen one may be done after another copy was refused.
    if (all_said_no && !places.empty() && !anywhere_) wrong.push_back("refused, and done all the same: command " + id + " (" + one.what + ")");
    if (one.accepted && one.accepted->changed && !one.is_stop && places.empty())
      wrong.push_back("acknowledged and lost: command " + id + " (" + one.what + ")");
    if (!one.over()) wrong.push_back("never answered for good: command " + id + " (" + one.what + ")");
    check_order(one, wrong);
    // The answer to a stop takes one way more: the actor that makes replies passes it on.
    if (one.accepted && one.accepted->changed && !one.accepted->repeated && !one.is_stop) answered.emplace_back(one.acknowledged, each.get());
  }
  std::ranges::sort(answered);
  if (anywhere_) return wrong; // answers of two owners may overtake each other on their ways
  for (const auto& [when, one] : answered) {
    const auto who = std::ranges::find_if(one->attempts, [](const attempt& any) { return any.answer && any.answer->has_value(); });
    auto& before = last[{who->process, one->envelope.target.entity}];
    if (one->accepted->position < before) wrong.push_back(who->process + " acknowledged " + events::to_string(one->accepted->position) + " after " + events::to_string(before));
    before = std::max(before, one->accepted->position);
  }
  return wrong;
}

} // namespace reverie::simulation
