#include "events/kafka/kafka_membership.hpp"

#include <array>

namespace reverie::events {

namespace {

using group_names = std::array<const char*, 1>;

bool is(const char* found, const std::string& wanted) { return found != nullptr && wanted == found; }

} // namespace

outcome<bool> has_member(const kafka_cluster& cluster, kafka_listener& listener, const std::string& group, const std::string& member,
                         std::chrono::milliseconds within) {
  auto handle = open_kafka(cluster, kafka_role::asker, listener);
  if (!handle) return std::unexpected(std::move(handle.error()));
  std::array<char, 512> why{};
  const auto ms = static_cast<int>(within.count());
  kafka_admin_options options(rd_kafka_AdminOptions_new(handle->get(), RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS));
  if (auto error = rd_kafka_AdminOptions_set_request_timeout(options.get(), ms, why.data(), why.size()); error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return failure_of(error, why.data());
  kafka_queue answers(rd_kafka_queue_new(handle->get()));
  group_names names{group.c_str()};
  rd_kafka_DescribeConsumerGroups(handle->get(), names.data(), names.size(), options.get(), answers.get());
  kafka_event answer(rd_kafka_queue_poll(answers.get(), ms + 500));
  if (!answer) return fail(failure_code::unavailable, "the group " + group + " can't be asked who is in it");
  if (auto error = rd_kafka_event_error(answer.get()); error != RD_KAFKA_RESP_ERR_NO_ERROR)
    return failure_of(error, "the group " + group + " can't be asked who is in it");
  std::size_t count = 0;
  const auto* const* groups = rd_kafka_DescribeConsumerGroups_result_groups(rd_kafka_event_DescribeConsumerGroups_result(answer.get()), &count);
  if (count != 1) return fail(failure_code::unavailable, "the group " + group + " can't be asked who is in it");
  if (const auto* error = rd_kafka_ConsumerGroupDescription_error(groups[0]); error != nullptr) {
    if (rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR_GROUP_ID_NOT_FOUND) return false;
    return failure_of(rd_kafka_error_code(error), "the group " + group + " can't be asked who is in it");
  }
  for (std::size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(groups[0]); ++i)
    if (is(rd_kafka_MemberDescription_group_instance_id(rd_kafka_ConsumerGroupDescription_member(groups[0], i)), member)) return true;
  return false;
}

} // namespace reverie::events
