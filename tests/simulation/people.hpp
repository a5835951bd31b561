#pragma once

#include "tests/simulation/request_book.hpp"
#include "tests/simulation/simulated_process.hpp"

#include <map>
#include <memory>
#include <set>
#include <vector>

namespace reverie::simulation {

/// A conversation as its user knows it.
struct known_conversation {
  events::session_id session{};
  events::character_id character{};
  events::log_position before{}; ///< lies before its first record
  std::vector<events::message_id> own;     ///< messages that were accepted
  std::vector<events::message_id> replies; ///< seen
};

struct person {
  events::user_id id{};
  bool registered = false;
  std::shared_ptr<request> registering;
  std::vector<known_conversation> conversations;
  std::set<events::character_id> opening; ///< asked for, not answered
};

/// The people of a run and what they ask for: every command goes to some process, is tried again with its id until it is answered for good,
/// sometimes asked again though it was answered, sometimes given up.
class people {
public:
  people(shared_world world, std::shared_ptr<request_book> book, std::size_t persons, std::size_t characters);

  /// Somebody asks for something new. `choose` gives the process to ask.
  using process_choice = std::function<simulated_process*(const events::uuid& slice_key)>;
  void ask_something(const process_choice& choose);
  /// Requests whose time has come are tried again; answers are taken in.
  void try_again(const process_choice& choose);
  /// Somebody repeats a command that was answered.
  void repeat_something(const process_choice& choose);
  /// No more new or given-up commands: what is open is tried until it is answered.
  void become_patient() { patient_ = true; }
  bool satisfied() const;

  std::vector<person>& all() { return people_; }
  void note_reply(events::session_id session, events::message_id reply);
  known_conversation* conversation(events::session_id session);

private:
  void submit(const std::shared_ptr<request>& one, simulated_process& to);
  void take_in(const std::shared_ptr<request>& one);
  actors::command_envelope envelope(const person& who, events::entity_address target, actors::any_command command);
  bool ask_setup(const process_choice& choose);
  void ask_in(person& who, known_conversation& of, const process_choice& choose);
  void start(const process_choice& choose, actors::command_envelope envelope, std::string what);
  actors::session::command draw_command(known_conversation& of, std::string& what);
  events::message_id some_message(known_conversation& of);
  events::uuid fresh_id();

  shared_world world_;
  std::shared_ptr<request_book> book_;
  std::vector<person> people_;
  struct cast_member {
    events::character_id id{};
    std::shared_ptr<request> creating;
    bool created = false;
  };
  std::vector<cast_member> characters_;
  std::set<const request*> taken_in_;
  std::size_t words_ = 0;
  bool patient_ = false;
};

} // namespace reverie::simulation
