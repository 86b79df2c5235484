// The archive under faults, and fed from a log: what was read is there once, and what is lost is
// said.

#include "adapters/embedded/embedded_log.hpp"
#include "adapters/store/log_feed.hpp"
#include "adapters/store/store_copy.hpp"
#include "messages/codec.hpp"
#include "messages/topics.hpp"
#include "tests/adapters/store/store_facts.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <sys/resource.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <utility>

namespace busbar::tests {
namespace {

using namespace adapters::store;
using enum domain::session_fact_kind;
using std::chrono::seconds;

class history_archive_test : public testing::Test {
protected:
  void SetUp() override {
    log = adapters::embedded::make_embedded_log();
    ASSERT_TRUE(log->ensure_topics(messages::all_topics(3)));
    output = std::move(log->producer().value());
    begin();
  }
  void TearDown() override { end(); }

  void begin() {
    archive_settings settings{scratch.path().string()};
    settings.event_days = 36'500;
    settings.tell = [this](const domain::event& event) {
      const std::lock_guard lock{guard};
      told.push_back(event.kind);
    };
    auto opened = history_archive::open(settings);
    ASSERT_TRUE(opened) << opened.failure().message;
    archive = std::move(opened.value());
    feed = std::make_unique<log_feed>(log, archive->room(), "engine-1");
    feed->start();
  }
  void end() {
    feed.reset();
    archive.reset();
  }
  void publish(const domain::session_fact& fact) {
    ASSERT_TRUE(output->publish(messages::sessions_topic, fact.site.text(),
                                messages::encode(fact)));
  }
  void publish(const domain::event& event) {
    ASSERT_TRUE(output->publish(messages::events_topic, event.site.text(),
                                messages::encode(event)));
  }
  void publish_session(int number) {
    const auto name = "s-" + std::to_string(number);
    publish(fact_of(name, accepted, seconds{number}));
    publish(fact_of(name, completed, seconds{number + 60}, number));
  }
  /// Sessions that are over, and the sum of what they took.
  [[nodiscard]] std::pair<std::uint64_t, std::int64_t> completed_now() {
    const auto found = sessions_in(*archive, {.state = completed, .limit = 5'000});
    if (!found) return {0, 0};
    std::int64_t sum = 0;
    for (const auto& each : found.value().sessions) sum += each.fact.energy.count();
    return {found.value().total, sum};
  }
  [[nodiscard]] bool comes_to(std::uint64_t sessions, std::int64_t sum) {
    return comes_true([&] { return completed_now() == std::pair{sessions, sum}; });
  }
  [[nodiscard]] bool has_told(const std::string& kind) {
    const std::lock_guard lock{guard};
    return std::ranges::find(told, kind) != told.end();
  }
  [[nodiscard]] bool was_told(const std::string& kind) {
    return comes_true([&] { return has_told(kind); });
  }
  [[nodiscard]] std::string database() const { return scratch.place_of("history.db"); }

  scratch_folder scratch;
  std::shared_ptr<ports::event_log> log;
  std::unique_ptr<ports::log_producer> output;
  std::unique_ptr<history_archive> archive;
  std::unique_ptr<log_feed> feed;
  std::mutex guard;
  std::vector<std::string> told;
};

TEST_F(history_archive_test, what_the_log_has_is_there_once_over_any_number_of_starts) {
  for (int i = 1; i <= 10; ++i) publish_session(i);
  publish(event_at(store_noon, "the meter is silent"));
  EXPECT_TRUE(comes_to(10, 55)); // 1 + 2 + ... + 10
  for (int start = 0; start < 3; ++start) {
    end();
    publish_session(11 + start); // while nothing reads
    begin();
    EXPECT_TRUE(comes_to(static_cast<std::uint64_t>(11 + start), 55 + 11 + (start > 0 ? 12 : 0) +
                                                                     (start > 1 ? 13 : 0)));
  }
  EXPECT_EQ(texts_in(*archive), std::vector<std::string>{"the meter is silent"});
  EXPECT_EQ(archive->status().missed, 0U);
}

TEST_F(history_archive_test, a_log_that_begins_anew_adds_its_sessions) {
  publish_session(1);
  EXPECT_TRUE(comes_to(1, 1));
  end();
  log = adapters::embedded::make_embedded_log();
  ASSERT_TRUE(log->ensure_topics(messages::all_topics(3)));
  output = std::move(log->producer().value());
  begin();
  publish_session(2);
  EXPECT_TRUE(comes_to(2, 3));
}

TEST_F(history_archive_test, a_file_that_is_deleted_under_it_is_said_and_filled_from_the_log) {
  publish_session(1);
  EXPECT_TRUE(comes_to(1, 1));
  std::filesystem::remove(database());
  EXPECT_TRUE(was_told("store_replaced"));
  publish_session(2);
  EXPECT_TRUE(comes_to(2, 3));
  EXPECT_TRUE(std::filesystem::exists(database()));
}

TEST_F(history_archive_test, a_copy_that_is_moved_into_its_place_keeps_all_its_sessions) {
  for (int i = 1; i <= 100; ++i) publish_session(i);
  EXPECT_TRUE(comes_to(100, 5'050)); // 100 * 101 / 2
  const auto copy = scratch.place_of("copy.db");
  ASSERT_TRUE(back_up(scratch.path(), copy));
  end();
  std::filesystem::remove(database());
  log = adapters::embedded::make_embedded_log(); // the copy alone has them now
  ASSERT_TRUE(log->ensure_topics(messages::all_topics(3)));
  output = std::move(log->producer().value());
  begin();
  publish_session(101);
  EXPECT_TRUE(comes_to(1, 101));
  std::filesystem::rename(copy, database());
  EXPECT_TRUE(was_told("store_replaced"));
  EXPECT_TRUE(comes_to(101, 5'151));
  EXPECT_FALSE(has_told("store_set_aside"));
  end();
  EXPECT_TRUE(check(scratch.path()));
}

TEST_F(history_archive_test, what_waits_for_a_store_that_is_replaced_is_not_in_the_new_one) {
  publish_session(1);
  EXPECT_TRUE(comes_to(1, 1));
  feed.reset();
  const auto before = archive->room().begin_reading();
  ASSERT_TRUE(before);
  std::filesystem::remove(database());
  const auto fact = fact_of("s-2", completed, seconds{2}, 2);
  ASSERT_TRUE(archive->room().put(
      before->id, {{{messages::sessions_topic, 0}, {1, fact.at, 0}, fact}}));
  EXPECT_TRUE(comes_true([&] {
    const auto now = archive->room().begin_reading();
    return now && now->id != before->id && archive->status().waiting == 0;
  }));
  EXPECT_EQ(archive->status().sessions, 0U);
  end();
  EXPECT_EQ(status_of(scratch.path()).value().sessions, 0U);
}

TEST_F(history_archive_test, another_writer_holds_up_neither_questions_nor_the_end) {
  publish_session(1);
  EXPECT_TRUE(comes_to(1, 1));
  auto other = std::move(adapters::sqlite::database::open(database()).value());
  ASSERT_TRUE(other->run("BEGIN IMMEDIATE"));
  publish_session(2);
  EXPECT_TRUE(comes_true([&] { return archive->room().statistics()["lag_records"] == 0; }));
  const auto since = std::chrono::steady_clock::now();
  EXPECT_TRUE(comes_to(1, 1));
  end();
  EXPECT_LT(std::chrono::steady_clock::now() - since, seconds{4});
  EXPECT_FALSE(has_told("store_lost"));
  ASSERT_TRUE(other->run("ROLLBACK"));
  other.reset();
  begin();
  EXPECT_TRUE(comes_to(2, 3));
}

TEST_F(history_archive_test, a_folder_that_cannot_be_looked_at_is_lost_and_comes_back) {
  publish_session(1);
  EXPECT_TRUE(comes_to(1, 1));
  const auto away = scratch.path().string() + ".away";
  std::filesystem::rename(scratch.path(), away);
  std::filesystem::create_symlink(scratch.path(), scratch.path());
  EXPECT_TRUE(was_told("store_lost"));
  EXPECT_TRUE(comes_true([&] {
    return archive->status().why.find("it cannot be looked at") != std::string::npos;
  }));
  std::filesystem::remove(scratch.path());
  std::filesystem::rename(away, scratch.path());
  EXPECT_TRUE(was_told("store_back"));
  publish_session(2);
  EXPECT_TRUE(comes_to(2, 3));
}

TEST_F(history_archive_test, garbage_in_place_of_the_file_is_set_aside_and_a_new_one_is_filled) {
  publish_session(1);
  EXPECT_TRUE(comes_to(1, 1));
  {
    std::fstream file{database(), std::ios::in | std::ios::out | std::ios::binary};
    file << std::string(8'192, 'x');
  }
  EXPECT_TRUE(was_told("store_set_aside"));
  publish_session(2);
  EXPECT_TRUE(comes_to(2, 3));
  std::size_t aside = 0;
  for (const auto& each : std::filesystem::directory_iterator{scratch.path()})
    aside += each.path().filename().string().starts_with("history.db.damaged-");
  EXPECT_GE(aside, 1U);
}

TEST_F(history_archive_test, garbage_that_stands_there_at_the_start_is_set_aside) {
  publish_session(1);
  EXPECT_TRUE(comes_to(1, 1));
  end();
  std::ofstream{database(), std::ios::trunc} << std::string(20'000, 'x');
  begin();
  EXPECT_TRUE(was_told("store_set_aside"));
  EXPECT_TRUE(comes_to(1, 1));
}

TEST_F(history_archive_test, damage_within_the_file_is_found_at_the_start) {
  for (int i = 1; i <= 200; ++i) publish_session(i);
  EXPECT_TRUE(comes_to(200, 20'100)); // 200 * 201 / 2
  end();
  const auto size = std::filesystem::file_size(database());
  ASSERT_GT(size, 40'000U);
  {
    std::fstream file{database(), std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(16'384);
    file << std::string(size - 16'384, 'x');
  }
  begin();
  EXPECT_TRUE(was_told("store_set_aside"));
  EXPECT_TRUE(comes_to(200, 20'100));
}

TEST_F(history_archive_test, a_folder_that_is_gone_is_lost_and_comes_back) {
  publish_session(1);
  EXPECT_TRUE(comes_to(1, 1));
  const auto away = scratch.path().string() + ".away";
  std::filesystem::rename(scratch.path(), away);
  EXPECT_TRUE(was_told("store_lost"));
  EXPECT_FALSE(sessions_in(*archive)) << "nothing is silently empty";
  publish_session(2);
  std::filesystem::rename(away, scratch.path());
  EXPECT_TRUE(was_told("store_back"));
  EXPECT_TRUE(comes_to(2, 3));
}

/// Files of this process cannot grow beyond so many bytes, as on a full disk.
class small_disk {
public:
  explicit small_disk(std::uint64_t bytes) {
    before_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    rlimit now{bytes, limit_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~small_disk() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, before_);
  }
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;

private:
  rlimit limit_{};
  void (*before_)(int) = nullptr;
};

TEST_F(history_archive_test, a_full_disk_is_lost_and_what_happened_meanwhile_is_there_afterwards) {
  publish_session(1);
  EXPECT_TRUE(comes_to(1, 1));
  {
    const small_disk full{40'000}; // what is there can be read, with its index of 32 KiB
    for (int i = 2; i <= 50; ++i) publish_session(i);
    EXPECT_TRUE(was_told("store_lost"));
    EXPECT_EQ(archive->status().state, ports::archive_state::lost);
    EXPECT_NE(archive->status().why, "");
    // It is tried each second meanwhile.
    const auto end = std::chrono::steady_clock::now() + seconds{3};
    EXPECT_TRUE(comes_true([&] {
      return has_told("store_back") || std::chrono::steady_clock::now() > end;
    }));
    EXPECT_FALSE(has_told("store_back"));
    for (int i = 51; i <= 100; ++i) publish_session(i);
  }
  EXPECT_TRUE(was_told("store_back"));
  EXPECT_TRUE(comes_to(100, 5'050));
  EXPECT_EQ(archive->room().statistics()["lost_total"], 1);
}

TEST_F(history_archive_test, a_store_that_is_lost_holds_nothing_back_in_the_log) {
  publish_session(1);
  EXPECT_TRUE(comes_to(1, 1));
  std::filesystem::rename(scratch.path(), scratch.path().string() + ".away");
  EXPECT_TRUE(was_told("store_lost"));
  end();
  adapters::embedded::embedded_log_settings small;
  small.topic_records_max = 300;
  log = adapters::embedded::make_embedded_log(small);
  ASSERT_TRUE(log->ensure_topics(messages::all_topics(3)));
  output = std::move(log->producer().value());
  std::filesystem::rename(scratch.path().string() + ".away", scratch.path());
  begin();
  publish_session(1);
  EXPECT_TRUE(comes_to(1, 1));
  std::filesystem::rename(scratch.path(), scratch.path().string() + ".away");
  EXPECT_TRUE(comes_true([&] { return !is_kept(*archive); }));
  // Far more than the 100 records that a partition of the log has room for.
  for (int i = 0; i < 1'000; ++i)
    ASSERT_TRUE(comes_true([&] {
      const auto fact = fact_of("s-2", in_progress, seconds{i});
      auto bytes = messages::encode(fact);
      return output->publish(messages::sessions_topic, "garage", std::move(bytes)).has_value();
    }));
  std::filesystem::rename(scratch.path().string() + ".away", scratch.path());
  EXPECT_TRUE(comes_true([&] { return archive->status().missed > 0; }));
}

TEST(history_archive_start, a_folder_that_cannot_be_made_is_lost_and_nothing_waits) {
  const scratch_folder scratch;
  const auto place = scratch.write("taken", "a file");
  auto opened = history_archive::open({place});
  ASSERT_TRUE(opened);
  EXPECT_TRUE(comes_true([&] {
    return opened.value()->status().state == ports::archive_state::lost;
  }));
  const auto refused = sessions_in(*opened.value());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, domain::errc::unavailable);
  std::filesystem::remove(place);
  EXPECT_TRUE(comes_true([&] { return is_kept(*opened.value()); }));
}

/// Its readers throw as long as it is told to.
class throwing_log : public ports::event_log {
public:
  explicit throwing_log(std::shared_ptr<ports::event_log> of) : of_(std::move(of)) {}
  std::atomic<bool> is_throwing{true};

  domain::result<void> ensure_topics(const std::vector<ports::topic_settings>& topics) override {
    return of_->ensure_topics(topics);
  }
  domain::result<std::unique_ptr<ports::log_producer>> producer() override {
    return of_->producer();
  }
  domain::result<std::unique_ptr<ports::log_consumer>>
  consumer(ports::consumer_settings settings) override {
    if (is_throwing) throw std::runtime_error{"no memory"};
    return of_->consumer(std::move(settings));
  }
  domain::result<std::int32_t> partitions(const std::string& topic) override {
    return of_->partitions(topic);
  }
  domain::result<std::vector<ports::record>> read_all(const std::string& topic,
                                                      domain::microseconds patience) override {
    return of_->read_all(topic, patience);
  }
  domain::result<ports::read_span>
  read_from(const std::map<ports::partition_id, std::optional<std::int64_t>>& places,
            domain::microseconds patience) override {
    return of_->read_from(places, patience);
  }
  void end_reads() override { of_->end_reads(); }
  domain::result<void> check() override { return of_->check(); }

private:
  const std::shared_ptr<ports::event_log> of_;
};

TEST_F(history_archive_test, a_reader_of_the_log_that_throws_is_a_loss_and_comes_back) {
  const auto whole = log;
  const auto throwing = std::make_shared<throwing_log>(log);
  end();
  log = throwing;
  begin();
  EXPECT_TRUE(was_told("store_lost"));
  EXPECT_EQ(archive->status().state, ports::archive_state::lost);
  EXPECT_NE(archive->status().why.find("no memory"), std::string::npos);
  publish_session(1);
  throwing->is_throwing = false;
  EXPECT_TRUE(was_told("store_back"));
  EXPECT_TRUE(comes_to(1, 1));
  log = whole;
}

TEST(history_archive_start, what_throws_is_a_loss_and_the_store_comes_back) {
  const scratch_folder scratch;
  archive_settings settings{scratch.path().string()};
  settings.show_past = [is_first = true](const auto&) mutable {
    if (std::exchange(is_first, false)) throw std::runtime_error{"no memory"};
  };
  const auto archive = std::move(history_archive::open(settings).value());
  const auto losses = [&] { return archive->room().statistics()["lost_total"]; };
  EXPECT_TRUE(comes_true([&] { return losses() == 1 && is_kept(*archive); }));
  archive->sessions({}, [](const auto&) { throw std::runtime_error{"no memory"}; });
  EXPECT_TRUE(comes_true([&] { return losses() == 2; }));
  EXPECT_TRUE(comes_true([&] { return is_kept(*archive); }));
}

TEST(history_archive_start, events_older_than_they_are_kept_are_forgotten) {
  const scratch_folder scratch;
  archive_settings settings{scratch.path().string()};
  settings.event_days = 36'500;
  const auto now = std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
  const auto put = [](history_archive& into, const domain::event& event) {
    const auto from = into.room().begin_reading();
    return from && into.room().put(from->id, {{{messages::events_topic, 0}, {1, event.at, 0},
                                               event}});
  };
  {
    const auto archive = std::move(history_archive::open(settings).value());
    ASSERT_TRUE(comes_true([&] { return is_kept(*archive); }));
    ASSERT_TRUE(put(*archive, event_at(now - std::chrono::days{40}, "old")));
    ASSERT_TRUE(put(*archive, event_at(now, "younger")));
    ASSERT_TRUE(comes_true([&] { return texts_in(*archive).size() == 2; }));
  }
  settings.event_days = 30;
  const auto archive = std::move(history_archive::open(settings).value());
  ASSERT_TRUE(comes_true([&] { return is_kept(*archive); }));
  const std::vector<std::string> left{"younger"};
  EXPECT_TRUE(comes_true([&] { return texts_in(*archive) == left; }));
}

} // namespace
} // namespace busbar::tests
