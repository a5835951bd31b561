#pragma once

#include "events/model/field.hpp"
#include "events/model/ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// Control records of a partition; they belong to the entity `partition/<n>`. Numbers 700 to 799.
namespace reverie::events::partition {

/// A process claims the partition. Counts only if its epoch is one above the highest that counted before it.
struct owner_announced {
  static constexpr std::string_view name = "partition.owner_announced";
  static constexpr unsigned number = 700, version = 1;

  std::uint64_t epoch = 0;
  uuid writer;
  std::string node; ///< host:port of the node, for finding owners

  static constexpr auto fields = std::tuple{field("epoch", &owner_announced::epoch), field("writer", &owner_announced::writer),
                                            field("node", &owner_announced::node)};
  friend bool operator==(const owner_announced&, const owner_announced&) = default;
};

/// Which partition each of the 1024 slices lives in. Stands in partition 0.
struct slices_mapped {
  static constexpr std::string_view name = "partition.slices_mapped";
  static constexpr unsigned number = 701, version = 1;

  std::vector<std::uint32_t> partition_of_slice;

  static constexpr auto fields = std::tuple{field("partition_of_slice", &slices_mapped::partition_of_slice)};
  friend bool operator==(const slices_mapped&, const slices_mapped&) = default;
};

} // namespace reverie::events::partition
