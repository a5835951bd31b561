#include "events/codec/registry.hpp"

#include "events/codec/fields_json_types.hpp"
#include "events/model/assert.hpp"

#include <algorithm>

namespace reverie::events {

namespace {

/// The word for a field's type in docs and tools.
template <class T>
std::string_view type_name() {
  if constexpr (std::same_as<T, bool>) return "boolean";
  else if constexpr (std::integral<T> || std::floating_point<T> || std::is_enum_v<T> || fields_json::is_strong_number<T>) return "number";
  else if constexpr (std::same_as<T, uuid> || fields_json::is_strong_id<T>) return "uuid";
  else if constexpr (fields_json::is_time_point<T>) return "time";
  else if constexpr (fields_json::is_optional<T>) return type_name<typename T::value_type>();
  else if constexpr (described<T> || fields_json::is_variant<T>) return "object";
  else if constexpr (fields_json::keyed<T> || fields_json::listing<T>) {
    static const std::string name = "list of " + std::string(type_name<typename T::value_type>());
    return name;
  } else return "text";
}

// Not in the template: inlined there, the growing vector makes GCC 14 warn of a write that can't happen.
void add_field(std::vector<registered_field>& fields, const registered_field& added) { fields.push_back(added); }

template <event_payload Payload>
registered_event registration(std::size_t alternative) {
  std::string_view name = Payload::name;
  auto owner = parse_entity_kind(name.substr(0, name.find('.')));
  REVERIE_ASSERT(owner.has_value(), "an event is named after the kind it belongs to");
  registered_event made{Payload::number, name, Payload::version, *owner, alternative, {}};
  for_each_field<Payload>([&](const auto& each) {
    using member = typename std::remove_cvref_t<decltype(each)>::member_type;
    add_field(made.fields, {each.name, type_name<member>(), fields_json::is_optional<member>, each.kept});
  });
  return made;
}

std::vector<registered_event> all_registrations() {
  std::vector<registered_event> all;
  [&]<class... Payloads>(std::type_identity<std::variant<Payloads...>>) {
    (all.push_back(registration<Payloads>(all.size())), ...);
  }(std::type_identity<event>{});
  std::ranges::sort(all, {}, &registered_event::number);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      REVERIE_ASSERT(all[i].number != all[j].number && all[i].name != all[j].name, "two events share a name or number");
    }
  }
  return all;
}

} // namespace

std::span<const registered_event> registered_events() {
  static const std::vector<registered_event> all = all_registrations();
  return all;
}

const registered_event* find_event(std::string_view name) {
  auto all = registered_events();
  auto found = std::ranges::find(all, name, &registered_event::name);
  return found == all.end() ? nullptr : &*found;
}

} // namespace reverie::events
