#include "adapters/embedded/kept_topics.hpp"

#include <algorithm>
#include <chrono>

namespace busbar::adapters::embedded {

namespace {

std::size_t bytes_of(const ports::record& of) {
  return of.key.size() + (of.value ? of.value->size() : 0);
}

} // namespace

kept_topics::kept_topics(std::unique_ptr<journal> file, std::vector<journal_entry> found)
    : file_(std::move(file)) {
  sort(std::move(found));
  writer_ = std::jthread{[this](const std::stop_token& stop) { run(stop); }};
}

kept_topics::~kept_topics() {
  writer_.request_stop();
  changed_.notify_all();
}

void kept_topics::sort(std::vector<journal_entry> found) {
  for (auto& entry : found) {
    if (auto* record = std::get_if<ports::record>(&entry)) {
      auto& part = found_[record->place];
      part.end = record->offset + 1;
      part.records.push_back(std::move(*record));
    } else if (const auto* end = std::get_if<kept_end>(&entry)) {
      auto& part = found_[end->place];
      part.end = std::max(part.end, end->end);
    } else if (const auto* commit = std::get_if<kept_commit>(&entry)) {
      found_[commit->place].commits[commit->group] = commit->next;
      commits_[{commit->group, commit->place}] = commit->next;
    }
  }
}

domain::result<void> kept_topics::add(const std::string& topic,
                                      const std::vector<partition*>& partitions) {
  const std::scoped_lock lock(disk_);
  const auto had = std::ranges::count_if(
      found_, [&](const auto& each) { return each.first.topic == topic; });
  if (had != 0 && static_cast<std::size_t>(had) != partitions.size())
    return domain::error{domain::errc::conflict,
                         "the kept topic '" + topic + "' has " + std::to_string(had) +
                             " partitions, and is to have " + std::to_string(partitions.size())};
  std::vector<journal_entry> ends;
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    const ports::partition_id place{topic, static_cast<std::int32_t>(i)};
    partitions_[place] = partitions[i];
    if (had == 0) ends.emplace_back(kept_end{place, 0});
    const auto found = found_.extract(place);
    if (found.empty()) continue;
    partitions[i]->restore(found.mapped().records, found.mapped().end);
    for (const auto& [group, next] : found.mapped().commits) partitions[i]->commit(group, next);
  }
  return ends.empty() ? domain::result<void>{} : file_->append(ends);
}

domain::result<void> kept_topics::publish(partition& to, const ports::record& from,
                                          ports::acknowledgement then) {
  const auto bytes = bytes_of(from);
  const auto full = [&](const char* why) {
    return domain::error{domain::errc::full, from.place.topic + "/" +
                                                 std::to_string(from.place.partition) + why};
  };
  if (!to.has_room(from.key, bytes, from.written_at))
    return full(" is full of records that its readers still need");
  {
    const std::scoped_lock lock(mutex_);
    const bool is_full = queue_.records.size() >= kept_queue_records_max ||
                         queue_.bytes + bytes > kept_queue_bytes_max;
    if (is_full) return full(": more waits for the disk than its bounds allow");
    queue_.records.push_back({&to, from, std::move(then)});
    queue_.bytes += bytes;
  }
  changed_.notify_all();
  return {};
}

void kept_topics::commit(kept_commit commit) {
  const std::scoped_lock lock(mutex_);
  queue_.commits.push_back(std::move(commit));
}

domain::result<void> kept_topics::flush(domain::microseconds patience) {
  std::unique_lock lock(mutex_);
  const bool is_done = changed_.wait_for(
      lock, patience, [&] { return queue_.records.empty() && !is_writing_; });
  if (is_done) return {};
  return domain::error{domain::errc::timeout,
                       std::to_string(queue_.records.size()) + " records wait for the disk"};
}

domain::result<void> kept_topics::check() {
  const std::scoped_lock lock(mutex_);
  if (failure_) return *failure_;
  return {};
}

std::size_t kept_topics::waiting() {
  const std::scoped_lock lock(mutex_);
  return queue_.records.size();
}

void kept_topics::run(const std::stop_token& stop) {
  while (true) {
    auto all = take(stop);
    if (all.records.empty() && all.commits.empty()) return;
    write(all);
    {
      const std::scoped_lock lock(mutex_);
      is_writing_ = false;
    }
    changed_.notify_all();
  }
}

kept_topics::batch kept_topics::take(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  static_cast<void>(changed_.wait(lock, stop, [&] { return !queue_.records.empty(); }));
  is_writing_ = true;
  return std::exchange(queue_, {});
}

void kept_topics::write(batch& all) {
  std::map<partition*, std::int64_t> next;
  std::vector<journal_entry> entries;
  entries.reserve(all.records.size() + all.commits.size());
  for (auto& each : all.records) {
    auto& offset = next.try_emplace(each.to, each.to->end()).first->second;
    each.record.offset = offset++;
    entries.emplace_back(each.record);
  }
  for (auto& each : all.commits) entries.emplace_back(std::move(each));
  const auto written = put_on_disk(entries);
  {
    const std::scoped_lock lock(mutex_);
    failure_ = written ? std::nullopt : std::optional{written.failure()};
  }
  for (auto& [to, record, then] : all.records) {
    if (!written) {
      if (then) then(written.failure());
      continue;
    }
    static_cast<void>(to->append(record.key, record.value, record.written_at, true));
    if (then) then(std::pair{record.place, record.offset});
  }
}

domain::result<void> kept_topics::put_on_disk(const std::vector<journal_entry>& entries) {
  const std::scoped_lock lock(disk_);
  for (const auto& each : entries)
    if (const auto* commit = std::get_if<kept_commit>(&each))
      commits_[{commit->group, commit->place}] = commit->next;
  // Before them, from what readers have: these are not there yet.
  if (file_->bytes() >= std::max(rewrite_min, rewrite_factor * live_bytes_))
    if (auto written = rewrite(); !written) return written;
  return file_->append(entries);
}

domain::result<void> kept_topics::rewrite() {
  std::vector<journal_entry> entries;
  for (const auto& [place, part] : partitions_) {
    std::vector<ports::record> records;
    const auto end = part->read_from(0, domain::instant{}, records);
    for (auto& each : records) entries.emplace_back(std::move(each));
    entries.emplace_back(kept_end{place, end});
  }
  // Of topics that are not added yet: they stay as they were found.
  for (const auto& [place, part] : found_) {
    for (const auto& each : part.records) entries.emplace_back(each);
    entries.emplace_back(kept_end{place, part.end});
  }
  for (const auto& [key, next] : commits_)
    entries.emplace_back(kept_commit{key.first, key.second, next});
  auto written = file_->rewrite(entries);
  if (written) live_bytes_ = file_->bytes();
  return written;
}

} // namespace busbar::adapters::embedded
