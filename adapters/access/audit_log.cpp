#include "adapters/access/audit_log.hpp"

#include "adapters/access/access_store.hpp"
#include "adapters/access/audit_chain.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>
#include <variant>

namespace busbar::adapters::access {

namespace {

using ports::audit_record;

constexpr std::chrono::seconds tried_again_every{1};
/// Also where fewer entries than that have come.
constexpr std::chrono::minutes head_every{60};

domain::instant now() {
  return std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
}

} // namespace

class audit_log::writer {
public:
  writer(std::string folder, std::unique_ptr<database> store, report_line report)
      : folder_(std::move(folder)), store_(std::move(store)), report_(std::move(report)),
        thread_([this] { run(); }) {}
  ~writer() {
    {
      const std::lock_guard lock{guard_};
      is_stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }
  writer(const writer&) = delete;
  writer& operator=(const writer&) = delete;

  struct entry {
    audit_record one;
    std::function<void(bool)> kept;
  };
  struct question {
    ports::audit_query wanted;
    std::function<void(domain::result<std::vector<ports::audit_entry>>)> then;
  };

  [[nodiscard]] bool can_record();
  /// False where too much waits.
  [[nodiscard]] bool put(entry one) { return put_into(entries_, std::move(one)); }
  [[nodiscard]] bool put(question one) { return put_into(questions_, std::move(one)); }

private:
  template <class List, class Item> bool put_into(List& list, Item item) {
    {
      const std::lock_guard lock{guard_};
      if (is_stopping_ || list.size() >= waiting_max) return false;
      list.push_back(std::move(item));
    }
    wake_.notify_one();
    return true;
  }
  void run();
  void write(const std::deque<entry>& batch);
  void note(const domain::result<void>& written, std::size_t entries);
  void keep_head();

  const std::string folder_;
  const std::unique_ptr<database> store_;
  const report_line report_;
  std::mutex guard_;
  std::condition_variable wake_;
  std::deque<entry> entries_;
  std::deque<question> questions_;
  bool is_stopping_ = false;
  bool is_lost_ = false;
  std::chrono::steady_clock::time_point tried_at_{};
  /// Of this thread alone: entries since the head was written, and when that was.
  std::pair<std::size_t, std::chrono::steady_clock::time_point> head_{
      0, std::chrono::steady_clock::now()};
  std::thread thread_;
};

bool audit_log::writer::can_record() {
  const std::lock_guard lock{guard_};
  const auto at = std::chrono::steady_clock::now();
  if (is_lost_ && at - tried_at_ >= tried_again_every) {
    tried_at_ = at;
    audit_record again{now(), {}, "", "", "data", "audit", "", "entries can be written again", 0};
    entries_.push_back({std::move(again), [](bool) {}});
    wake_.notify_one();
  }
  return !is_lost_ && entries_.size() < waiting_max / 2;
}

void audit_log::writer::run() {
  for (;;) {
    std::deque<entry> batch;
    std::deque<question> asked;
    {
      std::unique_lock lock{guard_};
      wake_.wait(lock, [this] {
        return is_stopping_ || !entries_.empty() || !questions_.empty();
      });
      if (is_stopping_ && entries_.empty()) break;
      batch.swap(entries_);
      asked.swap(questions_);
    }
    if (!batch.empty()) write(batch);
    for (const auto& each : asked) each.then(entries(*store_, each.wanted));
  }
  keep_head();
}

void audit_log::writer::write(const std::deque<entry>& batch) {
  std::vector<audit_record> records;
  for (const auto& each : batch) records.push_back(each.one);
  const auto written = append(*store_, records);
  note(written, records.size());
  for (const auto& each : batch) each.kept(written.has_value());
  const bool is_due = head_.first >= head_entries_max ||
                      std::chrono::steady_clock::now() - head_.second >= head_every;
  if (is_due) keep_head();
}

void audit_log::writer::note(const domain::result<void>& written, std::size_t count) {
  if (written) head_.first += count;
  bool was_lost = false;
  {
    const std::lock_guard lock{guard_};
    was_lost = std::exchange(is_lost_, !written);
    tried_at_ = std::chrono::steady_clock::now();
  }
  if (!report_ || was_lost == !written) return;
  if (written) report_(domain::severity::info, "audit_written", "audit: entries are kept again");
  else
    report_(domain::severity::critical, "audit_lost",
            "audit: " + written.failure().message + "; changes over the API are refused");
}

void audit_log::writer::keep_head() {
  if (head_.first == 0) return;
  const auto newest = entries(*store_, {{}, {}, {}, {}, {}, {}, 1});
  if (!newest || newest.value().empty()) return;
  const auto& last = newest.value().front();
  const auto written = write_head(folder_, {last.number, last.hash});
  if (written) head_ = {0, std::chrono::steady_clock::now()};
  else if (report_)
    report_(domain::severity::warning, "audit_head", "audit: " + written.failure().message);
}

audit_log::audit_log(std::unique_ptr<writer> made) : writer_(std::move(made)) {}
audit_log::~audit_log() = default;

domain::result<std::unique_ptr<audit_log>> audit_log::open(const std::string& folder,
                                                           report_line report) {
  // Its schema is the store's.
  if (auto made = access_store::open(folder); !made) return made.failure();
  auto store = database::open(folder + "/access.db");
  if (!store) return store.failure();
  return std::unique_ptr<audit_log>{new audit_log{std::make_unique<writer>(
      folder, std::move(store.value()), std::move(report))}};
}

bool audit_log::can_record() { return writer_->can_record(); }

void audit_log::record(ports::audit_record one, std::function<void(bool)> kept) {
  if (!writer_->put(writer::entry{std::move(one), kept})) kept(false);
}

void audit_log::read(
    const ports::audit_query& wanted,
    std::function<void(domain::result<std::vector<ports::audit_entry>>)> then) {
  if (!writer_->put(writer::question{wanted, then}))
    then(domain::error{domain::errc::full, "too many questions to the audit wait"});
}

} // namespace busbar::adapters::access
