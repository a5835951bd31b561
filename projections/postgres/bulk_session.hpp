#pragma once

#include "projections/postgres/connection.hpp"

/// How a connection that writes much is set up.
namespace reverie::projections {

/// Of Postgres, for one index of nearness.
inline constexpr std::uint64_t index_memory_bytes_max = std::uint64_t{1} << 30;

/// For small indexes.
inline constexpr std::uint64_t index_memory_bytes_min = 256 << 20;

/// The indexes that this connection makes from here on may take so much memory, and so many parallel workers.
outcome<void> allow_for_indexes(connection& database, std::uint64_t bytes, unsigned workers);

/// Runs a script that makes indexes of a table whose rows are there, with as much memory as they need within the limit and this many
/// parallel workers: a graph of nearness that does not fit is made several times more slowly. Where Postgres can't have that much (a container with
/// little shared memory) the script is run again without workers and with little. The script must do no harm when it is begun again.
outcome<void> run_with_index_memory(connection& database, const std::string& table, unsigned workers, const std::string& script);

/// Large texts that this connection writes are packed by lz4 where Postgres knows it: several times faster than its own packing, as small. Where it does
/// not, all stays as it is.
void prefer_fast_packing(connection& database);

} // namespace reverie::projections

