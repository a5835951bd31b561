#include "events/rocksdb/rocksdb_state_factory.hpp"

#include <algorithm>
#include <charconv>

namespace reverie::events {

namespace {

std::uint64_t number_of(const kept_generation& generation) {
  std::uint64_t number = 0;
  std::from_chars(generation.name.data(), generation.name.data() + generation.name.size(), number);
  return number;
}

} // namespace

/// The partition's folder, while nobody has it open; nobody can open it meanwhile.
class rocksdb_state_factory::claim {
public:
  claim(rocksdb_state_factory& of, partition_number partition) : of_(of), partition_(partition) {
    std::lock_guard lock(of_.mutex_);
    held_ = of_.opened_[partition].expired() && of_.replaced_.insert(partition).second;
  }
  ~claim() {
    if (!held_) return;
    std::lock_guard lock(of_.mutex_);
    of_.replaced_.erase(partition_);
  }
  claim(const claim&) = delete;
  claim& operator=(const claim&) = delete;
  outcome<void> held() const {
    if (held_) return {};
    return fail(failure_code::locked, "the state of partition " + std::to_string(partition_.value) + " is still in use");
  }

private:
  rocksdb_state_factory& of_;
  partition_number partition_;
  bool held_ = false;
};

outcome<std::vector<kept_generation>> rocksdb_state_factory::kept(partition_number partition) {
  std::vector<kept_generation> all;
  auto own = generations_of(partition).all();
  if (!own) return std::unexpected(std::move(own.error()));
  for (auto& manifest : *own) {
    auto name = std::to_string(manifest.generation);
    all.push_back({kept_generation::place::local, std::move(name), std::move(manifest), {}});
  }
  if (!options_.shared.empty()) {
    // What this node has of its own can be had without the others.
    if (auto shared = state_share{options_.shared}.all(partition)) std::ranges::move(*shared, std::back_inserter(all));
    else if (options_.on_trouble) options_.on_trouble(partition, shared.error());
  }
  std::ranges::stable_sort(all, std::greater{}, [](const kept_generation& each) {
    return std::pair{each.manifest.applied.pair.epoch, each.manifest.applied.next};
  });
  return all;
}

outcome<void> rocksdb_state_factory::take(partition_number partition, const kept_generation& generation) {
  claim claimed(*this, partition);
  if (auto held = claimed.held(); !held) return held;
  auto own = generations_of(partition);
  if (generation.where == kept_generation::place::local) return own.restore(number_of(generation));
  auto gathered = own.gathering();
  if (auto copied = state_share{options_.shared}.copy_out(partition, generation, gathered); !copied) {
    remove_folder(gathered);
    return copied;
  }
  return own.put_in_place(gathered);
}

outcome<void> rocksdb_state_factory::begin_anew(partition_number partition) {
  claim claimed(*this, partition);
  if (auto held = claimed.held(); !held) return held;
  remove_folder(generations_of(partition).current());
  return {};
}

outcome<bool> rocksdb_state_factory::share(partition_number partition, const checkpoint_manifest& own, const chain_hash& last_hash) {
  if (options_.shared.empty()) return false;
  auto files = generations_of(partition).files_of(own.generation);
  if (!files) return std::unexpected(std::move(files.error()));
  return state_share{options_.shared}.add(partition, own, last_hash, files->first, files->second);
}

outcome<generation_check> rocksdb_state_factory::check_next(partition_number partition) {
  auto all = kept(partition);
  if (!all) return std::unexpected(std::move(all.error()));
  if (all->empty()) return generation_check{};
  std::size_t turn = 0;
  {
    std::lock_guard lock(mutex_);
    turn = checks_[partition]++ % all->size();
  }
  generation_check seen;
  seen.looked_at = (*all)[turn];
  const bool local = seen.looked_at->where == kept_generation::place::local;
  const state_share shared{options_.shared};
  const auto own = generations_of(partition);
  auto judge = [&]() -> outcome<void> {
    if (!local) return shared.check(partition, *seen.looked_at);
    auto files = own.files_of(number_of(*seen.looked_at));
    if (!files) return fail(failure_code::not_found, "it went meanwhile");
    auto good = check_files(files->first, files->second);
    if (!good && !own.files_of(number_of(*seen.looked_at))) return fail(failure_code::not_found, "it went meanwhile");
    return good;
  };
  auto judged = judge();
  if (judged) return seen;
  if (judged.error().code == failure_code::not_found) return generation_check{};
  if (judged.error().code != failure_code::corrupted) return std::unexpected(std::move(judged.error()));
  seen.damage = judged.error();
  if (local) own.drop(number_of(*seen.looked_at));
  else shared.drop(partition, *seen.looked_at);
  return seen;
}

} // namespace reverie::events
