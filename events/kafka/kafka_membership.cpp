#include "events/kafka/kafka_membership.hpp"

#include "events/kafka/kafka_admin.hpp"

namespace reverie::events {

outcome<bool> has_member(const kafka_cluster& cluster, kafka_listener& listener, const std::string& group, const std::string& member) {
  auto handle = open_kafka(cluster, kafka_role::asker, listener);
  if (!handle) return std::unexpected(std::move(handle.error()));
  constexpr auto doing = "the group can't be asked who is in it";
  const char* name = group.c_str();
  auto answer = ask_admin(**handle, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, doing, [&](auto* options, auto* answers) {
    rd_kafka_DescribeConsumerGroups(handle->get(), &name, 1, options, answers);
  });
  if (!answer) return std::unexpected(std::move(answer.error()));
  std::size_t count = 0;
  const auto* const* groups = rd_kafka_DescribeConsumerGroups_result_groups(rd_kafka_event_DescribeConsumerGroups_result(answer->get()), &count);
  if (count != 1) return fail(failure_code::unavailable, doing);
  const auto* error = rd_kafka_ConsumerGroupDescription_error(groups[0]);
  const auto code = error == nullptr ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_error_code(error);
  if (code == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND) return false;
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return failure_of(code, doing);
  for (std::size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(groups[0]); ++i) {
    const auto* found = rd_kafka_MemberDescription_group_instance_id(rd_kafka_ConsumerGroupDescription_member(groups[0], i));
    if (found != nullptr && member == found) return true;
  }
  return false;
}

} // namespace reverie::events
