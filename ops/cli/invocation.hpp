#pragma once

#include "events/model/failure.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace reverie::ops {

struct serve_options {};
struct migrate_options {};

/// `simulate --seed S --runs N [--bug NAME] [--trace]`.
struct simulate_options {
  std::uint64_t seed = 1, runs = 1;
  std::optional<std::string> bug;
  bool trace = false;
};

/// `replay --entity … [--to-seq N] --print state|events`, or `replay --all --verify`.
struct replay_options {
  std::optional<std::string> entity;
  std::optional<std::uint64_t> to_sequence;
  std::optional<std::string> to_time;
  std::vector<std::uint64_t> diff; ///< from and to, or empty
  std::string print = "state";
  bool all = false, verify = false;
  bool from_start = false;             ///< of a verification: an interrupted one is not continued
  std::optional<std::uint64_t> records; ///< of a verification: at most so many of each partition; the next one goes on
  unsigned threads = 1;
  std::optional<std::string> save_states, against; ///< a file of states: written, or held against what this build folds
  std::optional<std::string> kind;                 ///< of entities, for those two
};

/// `fork session/<id>`: asks a running server.
struct fork_options {
  std::string session, model, reason, server; ///< no server: the one on this machine, at the port of the settings
  std::optional<std::uint64_t> sequence;      ///< none: the newest
  std::vector<std::string> say;               ///< in the fork, in this order; each is answered
};

/// `effects list` and `effects retry <id>|--all`: ask a running server.
struct effects_options {
  std::string action;
  std::optional<std::string> id, entity, kind;
  std::optional<std::uint32_t> partition;
  std::string state; ///< of list: pending or failed; empty: both
  bool all = false;
  std::string reason, server; ///< server: as of a fork
};

/// `rebuild <projection>…|--all`, or one of the things that can be done about a rebuild or its versions.
struct rebuild_options {
  enum class act { rebuild, dry_run, status, pause, resume, cancel, roll_back, drop_old };

  std::vector<std::string> projections; ///< empty: all
  bool all = false;
  act what = act::rebuild;
  bool no_switch = false, no_keep = false, no_compare = false, expect_same = false, despite_parked = false;
  std::optional<std::uint64_t> events_per_second, live_p99_ms;
  std::string reason; ///< for the audit log
};

/// `dead-letters list`, `retry`, `discard`, `edit`, `rules` and `retire-rule`.
struct letters_options {
  std::string action;
  std::optional<std::string> rule;  ///< of edit: a file with the operations; `-`: standard input
  std::string scope = "event"; ///< event, entity or type
  bool dry_run = false;
  std::optional<std::string> projection, entity, reason;
  std::optional<std::int64_t> id;
  std::string state = "parked";
  std::optional<std::uint32_t> version; ///< of list: of the projection; none: the one that serves
  bool all = false;
};

/// `projections list`, `pause`, `resume` and `reset`.
struct projections_options {
  std::string action;
  std::vector<std::string> projections; ///< empty: all
  std::optional<std::uint32_t> partition; ///< none: all
  std::string reason;
  std::optional<std::uint64_t> to_offset; ///< of a reset: one of these three
  std::optional<std::string> to_time;
  bool to_start = false, dry_run = false;
};

/// `vectors list`, `build`, `compare`, `switch`, `roll-back` and `drop`.
struct vectors_options {
  std::string action;
  std::optional<std::uint32_t> version;
  std::uint64_t queries = 100, nearest = 10;
  bool without_comparison = false;
  std::string reason;
};

struct verify_options {
  std::vector<std::string> projections;
};

/// `events tail` (follows), `events show <partition>:<offset>`, `events export --to <log>` and `events import --from <log>`.
struct events_options {
  std::string action; ///< tail, show, export, import
  std::string position;
  std::optional<std::string> entity;
  bool from_start = false, follow = true;
  std::string other_log;                  ///< of export and import
  std::optional<std::string> other_topic; ///< when the other log is in Kafka under another name
};

/// `users create` and `users role`.
struct users_options {
  std::string action; ///< create, role
  std::string email, name, role = "user";
  bool password_stdin = false;
  std::string reason;
};

/// `vault export FILE` and `vault import FILE`.
struct vault_options {
  std::string action, file, reason;
};

struct config_options {
  bool markdown = false;
};

/// What was typed: the command with its own options, and the settings given as flags.
struct invocation {
  std::variant<serve_options, migrate_options, simulate_options, replay_options, rebuild_options, verify_options, events_options, users_options, config_options,
               letters_options, projections_options, vectors_options, vault_options, fork_options, effects_options>
      command;
  std::map<std::string, std::string> settings;
  bool json = false;
  bool yes = false; ///< what can't be undone is not asked about
};

/// What to do instead of running a command: print a text (help, version) and exit.
struct printed_answer {
  std::string text;
  bool is_error = false;
};

/// Parses the command line; help and wrong usage come back as text to print.
std::variant<invocation, printed_answer> parse_command_line(int argc, const char* const* argv);

} // namespace reverie::ops
