#include "events/rocksdb/rocksdb_log.hpp"
#include "tests/adapters/log_contract.hpp"
#include "tests/support/temporary_folder.hpp"

namespace reverie::tests {

struct rocksdb_log_harness {
  temporary_folder folder;
  std::unique_ptr<events::rocksdb_log> opened = events::rocksdb_log::open(folder.path()).value();

  event_log& log() { return *opened; }
  void reopen() {
    opened.reset();
    opened = events::rocksdb_log::open(folder.path()).value();
  }
};
INSTANTIATE_TYPED_TEST_SUITE_P(rocksdb, log_contract, rocksdb_log_harness);

} // namespace reverie::tests
