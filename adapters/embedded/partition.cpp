#include "adapters/embedded/partition.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace busbar::adapters::embedded {

partition::partition(ports::partition_id place, const ports::topic_settings& topic,
                     partition_bounds bounds, lock_counters& locks)
    : place_(std::move(place)), is_compacted_(topic.is_compacted), retention_(topic.retention),
      bounds_(bounds), mutex_(locks) {}

domain::result<std::int64_t> partition::append(const std::string& key, ports::shared_bytes value,
                                               domain::instant now, bool is_admitted) {
  std::scoped_lock lock(mutex_);
  expire(now);
  entry newest{end_.load(std::memory_order_relaxed), key, std::move(value), now};
  if (!make_room(key, newest.bytes()) && !is_admitted) {
    ++figures_.refused_full;
    return domain::error{domain::errc::full, place_.topic + "/" +
                                                 std::to_string(place_.partition) + " holds " +
                                                 std::to_string(entries_.size()) +
                                                 " records that its readers still need"};
  }
  const auto offset = newest.offset;
  ++figures_.appended;
  figures_.appended_bytes += newest.bytes();
  put(std::move(newest));
  end_.store(offset + 1, std::memory_order_release);
  for (const auto& [group, state] : readers_)
    if (state.on_append != nullptr) state.on_append->signal();
  return offset;
}

bool partition::has_room(const std::string& key, std::size_t value_bytes, domain::instant now) {
  std::scoped_lock lock(mutex_);
  expire(now);
  if (make_room(key, sizeof(entry) + key.size() + value_bytes)) return true;
  ++figures_.refused_full;
  return false;
}

void partition::restore(const std::vector<ports::record>& records, std::int64_t end) {
  std::scoped_lock lock(mutex_);
  for (const auto& each : records) put({each.offset, each.key, each.value, each.written_at});
  end_.store(end, std::memory_order_release);
}

void partition::put(entry newest) {
  if (newest_.contains(newest.key)) supersede(newest.key);
  if (is_compacted_) newest_[newest.key] = newest.offset;
  figures_.bytes += newest.bytes();
  entries_.push_back(std::move(newest));
}

std::int64_t partition::attach(const std::string& group, bool from_beginning, waker* on_append) {
  std::scoped_lock lock(mutex_);
  reader& state = readers_[group];
  const std::int64_t end = end_.load(std::memory_order_relaxed);
  const std::int64_t first = entries_.empty() ? end : entries_.front().offset;
  state.position = from_beginning ? first : end;
  if (state.committed) state.position = std::max(*state.committed, first);
  state.is_live = true;
  state.on_append = on_append;
  return state.position;
}

void partition::set_waker(const std::string& group, waker* on_append) {
  std::scoped_lock lock(mutex_);
  readers_[group].on_append = on_append;
}

void partition::detach(const std::string& group) {
  std::scoped_lock lock(mutex_);
  readers_[group].is_live = false;
  readers_[group].on_append = nullptr;
}

std::int64_t partition::read(const std::string& group, std::int64_t position,
                             std::size_t records_max, domain::instant now,
                             std::vector<ports::record>& out) {
  std::scoped_lock lock(mutex_);
  expire(now);
  auto next = find(position);
  for (; next != entries_.end() && records_max > 0; ++next) {
    position = next->offset + 1;
    if (next->is_superseded) continue;
    out.push_back({place_, next->offset, next->key, next->value, next->written_at});
    --records_max;
  }
  if (next == entries_.end()) position = std::max(position, end_.load(std::memory_order_relaxed));
  readers_[group].position = position;
  return position;
}

void partition::commit(const std::string& group, std::int64_t next) {
  std::scoped_lock lock(mutex_);
  readers_[group].committed = next;
}

std::int64_t partition::read_from(std::optional<std::int64_t> from, domain::instant now,
                                  std::vector<ports::record>& out) {
  std::scoped_lock lock(mutex_);
  expire(now);
  if (from)
    for (const entry& of : entries_)
      if (of.offset >= *from && !of.is_superseded)
        out.push_back({place_, of.offset, of.key, of.value, of.written_at});
  return end_.load(std::memory_order_relaxed);
}

partition_figures partition::figures() {
  std::scoped_lock lock(mutex_);
  partition_figures now = figures_;
  now.records = entries_.size();
  return now;
}

std::int64_t partition::needed_from() const {
  std::int64_t needed = std::numeric_limits<std::int64_t>::max();
  for (const auto& [group, state] : readers_)
    if (state.is_live) needed = std::min(needed, state.committed.value_or(state.position));
  return needed;
}

std::deque<partition::entry>::iterator partition::find(std::int64_t offset) {
  return std::lower_bound(entries_.begin(), entries_.end(), offset,
                          [](const entry& of, std::int64_t than) { return of.offset < than; });
}

void partition::expire(domain::instant now) {
  if (!retention_ || is_compacted_) return;
  while (!entries_.empty() && entries_.front().written_at + *retention_ < now) {
    pop_oldest();
    ++figures_.expired;
  }
}

bool partition::make_room(const std::string& key, std::size_t bytes) {
  const auto old = newest_.find(key);
  const bool replaces = old != newest_.end();
  const std::size_t freed_records = replaces ? 1 : 0;
  const std::size_t freed_bytes = replaces ? find(old->second)->bytes() : 0;
  const auto has_room = [&] {
    return entries_.size() < bounds_.records_max + freed_records &&
           figures_.bytes + bytes <= bounds_.bytes_max + freed_bytes;
  };
  if (has_room()) return true;
  if (is_compacted_) {
    compact();
    return has_room();
  }
  const std::int64_t needed = needed_from();
  while (!has_room() && !entries_.empty() && entries_.front().offset < needed) {
    pop_oldest();
    ++figures_.dropped;
  }
  return has_room();
}

void partition::supersede(const std::string& key) {
  const auto old = find(newest_.at(key));
  figures_.bytes -= old->value ? old->value->size() : 0;
  old->value = nullptr;
  old->is_superseded = true;
  ++superseded_here_;
  ++figures_.superseded;
  // Half of the table dead: each record is moved at most once per record appended.
  if (superseded_here_ > 64 && superseded_here_ * 2 > entries_.size()) compact();
}

/// Removes what is superseded, and deleted keys that every live reader has seen.
void partition::compact() {
  const std::int64_t needed = needed_from();
  std::erase_if(entries_, [&](const entry& of) {
    const bool is_deleted_key = of.value == nullptr && !of.is_superseded && of.offset < needed;
    if (!of.is_superseded && !is_deleted_key) return false;
    if (is_deleted_key) newest_.erase(of.key);
    figures_.bytes -= of.bytes();
    return true;
  });
  superseded_here_ = 0;
}

void partition::pop_oldest() {
  figures_.bytes -= entries_.front().bytes();
  entries_.pop_front();
}

} // namespace busbar::adapters::embedded
