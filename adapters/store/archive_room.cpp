#include "adapters/store/archive_room.hpp"

#include "domain/events/history.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace busbar::adapters::store {

bool archive_room::ask(question one) {
  {
    const std::lock_guard lock{guard_};
    if (content_.stopping_since || content_.questions.size() >= questions_max) return false;
    content_.questions.push_back(std::move(one));
  }
  wake_.notify_all();
  return true;
}

ports::archive_status archive_room::status() const {
  const std::lock_guard lock{guard_};
  auto now = content_.status;
  now.waiting = content_.waiting.size();
  if (content_.of_the_feed && now.state == ports::archive_state::kept) {
    now.state = ports::archive_state::lost;
    now.why = content_.of_the_feed->why;
    now.lost_at = content_.of_the_feed->since;
  }
  return now;
}

std::map<std::string, double> archive_room::statistics() const {
  const auto now = status();
  const std::lock_guard lock{guard_};
  auto all = content_.totals;
  all["is_lost"] = now.state == ports::archive_state::lost ? 1 : 0;
  all["sessions"] = static_cast<double>(now.sessions);
  all["events"] = static_cast<double>(now.events);
  all["bytes"] = static_cast<double>(now.bytes);
  all["waiting"] = static_cast<double>(now.waiting);
  all["lag_records"] = static_cast<double>(now.lag);
  all["missed_total"] = static_cast<double>(now.missed);
  return all;
}

std::optional<archive_room::reading> archive_room::begin_reading() const {
  const std::lock_guard lock{guard_};
  return content_.from;
}

bool archive_room::has_room() const {
  const std::lock_guard lock{guard_};
  return content_.from.has_value() && content_.waiting.size() < waiting_max;
}

bool archive_room::put(const std::string& id, std::vector<log_item> items) {
  bool is_full = false;
  {
    const std::lock_guard lock{guard_};
    auto& waiting = content_.waiting;
    const auto& from = content_.from;
    if (!from || from->id != id || waiting.size() >= waiting_max) return false;
    std::ranges::move(items, std::back_inserter(waiting));
    is_full = waiting.size() >= batch_max;
  }
  if (is_full) wake_.notify_all();
  return true;
}

log_places archive_room::take_written() {
  const std::lock_guard lock{guard_};
  // What the next reader begins at.
  if (content_.from)
    for (const auto& [at, place] : content_.written) content_.from->places[at] = place;
  return std::exchange(content_.written, {});
}

void archive_room::tell(const domain::event& event) {
  {
    const std::lock_guard lock{guard_};
    if (content_.told.size() < told_max) content_.told.push_back(event);
  }
  if (line_) line_(event);
}

std::vector<domain::event> archive_room::take_told() {
  const std::lock_guard lock{guard_};
  return std::exchange(content_.told, {});
}

void archive_room::note_feed(const std::string& why) {
  const auto at = std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
  std::string path;
  {
    const std::lock_guard lock{guard_};
    auto& known = content_.of_the_feed;
    const bool is_new = known.has_value() == why.empty();
    if (why.empty()) known.reset();
    else known = fault{why, known ? known->since : at};
    if (!is_new || content_.status.state != ports::archive_state::kept) return;
    if (known) ++content_.totals["lost_total"];
    path = content_.status.path;
  }
  tell(why.empty() ? domain::events::store_back({{}, at}, path)
                   : domain::events::store_lost({{}, at}, path, why));
}

bool archive_room::wait(bool can_write, std::chrono::milliseconds patience) {
  std::unique_lock lock{guard_};
  wake_.wait_for(lock, patience, [&] {
    const bool is_full = can_write && content_.waiting.size() >= batch_max;
    return content_.stopping_since || is_full || !content_.questions.empty();
  });
  return !content_.stopping_since;
}

void archive_room::stop() {
  {
    const std::lock_guard lock{guard_};
    if (!content_.stopping_since) content_.stopping_since = std::chrono::steady_clock::now();
  }
  wake_.notify_all();
}

std::optional<std::chrono::steady_clock::time_point> archive_room::stopping_since() const {
  const std::lock_guard lock{guard_};
  return content_.stopping_since;
}

std::vector<log_item> archive_room::take_batch() {
  const std::lock_guard lock{guard_};
  auto& waiting = content_.waiting;
  const auto end =
      waiting.begin() + static_cast<std::ptrdiff_t>(std::min(waiting.size(), batch_max));
  std::vector<log_item> batch{std::make_move_iterator(waiting.begin()),
                              std::make_move_iterator(end)};
  waiting.erase(waiting.begin(), end);
  return batch;
}

std::deque<archive_room::question> archive_room::take_questions() {
  const std::lock_guard lock{guard_};
  return std::exchange(content_.questions, {});
}

} // namespace busbar::adapters::store
