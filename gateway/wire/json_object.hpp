#pragma once

#include "events/codec/json_text.hpp"
#include "events/model/entity_position.hpp"
#include "events/model/ids.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reverie::gateway {

/// Writes one JSON object to the end of a string, field by field, in the order of the calls. Closed by `close` or the destructor.
class json_object {
public:
  explicit json_object(std::string& out) : out_(out) { out_.push_back('{'); }
  ~json_object() { close(); }
  json_object(const json_object&) = delete;
  json_object& operator=(const json_object&) = delete;

  void close() {
    if (open_) out_.push_back('}');
    open_ = false;
  }
  /// Writes the key and gives the string to append the value to.
  std::string& key(std::string_view name) {
    if (!first_) out_.push_back(',');
    first_ = false;
    out_.push_back('"');
    out_.append(name);
    out_.append("\":");
    return out_;
  }
  json_object& text(std::string_view name, std::string_view value) {
    events::append_json_string(key(name), value);
    return *this;
  }
  json_object& number(std::string_view name, double value) {
    events::append_json_number(key(name), value);
    return *this;
  }
  json_object& count(std::string_view name, std::uint64_t value) {
    events::append_json_number(key(name), value);
    return *this;
  }
  json_object& boolean(std::string_view name, bool value) {
    key(name) += value ? "true" : "false";
    return *this;
  }
  json_object& null(std::string_view name) {
    key(name) += "null";
    return *this;
  }
  json_object& raw(std::string_view name, std::string_view json) {
    key(name) += json;
    return *this;
  }
  json_object& uuid(std::string_view name, const events::uuid& id) {
    events::append_json_uuid(key(name), id);
    return *this;
  }
  template <class Tag>
  json_object& id(std::string_view name, const events::strong_id<Tag>& value) {
    return uuid(name, value.value);
  }
  template <class Tag>
  json_object& id(std::string_view name, const std::optional<events::strong_id<Tag>>& value) {
    return value ? uuid(name, value->value) : null(name);
  }
  template <class Tag>
  json_object& ids(std::string_view name, const std::vector<events::strong_id<Tag>>& values) {
    auto& out = key(name);
    out.push_back('[');
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out.push_back(',');
      events::append_json_uuid(out, values[i].value);
    }
    out.push_back(']');
    return *this;
  }
  json_object& texts(std::string_view name, const std::vector<std::string>& values) {
    auto& out = key(name);
    out.push_back('[');
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) out.push_back(',');
      events::append_json_string(out, values[i]);
    }
    out.push_back(']');
    return *this;
  }
  json_object& time(std::string_view name, events::timestamp at) { return text(name, events::format_rfc3339(at)); }
  json_object& time(std::string_view name, const std::optional<events::timestamp>& at) {
    return at ? time(name, *at) : null(name);
  }
  json_object& position(std::string_view name, const events::log_position& value) {
    return text(name, events::to_string(value));
  }
  json_object& position(std::string_view name, const events::entity_position& value) {
    return text(name, events::to_string(value));
  }

private:
  std::string& out_;
  bool first_ = true;
  bool open_ = true;
};

} // namespace reverie::gateway
