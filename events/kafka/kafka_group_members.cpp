#include "events/kafka/kafka_group_members.hpp"

#include "events/kafka/kafka_admin.hpp"

#include <algorithm>
#include <string_view>
#include <thread>

namespace reverie::events {

namespace {

constexpr std::chrono::milliseconds asked_again{200};
constexpr std::string_view own_client = "reverie"; ///< client.id of all our handles

/// A coordinator that has just come up, or moves. What is not allowed, or went meanwhile, stays so.
bool passes_soon(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS || code == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE ||
         code == RD_KAFKA_RESP_ERR_NOT_COORDINATOR || code == RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT || code == RD_KAFKA_RESP_ERR__TIMED_OUT ||
         code == RD_KAFKA_RESP_ERR__TRANSPORT;
}

std::string text_of(const char* text) { return text == nullptr ? std::string{} : text; }

outcome<std::vector<std::string>> groups_of(rd_kafka_t& handle, const kafka_listener& listener) {
  auto event = ask_admin(handle, RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, "can't list the groups", [&](auto* options, auto* answers) {
    rd_kafka_ListConsumerGroups(&handle, options, answers);
  });
  if (!event) return std::unexpected(std::move(event.error()));
  const auto* result = rd_kafka_event_ListConsumerGroups_result(event->get());
  std::size_t errors = 0, count = 0;
  const auto* failed = rd_kafka_ListConsumerGroups_result_errors(result, &errors);
  for (std::size_t i = 0; i < errors; ++i) {
    if (passes_soon(rd_kafka_error_code(failed[i]))) return failure_of(rd_kafka_error_code(failed[i]), "can't list the groups of a broker");
    listener.say(4, std::string("the groups of a broker can't be listed: ") + rd_kafka_error_string(failed[i]));
  }
  const auto* listed = rd_kafka_ListConsumerGroups_result_valid(result, &count);
  std::vector<std::string> groups;
  for (std::size_t i = 0; i < count; ++i) groups.push_back(text_of(rd_kafka_ConsumerGroupListing_group_id(listed[i])));
  return groups;
}

std::size_t count_on(const rd_kafka_MemberDescription_t& member, std::string_view topic) {
  const auto* assignment = rd_kafka_MemberDescription_assignment(&member);
  const auto* list = assignment == nullptr ? nullptr : rd_kafka_MemberAssignment_partitions(assignment);
  if (list == nullptr) return 0;
  return static_cast<std::size_t>(std::count_if(list->elems, list->elems + list->cnt, [&](const auto& each) { return each.topic == topic; }));
}

void add_members(std::vector<kafka_group_member>& all, const rd_kafka_ConsumerGroupDescription_t& group, std::string_view topic) {
  for (std::size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(&group); ++i) {
    const auto* member = rd_kafka_ConsumerGroupDescription_member(&group, i);
    if (text_of(rd_kafka_MemberDescription_client_id(member)) != own_client) continue;
    if (const auto count = count_on(*member, topic); count > 0)
      all.push_back({text_of(rd_kafka_ConsumerGroupDescription_group_id(&group)), text_of(rd_kafka_MemberDescription_group_instance_id(member)),
                     text_of(rd_kafka_MemberDescription_host(member)), count});
  }
}

outcome<std::vector<kafka_group_member>> look(const kafka_cluster& cluster) {
  kafka_listener listener(cluster);
  auto handle = open_kafka(cluster, kafka_role::asker, listener);
  if (!handle) return std::unexpected(std::move(handle.error()));
  auto groups = groups_of(**handle, listener);
  if (!groups) return std::unexpected(std::move(groups.error()));
  std::vector<kafka_group_member> all;
  for (const auto& group : *groups) { // one a request, as one that can't be looked at must not hide the others
    const char* name = group.c_str();
    auto event = ask_admin(**handle, RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, "can't look at a group", [&](auto* options, auto* answers) {
      rd_kafka_DescribeConsumerGroups(handle->get(), &name, 1, options, answers);
    });
    if (!event) return std::unexpected(std::move(event.error()));
    std::size_t count = 0;
    const auto* described = rd_kafka_DescribeConsumerGroups_result_groups(rd_kafka_event_DescribeConsumerGroups_result(event->get()), &count);
    for (std::size_t i = 0; i < count; ++i) {
      const auto* error = rd_kafka_ConsumerGroupDescription_error(described[i]);
      if (error != nullptr && rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR) {
        const auto code = rd_kafka_error_code(error);
        if (passes_soon(code)) return failure_of(code, "can't look at the group " + group);
        listener.say(4, "the group " + group + " can't be looked at: " + rd_kafka_error_string(error));
        continue;
      }
      add_members(all, *described[i], cluster.topic);
    }
  }
  return all;
}

} // namespace

outcome<std::vector<kafka_group_member>> members_on_topic(const kafka_cluster& cluster) {
  for (const auto until = std::chrono::steady_clock::now() + kafka_cluster::answers_within;;) {
    auto seen = look(cluster);
    if (seen || seen.error().code != failure_code::unavailable || std::chrono::steady_clock::now() > until) return seen;
    std::this_thread::sleep_for(asked_again);
  }
}

} // namespace reverie::events
