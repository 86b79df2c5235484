#include "adapters/store/history_archive.hpp"

#include "adapters/store/event_rows.hpp"
#include "adapters/store/schema.hpp"
#include "adapters/store/session_rows.hpp"
#include "adapters/store/store_folder.hpp"
#include "adapters/store/store_rows.hpp"
#include "domain/events/history.hpp"

#include <algorithm>
#include <exception>
#include <thread>
#include <utility>

namespace busbar::adapters::store {

namespace {

namespace events = domain::events;
using domain::errc;
using ports::archive_state;
using sqlite::database;
using steady = std::chrono::steady_clock;

domain::instant now() {
  return std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
}

/// A disk that gives back garbage whatever is written gets a new store no more often.
constexpr std::chrono::seconds set_aside_every{60};
/// Another process that writes for longer makes the store lost.
constexpr std::chrono::seconds busy_grace{5};
/// For what waits when the archive is told to end.
constexpr std::chrono::milliseconds last_write_patience{2'000};

/// Whether `every` has passed since `last`; then `last` is now.
bool is_due(steady::time_point& last, steady::duration every) {
  const auto at = steady::now();
  if (last != steady::time_point{} && at - last < every) return false;
  last = at;
  return true;
}

/// The time for what waits, of an archive that was told to end at `since`.
bool is_over(const std::optional<steady::time_point>& since) {
  return since && steady::now() - *since >= last_write_patience;
}

/// Whoever asks is answered, whatever `read` throws.
template <class Found, class Read>
void answer_with(const std::function<void(domain::result<Found>)>& then, database* store,
                 const domain::error& why, Read read) {
  if (store == nullptr) return then(why);
  domain::result<Found> found{why};
  try {
    found = read(*store);
  } catch (const std::exception& failure) {
    then(domain::error{errc::unavailable,
                       std::string{"the history cannot be read: "} + failure.what()});
    throw;
  }
  then(std::move(found));
}

} // namespace

class history_archive::worker {
public:
  /// `room` outlives it. `folder`: null where it could not be taken.
  worker(archive_settings settings, archive_room& room, std::unique_ptr<store_folder> folder)
      : settings_(std::move(settings)), room_(room), folder_(std::move(folder)) {}
  ~worker() {
    room_.stop();
    if (thread_.joinable()) thread_.join();
  }
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  /// `first`: how the database was opened.
  void start(domain::result<std::unique_ptr<database>> first) {
    thread_ = std::thread{[this, first = std::move(first)]() mutable { run(std::move(first)); }};
  }

private:
  void run(domain::result<std::unique_ptr<database>> first);
  void step();
  /// What throws is a loss, and never the end of the process.
  template <class Work> void guarded(Work work);
  void take(domain::result<std::unique_ptr<database>> opened);
  [[nodiscard]] domain::result<archive_room::reading> look_through();
  [[nodiscard]] domain::result<void> mind_another_store(const std::string& id);
  void try_open();
  void fail(const domain::error& why);
  void give_up(const domain::error& why);
  void lose(const domain::error& why);
  void set_aside(const domain::error& why);
  void look();
  [[nodiscard]] domain::result<void> write();
  void forget();
  void answer();
  void close();
  void end();
  [[nodiscard]] bool shall_end() const;
  [[nodiscard]] std::string path() const {
    return settings_.folder + "/" + std::string{database_name};
  }

  struct pace {
    steady::time_point tried_at;
    steady::time_point written_at;
    steady::time_point looked_at;
    steady::time_point forgot_at;
    steady::time_point set_aside_at;
    /// Since when every write finds that another process writes.
    steady::time_point busy_since;
  };

