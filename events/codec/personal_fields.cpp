#include "events/codec/personal_fields.hpp"

namespace reverie::events {

std::vector<std::string_view> personal_fields_of(const event& any) {
  return std::visit(
      []<class Payload>(const Payload&) {
        std::vector<std::string_view> names;
        for_each_field<Payload>([&](const auto& each) {
          if (each.kept == privacy::personal) names.push_back(each.name);
        });
        return names;
      },
      any);
}

} // namespace reverie::events
