#pragma once

#include "projections/postgres/connection.hpp"
#include "projections/postgres/migrations.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>

namespace reverie::tests {

/// A private Postgres of this test program, started by ops/scripts/postgres in a folder that goes with it.
class postgres_server {
public:
  postgres_server() { start(); }
  ~postgres_server() { command("remove"); }
  postgres_server(const postgres_server&) = delete;
  postgres_server& operator=(const postgres_server&) = delete;

  void start() { conninfo_ = command("start"); }
  void stop() { command("stop"); }
  const std::string& conninfo() const { return conninfo_; }

private:
  std::string command(const std::string& action) {
    const auto line = std::string(REVERIE_SOURCE_DIR) + "/ops/scripts/postgres " + action + " " + folder_.path().string() + " --test 2>&1";
    std::string output;
    std::FILE* pipe = ::popen(line.c_str(), "r");
    std::array<char, 512> piece{};
    while (std::fgets(piece.data(), piece.size(), pipe) != nullptr) output += piece.data();
    if (::pclose(pipe) != 0) throw std::runtime_error("ops/scripts/postgres " + action + ": " + output);
    while (!output.empty() && output.back() == '\n') output.pop_back();
    const auto last = output.rfind('\n');
    return last == std::string::npos ? output : output.substr(last + 1);
  }

  temporary_folder folder_;
  std::string conninfo_;
};

/// The server that most tests share: REVERIE_TEST_DATABASE_URL, or a private one.
inline std::string shared_server() {
  if (const char* given = std::getenv("REVERIE_TEST_DATABASE_URL"); given != nullptr) return given;
  static postgres_server server;
  return server.conninfo();
}

/// The same server, another database.
inline std::string with_database(const std::string& conninfo, const std::string& name) {
  if (!conninfo.starts_with("postgres")) return conninfo + " dbname=" + name;
  const auto query = conninfo.find('?');
  const auto authority = conninfo.find("://") + 3;
  const auto slash = conninfo.find('/', authority);
  const auto rest = query == std::string::npos ? std::string{} : conninfo.substr(query);
  return conninfo.substr(0, std::min({slash, query, conninfo.size()})) + "/" + name + rest;
}

/// A fresh, migrated database that goes with this object.
class test_database {
public:
  explicit test_database(bool migrated = true, std::string server = shared_server()) : server_(std::move(server)) {
    static std::atomic<int> count{0};
    name_ = "reverie_test_" + std::to_string(::getpid()) + "_" + std::to_string(count++);
    admin("CREATE DATABASE " + name_);
    conninfo_ = with_database(server_, name_);
    if (!migrated) return;
    auto database = connect();
    const auto done = projections::migrate(database);
    if (!done) throw std::runtime_error(done.error().message);
  }
  ~test_database() { admin("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)"); }
  test_database(const test_database&) = delete;
  test_database& operator=(const test_database&) = delete;

  const std::string& conninfo() const { return conninfo_; }
  projections::connection connect() const {
    auto opened = projections::connection::open(conninfo_);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }
  /// First cell of a query, or what went wrong.
  std::string ask(const std::string& sql, const projections::sql_params& params = {}) const {
    auto database = connect();
    const auto rows = database.run(sql, params);
    if (!rows) return rows.error().message;
    return rows->rows() == 0 ? std::string{} : std::string(rows->text(0, 0));
  }

private:
  void admin(const std::string& sql) const {
    if (auto opened = projections::connection::open(server_)) (void)opened->run(sql);
  }

  std::string server_, name_, conninfo_;
};

} // namespace reverie::tests
