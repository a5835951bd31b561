#include "events/rocksdb/log_facts.hpp"

#include "events/codec/fields_json.hpp"
#include "events/rocksdb/log_layout.hpp"
#include "events/rocksdb/rocksdb_status.hpp"

#include <rocksdb/db.h>

namespace reverie::events {

namespace {

struct stored_facts : log_facts {
  static constexpr auto fields =
      std::tuple{field("layout", &stored_facts::layout), field("partitions", &stored_facts::partitions)};
};

std::string facts_key() { return log_layout::key_of({{log_layout::facts_partition}, {0}}); }

} // namespace

outcome<log_facts> read_log_facts(rocksdb::DB& database) {
  std::string value;
  auto key = facts_key();
  auto status = database.Get({}, key, &value);
  if (!status.ok()) return failure_of(status, "can't read the log's facts");
  auto json = log_layout::checked(key, value);
  if (!json) return fail(failure_code::corrupted, "the log's facts fail their checksum");
  auto facts = from_canonical_json<stored_facts>(*json);
  if (!facts) return std::unexpected(std::move(facts.error()));
  if (facts->layout > log_facts::layout_version) return fail(failure_code::unknown_version, "a newer build made this log");
  if (facts->partitions == 0 || facts->partitions > log_layout::partitions_max)
    return fail(failure_code::corrupted, "the log's facts name an impossible number of partitions");
  return *facts;
}

outcome<log_facts> read_or_write_log_facts(rocksdb::DB& database, std::uint32_t partitions_if_fresh) {
  auto known = read_log_facts(database);
  if (known || known.error().code != failure_code::not_found) return known;
  stored_facts fresh;
  fresh.partitions = partitions_if_fresh;
  rocksdb::WriteOptions synced;
  synced.sync = true;
  auto key = facts_key();
  auto written = database.Put(synced, key, log_layout::value_of(key, to_canonical_json(fresh)));
  if (!written.ok()) return failure_of(written, "can't write the log's facts");
  return fresh;
}

} // namespace reverie::events
