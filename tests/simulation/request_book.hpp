#pragma once

#include "actors/runtime/interfaces.hpp"
#include "tests/simulation/log_truth.hpp"
#include "tests/simulation/trace.hpp"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reverie::simulation {

/// One try of a request at one process.
struct attempt {
  std::string process;
  std::chrono::milliseconds at{};
  std::optional<actors::command_outcome> answer;
  bool lost = false; ///< the process died: no answer will come
  bool early = false;  ///< planted: answered by the delivery report
  events::log_offset log_end{}; ///< of the partition, when it was asked
};

/// A command as its caller sees it, with every try and answer.
struct request {
  actors::command_envelope envelope;
  std::string what;                       ///< for the trace
  bool is_stop = false;                   ///< stop of a running reply: has no id of its own, is tried once
  std::vector<attempt> attempts;
  std::optional<actors::command_answer> accepted; ///< the first answer that said yes
  std::optional<events::rejection> refused;       ///< the last that said no for good
  bool given_up = false;                  ///< the caller went away: what becomes of it is open
  std::chrono::milliseconds again_at{};   ///< when the caller tries again
  std::uint64_t begun = 0, acknowledged = 0; ///< in the order of all requests' beginnings and answers

  bool over() const { return accepted || refused || given_up; }
  bool under_way() const;
};

/// All that was asked for in a run, and what is wrong with the answers. Checks 1, 2, 8 and 9 of docs/decisions/0012-simulation.md.
class request_book {
public:
  request_book(std::shared_ptr<log_truth> truth, std::shared_ptr<trace> said, std::shared_ptr<tests::fake_clock> clock)
      : truth_(std::move(truth)), said_(std::move(said)), clock_(std::move(clock)) {}
  /// From now on who is asked may have another process answer.
  void answers_come_from_anywhere() { anywhere_ = true; }

  std::shared_ptr<request> open(actors::command_envelope envelope, std::string what);
  /// Notes a try; the answer goes to take_answer.
  std::size_t begin_attempt(request& one, const std::string& process);
  void take_answer(request& one, std::size_t attempt_index, const actors::command_outcome& answer);
  void lose_attempts_of(const std::string& process);
  /// The planted answer before the read-back: as a server would give it that takes the delivery report for one.
  void answer_by_report(const std::string& process, const events::record& content, events::log_position place);

  const std::deque<std::shared_ptr<request>>& all() const { return all_; }
  /// What was found wrong so far.
  const std::vector<std::string>& wrong() const { return wrong_; }
  /// At the end: every accepted command stands in the log once, none that was refused does, order is kept.
  std::vector<std::string> check_all() const;
  std::size_t accepted() const { return accepted_; }

private:
  void check_accepted(const request& one, const actors::command_answer& answer, const std::string& process);
  void check_refusal(const request& one, const attempt& of, const actors::command_outcome& answer);
  events::partition_number partition_of(const request& one) const;
  bool explained(const request& one, const attempt& of, bool refused) const;
  void check_order(const request& one, std::vector<std::string>& wrong) const;
  void complain(const request& one, const std::string& what);

  std::shared_ptr<log_truth> truth_;
  std::shared_ptr<trace> said_;
  std::shared_ptr<tests::fake_clock> clock_;
  std::deque<std::shared_ptr<request>> all_;
  std::vector<std::string> wrong_;
  std::uint64_t counter_ = 0;
  std::size_t accepted_ = 0;
  bool anywhere_ = false;
};

} // namespace reverie::simulation