  const archive_settings settings_;
  archive_room& room_;
  std::unique_ptr<store_folder> folder_;
  std::unique_ptr<database> store_;
  /// Taken from the room, and not written yet.
  std::vector<log_item> batch_;
  pace pace_;
  /// The file was looked through since it was opened first.
  bool is_looked_through_ = false;
  /// Of the store that was looked through last.
  std::string id_;
  bool is_writing_ = false;
  std::thread thread_;
};

template <class Work> void history_archive::worker::guarded(Work work) {
  std::string why;
  try {
    return work();
  } catch (const std::exception& failure) {
    why = failure.what();
  } catch (...) {
    why = "something was thrown that is no error";
  }
  try {
    lose({errc::unavailable, path() + ": " + why});
  } catch (...) {
    close();
  }
}

void history_archive::worker::run(domain::result<std::unique_ptr<database>> first) {
  guarded([&] { take(std::move(first)); });
  while (room_.wait(store_ != nullptr, write_every)) {
    guarded([this] { step(); });
    answer();
  }
  guarded([this] { end(); });
  close();
  answer();
}

void history_archive::worker::step() {
  if (store_ == nullptr) try_open();
  else look();
  if (batch_.empty()) batch_ = room_.take_batch();
  if (batch_.empty()) pace_.busy_since = {};
  const bool is_full = batch_.size() >= archive_room::batch_max;
  if (store_ != nullptr && (is_due(pace_.written_at, write_every) || is_full))
    if (const auto done = write(); !done) fail(done.failure());
  if (store_ != nullptr && is_due(pace_.forgot_at, forget_every)) forget();
}

/// Another process that writes is waited for, as long as there is time.
void history_archive::worker::end() {
  while (store_ != nullptr && !is_over(room_.stopping_since())) {
    if (batch_.empty()) batch_ = room_.take_batch();
    if (batch_.empty()) return;
    const auto done = write();
    if (!done && !store_->is_busy()) return lose(done.failure());
  }
}

/// Statements end when the archive does; what waits is written until `last_write_patience` is over.
bool history_archive::worker::shall_end() const {
  const auto since = room_.stopping_since();
  return is_writing_ ? is_over(since) : since.has_value();
}

void history_archive::worker::take(domain::result<std::unique_ptr<database>> opened) {
  if (!opened) {
    if (opened.failure().code == errc::malformed) return set_aside(opened.failure());
    return lose(opened.failure());
  }
  store_ = std::move(opened.value());
  store_->end_statements_when([this] { return shall_end(); });
  auto from = look_through();
  if (!from) return give_up(from.failure());
  // A full disk can be opened and read.
  if (room_.status().state == archive_state::lost) {
    if (batch_.empty()) batch_ = room_.take_batch();
    const auto done = batch_.empty() ? write_mark(*store_) : write();
    if (!done) return give_up(done.failure());
  }
  const bool was_lost = room_.change([&](auto& shared) {
    shared.from = std::move(from.value());
    shared.status.state = archive_state::kept;
    shared.status.why.clear();
    return std::exchange(shared.status.lost_at, std::nullopt).has_value();
  });
  if (was_lost) room_.tell(events::store_back({{}, now()}, path()));
}

/// What has to be known before anything is written.
domain::result<archive_room::reading> history_archive::worker::look_through() {
  if (!is_looked_through_)
    if (auto whole = quick_check(*store_); !whole) return whole.failure();
  is_looked_through_ = true;
  auto id = id_of(*store_);
  if (!id) return id.failure();
  auto places = read_places(*store_);
  if (!places) return places.failure();
  ports::archive_status found;
  if (auto done = read_counts(*store_, found); !done) return done.failure();
  if (auto done = read_oldest(*store_, found); !done) return done.failure();
  if (id.value() != id_)
    if (auto done = mind_another_store(id.value()); !done) return done.failure();
  found.schema = static_cast<std::int64_t>(migrations().size());
  found.bytes = bytes_of(path());
  room_.change([&](auto& shared) {
    found.state = shared.status.state;
    found.path = shared.status.path;
    found.lost_at = shared.status.lost_at;
    found.missed = shared.status.missed;
    shared.status = found;
  });
  return archive_room::reading{std::move(id.value()), std::move(places.value())};
}

/// What was read for the store before is none of its records: it reads the log by itself.
domain::result<void> history_archive::worker::mind_another_store(const std::string& id) {
  batch_.clear();
  room_.change([](auto& shared) {
    shared.from.reset();
    shared.waiting.clear();
    shared.written.clear();
  });
  const auto past = past_sessions(*store_, past_max);
  if (!past) return past.failure();
  if (settings_.show_past) settings_.show_past(past.value());
  id_ = id;
  return {};
}

void history_archive::worker::try_open() {
  if (!is_due(pace_.tried_at, try_every)) return;
  if (!folder_) {
    auto made = store_folder::open(settings_.folder);
    if (!made) return lose(made.failure());
    folder_ = std::move(made.value());
  }
  take(folder_->open_database());
}

void history_archive::worker::fail(const domain::error& why) {
  if (store_ && store_->is_busy()) {
    auto& since = pace_.busy_since;
    if (since == steady::time_point{}) since = steady::now();
    if (steady::now() - since < busy_grace) return;
  }
  give_up(why);
}

void history_archive::worker::give_up(const domain::error& why) {
  const bool is_damaged = why.code == errc::malformed || (store_ && store_->is_damaged());
  if (is_damaged) set_aside(why);
  else lose(why);
}

void history_archive::worker::lose(const domain::error& why) {
  close();
  pace_.tried_at = steady::now();
  pace_.busy_since = {};
  const bool is_ending = room_.stopping_since().has_value();
  const bool is_known = room_.change([&](auto& shared) {
    auto& status = shared.status;
    status.why = why.message;
    shared.from.reset();
    const auto before = std::exchange(status.state, archive_state::lost);
    if (before == archive_state::lost || is_ending) return true;
    status.lost_at = now();
    ++shared.totals["lost_total"];
    return false;
  });
  if (is_known) return;
  room_.tell(events::store_lost({{}, now()}, path(), why.message));
}

/// A new one begins in its place.
void history_archive::worker::set_aside(const domain::error& why) {
  close();
  is_looked_through_ = false;
  if (!is_due(pace_.set_aside_at, set_aside_every)) return lose(why);
  const auto name = folder_->set_aside(now());
  if (!name) return lose(name.failure());
  room_.change([](auto& shared) { ++shared.totals["set_aside_total"]; });
  room_.tell(events::store_set_aside({{}, now()}, path(), why.message, name.value()));
  auto opened = folder_->open_database();
  if (opened) return take(std::move(opened));
  lose({errc::unavailable, opened.failure().message});
}

/// The file may be deleted, replaced or overwritten under us.
void history_archive::worker::look() {
  const auto there = folder_->check();
  if (!there && there.failure().code == errc::unknown_reference) {
    // The file of before is whole wherever it is now, and what is left here is of no use to it.
    static_cast<void>(store_->run("PRAGMA wal_checkpoint(TRUNCATE)"));
    close();
    folder_->remove_leftovers();
    is_looked_through_ = false;
    room_.tell(events::store_replaced({{}, now()}, path()));
    return take(folder_->open_database());
  }
  if (!there) return fail(there.failure());
  if (!is_due(pace_.looked_at, look_every)) return;
  ports::archive_status found;
  if (const auto done = read_oldest(*store_, found); !done) return fail(done.failure());
  found.bytes = bytes_of(path());
  room_.change([&](auto& shared) {
    shared.status.oldest_session = found.oldest_session;
    shared.status.oldest_event = found.oldest_event;
    shared.status.bytes = found.bytes;
  });
}

domain::result<void> history_archive::worker::write() {
  if (batch_.empty()) return {};
  is_writing_ = true;
  const auto oldest = oldest_kept(*store_, batch_, now(), settings_.event_days);
  const auto written = oldest ? write_items(*store_, batch_, oldest.value())
                              : domain::result<written_batch>{oldest.failure()};
  is_writing_ = false;
  if (!written) return written.failure();
  pace_.busy_since = {};
  const auto count = static_cast<double>(batch_.size());
  batch_.clear();
  room_.change([&](auto& shared) {
    shared.status.sessions += written.value().new_sessions;
    shared.status.events += written.value().new_events;
    shared.status.written_at = now();
    shared.totals["written_total"] += count;
    for (const auto& [at, place] : written.value().places) shared.written[at] = place;
  });
  if (settings_.show_past && !written.value().past.empty())
    settings_.show_past(written.value().past);
  return {};
}

void history_archive::worker::forget() {
  is_writing_ = true;
  const auto oldest = oldest_kept(*store_, {}, now(), settings_.event_days);
  const auto gone = oldest ? forget_events(*store_, oldest.value(), forgotten_max)
                           : domain::result<std::uint64_t>{oldest.failure()};
  is_writing_ = false;
  if (!gone) return fail(gone.failure());
  // The rest at the next step.
  if (gone.value() == forgotten_max) pace_.forgot_at = {};
  room_.change([&](auto& shared) {
    shared.status.events -= std::min(shared.status.events, gone.value());
  });
}

void history_archive::worker::answer() {
  for (const auto& each : room_.take_questions())
    guarded([&] {
      each(store_.get(),
           {errc::unavailable, "the history cannot be read: " + room_.status().why});
    });
  if (store_ && store_->is_damaged())
    guarded([this] { give_up({errc::malformed, "it is damaged"}); });
}

void history_archive::worker::close() {
  store_.reset();
  if (folder_) folder_->close_database();
}

history_archive::history_archive(const archive_settings& settings) : room_(settings.tell) {
  room_.change([&](auto& shared) {
    shared.status.path = settings.folder + "/" + std::string{database_name};
  });
}

history_archive::~history_archive() = default;

void history_archive::stop() { worker_.reset(); }

domain::result<std::unique_ptr<history_archive>>
history_archive::open(archive_settings settings) {
  auto folder = store_folder::open(settings.folder);
  if (!folder && folder.failure().code == errc::conflict) return folder.failure();
  auto opened = folder ? folder.value()->open_database()
                       : domain::result<std::unique_ptr<database>>{folder.failure()};
  if (!opened && opened.failure().code == errc::wrong_identifier) return opened.failure();
  std::unique_ptr<history_archive> made{new history_archive{settings}};
  made->worker_ = std::make_unique<worker>(std::move(settings), made->room_,
                                           folder ? std::move(folder.value()) : nullptr);
  made->worker_->start(std::move(opened));
  return made;
}

void history_archive::sessions(const ports::session_query& wanted,
                               std::function<void(domain::result<ports::session_page>)> then) {
  const bool is_taken = room_.ask([wanted, then](database* store, const domain::error& why) {
    answer_with<ports::session_page>(then, store, why, [&wanted](auto& from) {
      return read_sessions(from, wanted);
    });
  });
  if (!is_taken) then(domain::error{errc::full, "too many questions to the history wait"});
}

void history_archive::events(
    const ports::event_query& wanted,
    std::function<void(domain::result<std::vector<ports::archived_event>>)> then) {
  const bool is_taken = room_.ask([wanted, then](database* store, const domain::error& why) {
    answer_with<std::vector<ports::archived_event>>(then, store, why, [&wanted](auto& from) {
      return read_events(from, wanted);
    });
  });
  if (!is_taken) then(domain::error{errc::full, "too many questions to the history wait"});
}

ports::archive_status history_archive::status() const { return room_.status(); }

} // namespace busbar::adapters::store
