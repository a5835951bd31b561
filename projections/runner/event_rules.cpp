#include "projections/runner/event_rules.hpp"

#include "events/codec/registry.hpp"
#include "events/vault/field_sealing.hpp"

#include <algorithm>
#include <set>

namespace reverie::projections {
namespace {

/// The sealed box of a value, if it is one.
const patch_json* sealed_in(const patch_json& value) {
  if (!value.is_object() || value.size() != 1) return nullptr;
  const auto found = value.find("$sealed");
  return found != value.end() && found->is_object() ? &*found : nullptr;
}

std::string text_in(const patch_json& box, const char* name) {
  const auto found = box.find(name);
  return found != box.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// Opens a field in place. One whose key is destroyed stays as it is.
outcome<void> open_field(const std::string& type, const std::string& field, patch_json& value, events::key_ring& keys) {
  const auto* box = sealed_in(value);
  if (box == nullptr) return {};
  auto plain = events::open_with(keys)(text_in(*box, "key"), type + "/" + field, text_in(*box, "nonce"), text_in(*box, "box"));
  if (!plain && plain.error().code == failure_code::key_destroyed) return {};
  if (!plain) return std::unexpected(plain.error());
  auto opened = patch_json::parse(*plain, nullptr, false);
  if (opened.is_discarded()) return events::fail(failure_code::corrupted, "a sealed field holds no JSON value");
  value = std::move(opened);
  return {};
}

/// What an operation reads or reaches into has to be open before.
bool needs_open(const patch_operation& one) {
  return one.what == patch_operation::kind::rename || one.path.find('/', 1) != std::string::npos;
}

} // namespace

event_rules::event_rules(std::vector<event_rule> rules) : rules_(std::move(rules)) {
  std::ranges::sort(rules_, {}, &event_rule::id);
  for (const auto& each : rules_) {
    if (each.entity) entities_[*each.entity] = true;
    else any_of_all_ = true;
  }
}

outcome<std::shared_ptr<const event_rules>> event_rules::load(connection& database) {
  const auto rows = database.run("SELECT id, projection, entity, event_type, event_version, from_sequence, operations, to_sequence FROM rules.event_rules WHERE retired_at IS NULL ORDER BY id");
  if (!rows) return std::unexpected(rows.error());
  std::vector<event_rule> all;
  for (std::size_t i = 0; i < rows->rows(); ++i) {
    event_rule one{.id = rows->integer(i, 0), .projection = std::string(rows->text(i, 1)), .entity = std::nullopt, .type = std::string(rows->text(i, 3)),
                   .version = static_cast<std::uint32_t>(rows->integer(i, 4)), .from_sequence = {static_cast<std::uint64_t>(rows->integer(i, 5))}, .operations = {}};
    if (!rows->is_null(i, 2)) {
      one.entity = events::parse_entity(rows->text(i, 2));
      if (!one.entity) return events::fail(failure_code::corrupted, "rule " + std::to_string(one.id) + " names no entity");
    }
    if (!rows->is_null(i, 7)) one.to_sequence = {static_cast<std::uint64_t>(rows->integer(i, 7))};
    auto operations = parse_patch(patch_json::parse(rows->text(i, 6), nullptr, false));
    if (!operations) return events::fail(failure_code::corrupted, "rule " + std::to_string(one.id) + ": " + operations.error().message);
    one.operations = std::move(*operations);
    all.push_back(std::move(one));
  }
  return std::make_shared<const event_rules>(std::move(all));
}

bool event_rules::matches(const event_rule& rule, const events::record_headers& headers, std::size_t event) const {
  const events::sequence_number sequence{headers.first_sequence.value + event};
  return (!rule.entity || *rule.entity == headers.entity) && headers.types[event].name == rule.type && sequence >= rule.from_sequence &&
         (!rule.to_sequence || sequence <= *rule.to_sequence);
}

bool event_rules::touch(const events::record_headers& headers) const {
  if (!any_of_all_ && (entities_.empty() || !entities_.contains(headers.entity))) return false;
  for (std::size_t i = 0; i < headers.types.size(); ++i)
    if (std::ranges::any_of(rules_, [&](const auto& each) { return matches(each, headers, i); })) return true;
  return false;
}

outcome<void> event_rules::apply(const event_rule& rule, patch_json& data, events::key_ring& keys) const {
  if (!data.is_object()) return events::fail(failure_code::malformed, "an event's data is no object");
  for (const auto& each : rule.operations) {
    if (!needs_open(each)) continue;
    const auto field = field_of(each.path);
    if (const auto found = data.find(field); found != data.end())
      if (auto opened = open_field(rule.type, field, *found, keys); !opened) return opened;
  }
  auto made = apply_patch(std::move(data), rule.operations);
  if (!made) return events::fail(failure_code::malformed, "rule " + std::to_string(rule.id) + ": " + made.error().message);
  data = std::move(*made);
  return {};
}

std::vector<std::pair<std::string, outcome<std::string>>> event_rules::amend(const events::stored_record& stored, events::key_ring& keys) const {
  const auto& headers = stored.content.headers;
  std::set<std::string> projections;
  for (const auto& rule : rules_)
    for (std::size_t i = 0; i < headers.types.size(); ++i)
      if (matches(rule, headers, i)) projections.insert(rule.projection);
  std::vector<std::pair<std::string, outcome<std::string>>> all;
  for (const auto& projection : projections) {
    auto value = patch_json::parse(stored.content.value, nullptr, false);
    const auto amended = [&]() -> outcome<std::string> {
      if (!value.is_array() || value.size() != headers.types.size()) return events::fail(failure_code::malformed, "a record's value is not its events");
      for (std::size_t i = 0; i < value.size(); ++i)
        for (const auto& rule : rules_) {
          if (rule.projection != projection || !matches(rule, headers, i)) continue;
          if (!value[i].is_object() || !value[i].contains("data") || value[i].value("version", 0U) != rule.version) continue;
          if (auto done = apply(rule, value[i]["data"], keys); !done) return std::unexpected(done.error());
        }
      return value.dump(-1, ' ', false, patch_json::error_handler_t::replace);
    };
    all.emplace_back(projection, amended());
  }
  return all;
}

outcome<raw_event> raw_event_of(const events::stored_record& stored, events::sequence_number sequence) {
  const auto& headers = stored.content.headers;
  const auto value = patch_json::parse(stored.content.value, nullptr, false);
  const auto at = sequence.value - headers.first_sequence.value;
  if (sequence < headers.first_sequence || !value.is_array() || at >= value.size() || !value[at].is_object() || !value[at].contains("data") || !value[at]["data"].is_object())
    return events::fail(failure_code::malformed, "the record holds no such event: a rule can't mend it");
  return raw_event{value[at].value("type", std::string()), value[at].value("version", 0U), value[at]["data"]};
}

outcome<patch_json> opened_data(const std::string& type, patch_json data, events::key_ring& keys) {
  if (!data.is_object()) return data;
  for (auto& [field, value] : data.items()) {
    if (auto opened = open_field(type, field, value, keys); !opened) return std::unexpected(opened.error());
    if (sealed_in(value) != nullptr) value = nullptr;
  }
  return data;
}

bool may_be_personal(const std::string& type, const std::string& field) {
  const auto* known = events::find_event(type);
  if (known == nullptr) return true;
  const auto found = std::ranges::find(known->fields, field, &events::registered_field::name);
  return found == known->fields.end() || found->kept == events::privacy::personal;
}

} // namespace reverie::projections
