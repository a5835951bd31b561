#include "projections/postgres/connection.hpp"

#include <poll.h>

namespace reverie::projections {
namespace {

struct raw_params {
  std::vector<const char*> values;

  explicit raw_params(const sql_params& params) {
    values.reserve(params.size());
    for (const auto& each : params) values.push_back(each ? each->c_str() : nullptr);
  }
  int count() const { return static_cast<int>(values.size()); }
};

/// What a SQLSTATE means to callers.
failure_code code_of(std::string_view state) {
  if (state.starts_with("08") || state.starts_with("57P") || state.starts_with("40")) return failure_code::unavailable;
  if (state == "53100") return failure_code::no_space;
  if (state.starts_with("53")) return failure_code::unavailable;
  if (state == "23505") return failure_code::already_exists;
  if (state == "55P03") return failure_code::locked;
  if (state == "57014") return failure_code::timed_out;
  if (state.starts_with("42")) return failure_code::not_found;
  return failure_code::malformed;
}

bool is_good(PGresult* answer) {
  const auto status = PQresultStatus(answer);
  return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_EMPTY_QUERY || status == PGRES_PIPELINE_SYNC;
}

std::string field_of(PGresult* answer, int field) {
  const char* text = PQresultErrorField(answer, field);
  return text == nullptr ? std::string{} : std::string(text);
}

} // namespace

outcome<connection> connection::open(const std::string& conninfo, std::chrono::seconds connect_timeout,
                                     std::chrono::milliseconds statement_timeout) {
  const auto seconds = std::to_string(connect_timeout.count());
  const auto options = "-c statement_timeout=" + std::to_string(statement_timeout.count()) + " -c timezone=UTC -c client_min_messages=warning";
  // A machine that is gone without a word is found out within 20 s, whoever waits for it: the defaults of Linux are two hours. Those of
  // `conninfo` come last and win.
  const char* keys[] = {"connect_timeout", "options", "application_name", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout", "dbname", nullptr};
  const char* values[] = {seconds.c_str(), options.c_str(), "reverie", "10", "3", "3", "10000", conninfo.c_str(), nullptr};
  connection fresh(PQconnectdbParams(keys, values, 1));
  if (!fresh.usable()) return events::fail(failure_code::unavailable, "the database can't be reached");
  PQsetNoticeReceiver(fresh.owned_.get(), [](void*, const PGresult*) {}, nullptr);
  return fresh;
}

std::unexpected<failure> connection::failed(PGresult* answer, std::size_t at) {
  problem_ = {answer == nullptr ? std::string{} : field_of(answer, PG_DIAG_SQLSTATE), at,
              answer == nullptr ? std::string{} : field_of(answer, PG_DIAG_CONSTRAINT_NAME)};
  if (problem_.state.empty() || !usable()) return events::fail(failure_code::unavailable, "the connection to the database was lost");
  std::string message = "the database refused a statement (" + problem_.state + ")";
  if (!problem_.constraint.empty()) message += ", constraint " + problem_.constraint;
  // Other classes can quote cell contents; these name objects, privileges and syntax only.
  if (problem_.state.starts_with("42") || problem_.state.starts_with("RV")) message += ": " + field_of(answer, PG_DIAG_MESSAGE_PRIMARY);
  return events::fail(code_of(problem_.state), std::move(message));
}

outcome<result> connection::run(const std::string& sql, const sql_params& params) {
  const raw_params raw(params);
  result answer(PQexecParams(owned_.get(), sql.c_str(), raw.count(), nullptr, raw.values.data(), nullptr, nullptr, 0));
  if (!is_good(answer.raw())) return failed(answer.raw(), 0);
  return answer;
}

outcome<void> connection::run_script(const std::string& sql) {
  const result answer(PQexec(owned_.get(), sql.c_str()));
  if (!is_good(answer.raw())) return failed(answer.raw(), 0);
  return {};
}

outcome<void> connection::send_all(std::span<const statement> statements) {
  for (const auto& each : statements) {
    const raw_params raw(each.params);
    if (PQsendQueryParams(owned_.get(), each.sql.c_str(), raw.count(), nullptr, raw.values.data(), nullptr, nullptr, 0) != 1)
      return failed(nullptr, 0);
  }
  if (PQpipelineSync(owned_.get()) != 1) return failed(nullptr, 0);
  return {};
}

outcome<std::vector<result>> connection::receive_all(std::size_t count) {
  std::vector<result> answers;
  answers.reserve(count);
  std::optional<std::unexpected<failure>> problem;
  for (;;) {
    result answer(PQgetResult(owned_.get()));
    if (answer.raw() == nullptr) { // between two statements; twice in a row only when the connection is gone
      if (!usable()) return problem ? *problem : failed(nullptr, answers.size());
      continue;
    }
    const auto status = PQresultStatus(answer.raw());
    if (status == PGRES_PIPELINE_SYNC) break;
    if (!is_good(answer.raw()) && status != PGRES_PIPELINE_ABORTED && !problem) problem = failed(answer.raw(), answers.size());
    answers.push_back(std::move(answer));
  }
  if (problem) return *problem;
  return answers;
}

outcome<std::vector<result>> connection::run_all(std::span<const statement> statements) {
  if (statements.empty()) return std::vector<result>{};
  if (PQenterPipelineMode(owned_.get()) != 1) return failed(nullptr, 0);
  if (auto sent = send_all(statements); !sent) return std::unexpected(sent.error());
  auto answers = receive_all(statements.size());
  if (usable()) PQexitPipelineMode(owned_.get());
  return answers;
}

outcome<std::uint64_t> connection::copy_in(const std::string& sql, std::string_view bytes) {
  const result begun(PQexec(owned_.get(), sql.c_str()));
  if (PQresultStatus(begun.raw()) != PGRES_COPY_IN) return failed(begun.raw(), 0);
  constexpr std::size_t piece = 1 << 20;
  for (std::size_t at = 0; at < bytes.size(); at += piece) {
    const auto part = bytes.substr(at, piece);
    if (PQputCopyData(owned_.get(), part.data(), static_cast<int>(part.size())) != 1) return failed(nullptr, 0);
  }
  if (PQputCopyEnd(owned_.get(), nullptr) != 1) return failed(nullptr, 0);
  const result done(PQgetResult(owned_.get()));
  const result end(PQgetResult(owned_.get()));
  if (!is_good(done.raw())) return failed(done.raw(), 0);
  return done.changed();
}

outcome<bool> connection::wait_for_notice(std::chrono::milliseconds wait) {
  pollfd watched{socket(), POLLIN, 0};
  (void)::poll(&watched, 1, static_cast<int>(wait.count()));
  if (PQconsumeInput(owned_.get()) != 1) return failed(nullptr, 0);
  bool any = false;
  while (PGnotify* notice = PQnotifies(owned_.get())) {
    any = true;
    PQfreemem(notice);
  }
  return any;
}

void connection::roll_back() {
  if (usable() && PQtransactionStatus(owned_.get()) != PQTRANS_IDLE) (void)run("ROLLBACK");
}

} // namespace reverie::projections
