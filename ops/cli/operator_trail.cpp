#include "ops/cli/operator_trail.hpp"

#include "ops/operator/postgres_audit_log.hpp"
#include "ops/server/server_core.hpp"

#include <sodium.h>

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstdio>

namespace reverie::ops {

namespace {

constexpr std::size_t name_bytes_max = 4096;

events::uuid fresh_id() {
  std::array<std::uint8_t, 10> random;
  randombytes_buf(random.data(), random.size());
  return events::make_uuid_v7(wall_time(), random);
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string("this machine");
}

} // namespace

std::string operator_of_process() {
  std::array<char, name_bytes_max> text{};
  passwd entry{};
  passwd* found = nullptr;
  const auto user = ::getuid();
  if (::getpwuid_r(user, &entry, text.data(), text.size(), &found) == 0 && found != nullptr && found->pw_name != nullptr) return std::string("cli:") + found->pw_name;
  return "cli:" + std::to_string(user);
}

events::outcome<operator_trail> operator_trail::begin(const settings& given, cli_change what) {
  if (given.text("database-url").empty()) return events::fail(events::failure_code::malformed, "no database is named: set --database-url or REVERIE_DATABASE_URL");
  gateway::audit_entry entry{.id = {}, .at = {}, .actor = {}, .actor_email = operator_of_process(), .action = std::move(what.action), .subject = std::move(what.subject),
                             .privacy = std::nullopt, .reason = std::move(what.reason), .outcome = {}, .detail = std::move(what.detail),
                             .request_id = events::to_string(fresh_id()), .address = host_name()};
  operator_trail trail(std::make_unique<projections::connection_pool>(given.text("database-url")), std::move(entry));
  if (auto written = trail.write("begun"); !written)
    return events::fail(written.error().code, "the audit trail can't be written, so nothing is done: " + written.error().message);
  return trail;
}

void operator_trail::end(const events::failure* problem) {
  if (problem != nullptr) entry_.detail["problem"] = problem->message;
  if (auto written = write(problem == nullptr ? "done" : "failed"); !written)
    std::fprintf(stderr, "reverie: how it ended is not in the audit trail: %s\n", written.error().message.c_str());
}

events::outcome<void> operator_trail::write(std::string outcome) {
  entry_.id = fresh_id();
  entry_.at = wall_time();
  entry_.outcome = std::move(outcome);
  return postgres_audit_log(*pool_).append(entry_);
}

} // namespace reverie::ops
