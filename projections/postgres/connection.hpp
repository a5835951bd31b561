#pragma once

#include "events/model/failure.hpp"
#include "projections/postgres/result.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace reverie::projections {

using events::failure;
using events::failure_code;
using events::outcome;

/// Values of `$1`, `$2`, … in text form; nothing is NULL.
using sql_params = std::vector<std::optional<std::string>>;

struct statement {
  std::string sql;
  sql_params params = {};
};

/// SQLSTATE of the statement that failed and its place in a pipeline.
struct sql_problem {
  std::string state; ///< empty when the connection failed
  std::size_t statement = 0;
  std::string constraint; ///< name of the constraint, if any

  /// What was written does not fit the tables (classes 22 and 23): trying again cannot help.
  bool is_data() const { return state.starts_with("22") || state.starts_with("23"); }
};

/// One connection to Postgres. Calls block; of one thread at a time. Messages of failures never hold cell contents.
class connection {
public:
  /// `unavailable` when the server can't be reached; the time-out is for connecting, statements have their own (0: none).
  static outcome<connection> open(const std::string& conninfo, std::chrono::seconds connect_timeout = std::chrono::seconds{5},
                                  std::chrono::milliseconds statement_timeout = std::chrono::milliseconds{0});

  /// One statement.
  outcome<result> run(const std::string& sql, const sql_params& params = {});
  /// Several statements in one go (pipeline mode): all are sent before the first answer is read; after the first that fails the rest
  /// is not run. Answers as many results as statements.
  outcome<std::vector<result>> run_all(std::span<const statement> statements);
  /// A script of several statements without parameters.
  outcome<void> run_script(const std::string& sql);
  /// `COPY … FROM STDIN (FORMAT binary)` with the bytes of a copy_writer. Answers the number of rows.
  outcome<std::uint64_t> copy_in(const std::string& sql, std::string_view bytes);
  /// Ends a transaction that failed; quiet when there is none.
  void roll_back();

  /// Whether a notification came within this time, after a LISTEN; `unavailable` when the connection is lost.
  outcome<bool> wait_for_notice(std::chrono::milliseconds wait);

  const sql_problem& problem() const { return problem_; }
  bool usable() const { return PQstatus(owned_.get()) == CONNECTION_OK; }
  int socket() const { return PQsocket(owned_.get()); }
  int server_process() const { return PQbackendPID(owned_.get()); }

private:
  explicit connection(PGconn* owned) : owned_(owned, &PQfinish) {}
  std::unexpected<failure> failed(PGresult* answer, std::size_t at);
  outcome<void> send_all(std::span<const statement> statements);
  outcome<std::vector<result>> receive_all(std::size_t count);

  std::unique_ptr<PGconn, void (*)(PGconn*)> owned_;
  sql_problem problem_;
};

} // namespace reverie::projections
