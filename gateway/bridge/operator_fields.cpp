#include "gateway/bridge/operator_ports.hpp"

namespace reverie::gateway {

using kind = decltype(projections::list_field::type);

std::vector<projections::list_field> operator_user_fields() {
  return {{"id", kind::uuid},         {"email", kind::text},           {"name", kind::text},          {"roles", kind::text_list},
          {"created_at", kind::time}, {"conversations", kind::number}, {"last_active_at", kind::time}};
}

std::vector<projections::list_field> operator_conversation_fields() {
  return {{"id", kind::uuid},    {"user_id", kind::uuid}, {"character_id", kind::uuid}, {"character_name", kind::text},
          {"state", kind::text}, {"messages", kind::number}, {"created_at", kind::time}, {"updated_at", kind::time}};
}

} // namespace reverie::gateway
