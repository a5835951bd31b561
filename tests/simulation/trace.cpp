#include "tests/simulation/trace.hpp"

#include <cstdio>

namespace reverie::simulation {

void trace::say(std::string_view who, std::string_view what) {
  const auto passed = (clock_->now() - begun_).count();
  char head[48];
  std::snprintf(head, sizeof head, "%6lld.%03lld s %6llu  ", static_cast<long long>(passed / 1000), static_cast<long long>(passed % 1000),
                static_cast<unsigned long long>(messages_));
  auto& line = lines_.emplace_back(head);
  line += who;
  line += who.size() < 10 ? std::string(10 - who.size(), ' ') : " ";
  line += what;
}

std::string short_name(const events::uuid& id) {
  const auto text = events::to_string(id);
  return text.substr(text.size() - 6);
}

std::string short_name(const events::entity_ref& entity) {
  return std::string(events::name_of(entity.kind)) + "/" + short_name(entity.id);
}

std::string in_short(const events::record& content) {
  const auto& headers = content.headers;
  auto text = short_name(headers.entity) + " #" + std::to_string(headers.first_sequence.value);
  for (const auto& each : headers.types) text += " " + each.name.substr(each.name.find('.') + 1);
  return text + ", epoch " + std::to_string(headers.epoch.value) + " of " + short_name(headers.writer.value) +
         (headers.command.is_nil() ? "" : ", command " + short_name(headers.command.value));
}

} // namespace reverie::simulation
