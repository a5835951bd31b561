#pragma once

#include "gateway/bridge/audit_log.hpp"
#include "gateway/bridge/fork_port.hpp"
#include "gateway/wire/api_error.hpp"

#include "projections/queries/read_models.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// What the operators' side needs from the rest of the server. Every call may block (they run on a pool of their own); all are thread-safe.
/// Answers are JSON documents as docs/API_REFERENCE.md names them; what is personal in them is under the mode that was asked for.
namespace reverie::gateway {

/// One line of the settings.
struct setting_view {
  std::string name, value, default_value, source, unit, meaning;
  bool secret = false;
};

/// What a list of records or events is asked for.
struct record_query {
  std::optional<events::partition_number> partition;
  std::optional<events::entity_ref> entity;
  std::string type; ///< of an event, or the beginning of it before `*`
  std::optional<events::correlation_id> correlation;
  std::optional<events::command_id> command;
  std::optional<events::timestamp> since, until;
  bool forward = false; ///< oldest first
  std::string cursor;
  std::size_t page_size = 50;
  privacy_mode privacy = privacy_mode::masked;
  std::optional<std::uint64_t> sequence = {}; ///< of an entity's history without a cursor: begins with the record of this event
};

/// New records as they come.
class record_feed {
public:
  virtual ~record_feed() = default;
  /// Those that match since the last call, at most `records_max` looked at.
  virtual result<std::vector<document>> next(std::size_t records_max) = 0;
};

class log_inspector {
public:
  virtual ~log_inspector() = default;
  /// A page of records; looks at a bounded number and hands on a cursor.
  virtual result<document> search(const record_query& query) = 0;
  virtual result<document> record(events::log_position at, privacy_mode privacy) = 0;
  virtual result<std::unique_ptr<record_feed>> follow(const record_query& query) = 0;
  /// The owners of a partition, newest first.
  virtual result<document> epochs(events::partition_number partition, const std::string& cursor, std::size_t page_size) = 0;
};

/// Which state of an entity: at a sequence, at a time, or (neither) the newest.
struct entity_moment {
  std::optional<std::uint64_t> sequence;
  std::optional<events::timestamp> time;
};

class entity_inspector {
public:
  virtual ~entity_inspector() = default;
  virtual result<document> entity(events::entity_ref which, privacy_mode privacy) = 0;
  virtual result<document> history(events::entity_ref which, const record_query& query) = 0;
  virtual result<document> state_at(events::entity_ref which, entity_moment when, privacy_mode privacy) = 0;
  virtual result<document> diff(events::entity_ref which, std::uint64_t from, std::uint64_t to, privacy_mode privacy) = 0;
  virtual result<document> world(events::user_id person, events::log_position at, privacy_mode privacy) = 0;
};

/// One instance of a projection, as the catalogue has it.
struct version_view {
  std::uint32_t version = 1, fold_version = 1;
  std::string state, schema;
  bool serving = false;
  std::optional<events::timestamp> switched_at;
  std::optional<std::uint64_t> rows; ///< an estimate
  std::uint64_t parked_entities = 0;
  std::vector<std::pair<events::partition_number, events::log_offset>> next; ///< as stored
};

struct projection_view {
  std::string projection;
  std::vector<version_view> versions;
  document rebuild = nullptr;
  document paused = document::array(); ///< where it was told to stand still, and why
};

/// What an operator may do to a projection.
struct projection_action {
  std::string projection;
  std::string what; ///< rebuild, pause, resume, cancel, rate, switch, roll-back, drop, verify
  std::uint32_t version = 0;
  std::optional<std::uint64_t> rate; ///< events per second; 0: no limit
  std::optional<std::uint64_t> live_p99_ms; ///< that a rebuild keeps live commands within; 0: it does not look
  bool switch_over = true;
};

/// Where to a projection is set back: an offset of a partition, a time, or the log's start.
struct reset_wish {
  std::string projection;
  std::optional<std::uint32_t> partition; ///< none: all
  std::optional<std::uint64_t> offset;
  std::optional<events::timestamp> time;
  bool start = false;
};

class projection_steering {
public:
  virtual ~projection_steering() = default;
  virtual result<std::vector<projection_view>> list() = 0;
  virtual result<document> rebuild_of(const std::string& projection) = 0;
  /// Title, what it touches, the text to be typed.
  virtual result<document> impact(const projection_action& action) = 0;
  /// Begins to look at what a rebuild would find, make and take; answers the look as it is, as the two below do.
  virtual result<document> preflight(const std::string& projection) = 0;
  virtual result<document> preflight_of(const std::string& projection) = 0;
  virtual result<document> cancel_preflight(const std::string& projection) = 0;
  /// Begins or does it; what it answers is the rebuild, the comparison, or null (the projection itself is shown then).
  virtual result<document> act(const projection_action& action) = 0;
  virtual result<document> comparison_of(const std::string& projection) = 0;
  /// What a reset would touch, with the text to be typed; and the reset itself.
  virtual result<document> reset_preview(const reset_wish& wish) = 0;
  virtual result<document> reset(const reset_wish& wish) = 0;
  /// Lets a projection stand still in a partition or everywhere, and go on; answers null.
  virtual result<document> stand_still(const std::string& projection, std::optional<std::uint32_t> partition, const std::string& reason) = 0;
  virtual result<document> go_on_from_standing(const std::string& projection, std::optional<std::uint32_t> partition) = 0;
};

struct letter_query {
  std::string projection, state, entity, cursor;
  std::size_t page_size = 50;
  std::optional<std::uint32_t> version = {}; ///< of the projection, whatever its state; none: the one that serves
};

/// A rule by which a projection reads an event differently from how it lies in the log.
struct event_rule_wish {
  document operations = document::array();
  std::string scope = "event"; ///< that one alone; entity: those of this type and version from there on; type: of every entity
  std::string author, reason;
};

class letter_desk {
public:
  virtual ~letter_desk() = default;
  virtual result<document> list(const letter_query& query) = 0;
  virtual result<std::uint64_t> parked() = 0; ///< events that wait, of the serving versions
  virtual result<document> impact(std::int64_t id) = 0; ///< of discarding
  virtual result<document> retry(std::int64_t id, bool dry_run) = 0;
  virtual result<document> discard(std::int64_t id, const std::string& reason) = 0;
  /// What the letter's event would be under a rule and whether the fold takes it then: folded for real, and rolled back.
  virtual result<document> rule_preview(std::int64_t id, const event_rule_wish& wish, privacy_mode privacy) = 0;
  /// Keeps the rule and tries the entity's letters again.
  virtual result<document> keep_rule(std::int64_t id, const event_rule_wish& wish) = 0;
  virtual result<document> rules(const letter_query& query) = 0;
  virtual result<document> retire_rule_impact(std::int64_t rule) = 0;
  virtual result<document> retire_rule(std::int64_t rule, const std::string& reason) = 0;
};

/// Vectors of memories by embedding model: versions side by side, compared before one is switched to.
class vector_steering {
public:
  virtual ~vector_steering() = default;
  virtual result<document> list() = 0;
  virtual result<document> build_view() = 0;
  /// what: build, cancel, switch, roll-back, drop.
  virtual result<document> impact(const std::string& what, std::uint32_t version) = 0;
  virtual result<document> act(const std::string& what, std::uint32_t version, bool without_comparison) = 0;
  virtual result<document> compare(std::uint32_t version, std::uint64_t queries, std::uint64_t nearest) = 0;
};

struct people_query {
  std::string text;                ///< in name or e-mail
  projections::list_request list;  ///< filters, order, cursor, page size
  privacy_mode privacy = privacy_mode::masked;
};

/// Fields that operators' lists of people and conversations may be filtered and sorted by.
std::vector<projections::list_field> operator_user_fields();
std::vector<projections::list_field> operator_conversation_fields();

class people_desk {
public:
  virtual ~people_desk() = default;
  virtual result<document> users(const people_query& query) = 0;
  virtual result<document> user(events::user_id id, privacy_mode privacy) = 0;
  virtual result<document> conversations(std::optional<events::user_id> of, const people_query& query) = 0;
  virtual result<document> memories(events::user_id of, const people_query& query) = 0;
  virtual result<document> messages(events::session_id conversation, const people_query& query) = 0;
  virtual result<document> conversation(events::session_id id, privacy_mode privacy) = 0;
};

/// What of a verification somebody must know.
struct verification_alarm {
  std::uint64_t differences = 0;     ///< between the log, its chains and the stored states: found in the background or by the last whole run
  std::vector<std::string> problems; ///< why a partition, or the log as a whole, could not be verified
};

class verification_port {
public:
  virtual ~verification_port() = default;
  virtual result<document> status() = 0;
  /// Cheap, never blocks on the log.
  virtual verification_alarm alarm() = 0;
  /// Begins a run over the whole log; `conflict` when one is under way.
  virtual result<document> run(const std::string& scope) = 0;
};

/// Something that can answer in a fork.
struct model_view {
  std::string name, kind;
  bool own = false; ///< what answers people
};

/// All of it. A port that is null answers `unavailable`.
struct operator_ports {
  audit_log* audit = nullptr;
  log_inspector* log = nullptr;
  entity_inspector* entities = nullptr;
  projection_steering* projections = nullptr;
  letter_desk* letters = nullptr;
  vector_steering* vectors = nullptr;
  people_desk* people = nullptr;
  verification_port* verification = nullptr;
  fork_port* forks = nullptr;
  std::vector<model_view> models = {};
  bool any_model_name = false; ///< the model's endpoint may know further ones by name
  std::function<std::vector<setting_view>()> settings = {};
  /// Told at each beat how commands fared since the one before; must not block.
  std::function<void(double command_p99_ms, std::uint64_t commands)> on_beat = {};
  std::string version, node, log_kind;
  std::string node_url; ///< how a browser reaches a node, with `{host}` and `{port}` of its address; empty: not known
  bool full_allowed = true; ///< whether operators may see personal content unmasked
};

} // namespace reverie::gateway
