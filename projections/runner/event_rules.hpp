#pragma once

#include "events/log/record.hpp"
#include "events/vault/key_ring.hpp"
#include "projections/fold/event_patch.hpp"
#include "projections/postgres/connection.hpp"

#include <memory>
#include <unordered_map>

namespace reverie::projections {

/// A rule by which one projection reads some events otherwise than they lie in the log.
struct event_rule {
  std::int64_t id = 0;
  std::string projection;
  std::optional<events::entity_ref> entity; ///< none: of every entity
  std::string type;
  std::uint32_t version = 1;
  events::sequence_number from_sequence{};  ///< of the entity
  std::optional<events::sequence_number> to_sequence = std::nullopt; ///< the last one
  std::vector<patch_operation> operations;  ///< personal values are sealed, as in the log
};

/// All rules that hold, as of one moment. Immutable; shared by the readers of a projection.
class event_rules {
public:
  explicit event_rules(std::vector<event_rule> rules);

  static outcome<std::shared_ptr<const event_rules>> load(connection& database);

  bool empty() const { return rules_.empty(); }
  /// Whether any rule may concern the record. Cheap.
  bool touch(const events::record_headers& headers) const;
  /// The record's value under the rules, for each projection one of them is of. A person whose key is destroyed stays unread.
  std::vector<std::pair<std::string, outcome<std::string>>> amend(const events::stored_record& stored, events::key_ring& keys) const;

private:
  bool matches(const event_rule& rule, const events::record_headers& headers, std::size_t event) const;
  outcome<void> apply(const event_rule& rule, patch_json& data, events::key_ring& keys) const;

  std::vector<event_rule> rules_; ///< by id: later ones are applied to what earlier ones made
  std::unordered_map<events::entity_ref, bool> entities_;
  bool any_of_all_ = false;
};

/// One event of a record as it lies there: type, version and data, sealed.
struct raw_event {
  std::string type;
  std::uint32_t version = 0;
  patch_json data;
};
/// `malformed` when the record has no such event.
outcome<raw_event> raw_event_of(const events::stored_record& stored, events::sequence_number sequence);

/// Opens the sealed fields of an event's data; what can't be opened for good becomes null.
outcome<patch_json> opened_data(const std::string& type, patch_json data, events::key_ring& keys);

/// Whether a field of an event type holds what a person wrote, as far as it is known: a field that the type does not have may.
bool may_be_personal(const std::string& type, const std::string& field);

} // namespace reverie::projections
