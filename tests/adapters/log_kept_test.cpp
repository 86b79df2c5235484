// The embedded log that outlives its process: against the contract of the port, and its own
// promises: what was acknowledged is there again, at its offset, whatever ended the process.

#include "adapters/embedded/embedded_log.hpp"
#include "adapters/embedded/journal.hpp"
#include "tests/adapters/log_group_promises.hpp"
#include "tests/adapters/log_promises.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <utility>

namespace busbar::adapters::testing {

using embedded::embedded_log_settings;
using embedded::journal;
using embedded::journal_entry;
using embedded::make_kept_log;

struct kept_fixture {
  static std::string run_id() { return "kept"; }
  std::shared_ptr<ports::event_log> make_log() {
    std::string note;
    return make_kept_log(scratch.path() / std::to_string(++logs), note).value();
  }
  tests::scratch_folder scratch;
  int logs = 0;
};
INSTANTIATE_TYPED_TEST_SUITE_P(kept, log_contract, kept_fixture);
INSTANTIATE_TYPED_TEST_SUITE_P(kept, log_group_contract, kept_fixture);

namespace {

constexpr auto soon = seconds{10};

ports::topic_settings topic(bool is_compacted = false, std::int32_t partitions = 1) {
  ports::topic_settings made;
  made.name = "t";
  made.partitions = partitions;
  made.is_compacted = is_compacted;
  return made;
}

class kept_log : public ::testing::Test {
protected:
  /// As after a restart.
  void open(const ports::topic_settings& of = topic(), embedded_log_settings settings = {}) {
    producer_.reset();
    log_.reset();
    auto made = make_kept_log(scratch_.path(), note_, std::move(settings));
    ASSERT_TRUE(made) << made.failure().message;
    log_ = made.value();
    const auto added = log_->ensure_topics({of});
    ASSERT_TRUE(added) << added.failure().message;
    producer_ = std::move(log_->producer().value());
  }
  void publish(const std::string& key, const std::string& text) {
    ASSERT_TRUE(producer_->publish("t", key, bytes_of(text)));
    ASSERT_TRUE(producer_->flush(soon));
  }
  std::vector<std::string> held() { return texts_of(log_->read_all("t", soon).value()); }
  std::filesystem::path file() const { return scratch_.path() / "journal"; }
  std::string bytes() const {
    std::ifstream in(file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  tests::scratch_folder scratch_;
  std::string note_;
  std::shared_ptr<ports::event_log> log_;
  std::unique_ptr<ports::log_producer> producer_;
};

} // namespace

TEST_F(kept_log, records_stand_at_their_offsets_after_a_restart_and_new_ones_after_them) {
  open();
  publish("k", "one");
  publish("k", "two");
  open();
  EXPECT_EQ(note_, "");
  std::int64_t offset = -1;
  ASSERT_TRUE(producer_->publish("t", "k", bytes_of("three"), [&](const auto& at) {
    offset = at.value().second;
  }));
  ASSERT_TRUE(producer_->flush(soon));
  EXPECT_EQ(offset, 2);
  open();
  EXPECT_EQ(held(), (std::vector<std::string>{"one", "two", "three"}));
}

TEST_F(kept_log, a_record_is_read_and_acknowledged_only_once_it_is_on_the_disk) {
  open();
  std::string found;
  ASSERT_TRUE(producer_->publish("t", "k", bytes_of("one"), [&](const auto&) { found = bytes(); }));
  ASSERT_TRUE(producer_->flush(soon));
  EXPECT_NE(found.find("one"), std::string::npos);
}

TEST_F(kept_log, a_group_goes_on_after_its_commit) {
  open();
  const auto group = [&] {
    ports::consumer_settings settings;
    settings.group = "g";
    settings.topics = {"t"};
    settings.from_beginning = true;
    return std::move(log_->consumer(settings).value());
  };
  for (const char* text : {"one", "two", "three"}) publish("k", text);
  {
    const auto reader = group();
    const auto records = take(*reader, 3);
    ASSERT_EQ(records.size(), 3U);
    ASSERT_TRUE(reader->commit(records[1].place, records[1].offset));
  }
  open();
  EXPECT_EQ(texts_of(take(*group(), 1)), (std::vector<std::string>{"three"}));
}

TEST_F(kept_log, a_compacted_topic_keeps_the_newest_of_each_key_and_forgets_deleted_ones) {
  open(topic(true));
  publish("a", "old");
  publish("b", "gone");
  publish("a", "new");
  ASSERT_TRUE(producer_->publish("t", "b", nullptr));
  ASSERT_TRUE(producer_->flush(soon));
  open(topic(true));
  EXPECT_EQ(held(), (std::vector<std::string>{"new"}));
  publish("c", "next");
  EXPECT_EQ(log_->read_from({{{"t", 0}, 4}}, soon).value().records.size(), 1U)
      << "offsets go on, whatever has gone";
}

TEST_F(kept_log, a_topic_that_need_not_be_kept_goes_with_the_process) {
  embedded_log_settings settings;
  settings.keeps = [](const std::string& name) { return name != "t"; };
  open(topic(), settings);
  publish("k", "one");
  open(topic(), settings);
  EXPECT_TRUE(held().empty());
}

TEST_F(kept_log, another_number_of_partitions_is_refused_with_both_numbers) {
  open(topic(false, 3));
  log_.reset();
  producer_.reset();
  const auto again = make_kept_log(scratch_.path(), note_).value();
  const auto added = again->ensure_topics({topic(false, 4)});
  ASSERT_FALSE(added);
  EXPECT_EQ(added.failure().message, "the kept topic 't' has 3 partitions, and is to have 4");
}

TEST_F(kept_log, a_second_process_is_refused) {
  open();
  std::string note;
  const auto second = make_kept_log(scratch_.path(), note);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.failure().code, errc::conflict);
}

TEST_F(kept_log, another_file_of_its_name_is_refused_and_left_as_it_is) {
  scratch_.write("journal", "a letter to somebody\n");
  const auto made = make_kept_log(scratch_.path(), note_);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.failure().message, file().string() + ": is no journal of busbar");
  EXPECT_EQ(bytes(), "a letter to somebody\n");
}

/// Power may go at any byte.
TEST_F(kept_log, a_tail_that_is_torn_at_any_byte_is_cut_off_kept_aside_and_told) {
  open();
  for (const char* text : {"one", "two"}) publish("k", text);
  const auto two = bytes().size();
  publish("k", "three");
  const auto whole = bytes();
  log_.reset();
  producer_.reset();
  for (std::size_t size = two; size < whole.size(); ++size) {
    scratch_.write("journal", whole.substr(0, size));
    open();
    EXPECT_EQ(held(), (std::vector<std::string>{"one", "two"})) << size;
    EXPECT_EQ(note_.empty(), size == two) << note_;
    publish("k", "again");
    open();
    EXPECT_EQ(held(), (std::vector<std::string>{"one", "two", "again"})) << size;
  }
  EXPECT_TRUE(std::filesystem::exists(scratch_.path() / ("torn-" + std::to_string(two))));
}

TEST_F(kept_log, a_byte_that_has_changed_is_found) {
  open();
  for (const char* text : {"one", "two"}) publish("k", text);
  auto changed = bytes();
  changed[changed.size() - 2] ^= 1;
  log_.reset();
  producer_.reset();
  scratch_.write("journal", changed);
  open();
  EXPECT_EQ(held(), (std::vector<std::string>{"one"}));
  EXPECT_NE(note_.find("are torn"), std::string::npos);
}

TEST_F(kept_log, a_full_disk_is_told_to_publishers_and_by_the_health_check_until_it_has_room) {
  open();
  publish("k", "one");
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit full{bytes().size() + 20, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  std::string why;
  ASSERT_TRUE(producer_->publish("t", "k", bytes_of("two"), [&](const auto& at) {
    why = at ? "" : at.failure().message;
  }));
  ASSERT_TRUE(producer_->flush(soon));
  EXPECT_NE(why.find("cannot be written"), std::string::npos) << why;
  EXPECT_FALSE(log_->check());
  EXPECT_EQ(held(), (std::vector<std::string>{"one"}));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  publish("k", "three");
  EXPECT_TRUE(log_->check());
  open();
  EXPECT_EQ(note_, "") << "what was written in part is taken back";
  EXPECT_EQ(held(), (std::vector<std::string>{"one", "three"}));
}

TEST_F(kept_log, KEEP_1_what_was_acknowledged_is_there_after_a_kill_at_any_moment) {
  std::int64_t expected = 0;
  for (int kill = 0; kill < 20; ++kill) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe(ends.data()), 0);
    const auto child = ::fork();
    if (child == 0) {
      std::string note;
      const auto log = make_kept_log(scratch_.path(), note).value();
      static_cast<void>(log->ensure_topics({topic()}));
      const auto producer = std::move(log->producer().value());
      while (true)
        static_cast<void>(producer->publish("t", "k", bytes_of("x"), [&](const auto& at) {
          const auto offset = at ? at.value().second : -1;
          static_cast<void>(!::write(ends[1], &offset, sizeof offset));
        }));
    }
    ::close(ends[1]);
    std::int64_t acknowledged = -1;
    for (int count = 0; count < 50 + 37 * kill; ++count)
      ASSERT_EQ(::read(ends[0], &acknowledged, sizeof acknowledged),
                static_cast<ssize_t>(sizeof acknowledged));
    ::kill(child, SIGKILL);
    while (::read(ends[0], &acknowledged, sizeof acknowledged) > 0) {}
    ::waitpid(child, nullptr, 0);
    ::close(ends[0]);
    open();
    const auto end = log_->read_from({{{"t", 0}, std::nullopt}}, soon).value().ends.begin()->second;
    EXPECT_GT(end, acknowledged) << kill;
    EXPECT_GE(end, expected) << kill;
    expected = end;
    log_.reset();
    producer_.reset();
  }
}

TEST(kept_journal, is_written_anew_without_what_has_gone_and_offsets_go_on) {
  const tests::scratch_folder scratch;
  {
    journal file;
    ASSERT_TRUE(file.open(scratch.path()));
    std::vector<journal_entry> entries;
    for (std::int64_t offset = 0; offset < 100; ++offset)
      entries.emplace_back(ports::record{{"t", 0}, offset, "k", bytes_of("x"), {}});
    ASSERT_TRUE(file.append(entries));
    const auto before = file.bytes();
    ASSERT_TRUE(file.rewrite({embedded::kept_end{{"t", 0}, 100}}));
    EXPECT_LT(file.bytes() * 10, before);
  }
  std::string note;
  const auto log = make_kept_log(scratch.path(), note).value();
  ASSERT_TRUE(log->ensure_topics({topic()}));
  const auto span = log->read_from({{{"t", 0}, 0}}, soon).value();
  EXPECT_TRUE(span.records.empty());
  EXPECT_EQ(span.ends.begin()->second, 100);
}

TEST(kept_journal, that_cannot_be_written_anew_stays_as_it_is) {
  const tests::scratch_folder scratch;
  journal file;
  ASSERT_TRUE(file.open(scratch.path()));
  ASSERT_TRUE(file.append({ports::record{{"t", 0}, 0, "k", bytes_of("one"), {}}}));
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit full{30, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  const auto written = file.rewrite({ports::record{{"t", 0}, 0, "k", bytes_of("other"), {}}});
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_FALSE(written);
  EXPECT_FALSE(std::filesystem::exists(scratch.path() / "journal.new"));
  ASSERT_TRUE(file.append({ports::record{{"t", 0}, 1, "k", bytes_of("two"), {}}}));
  EXPECT_EQ(file.bytes(), std::filesystem::file_size(scratch.path() / "journal"));
}

TEST(kept_journal, written_anew_keeps_topics_that_are_not_there_yet) {
  const tests::scratch_folder scratch;
  std::string note;
  {
    journal file;
    ASSERT_TRUE(file.open(scratch.path()));
    const auto large = bytes_of(std::string(1'000'000, 'x'));
    std::vector<journal_entry> entries{ports::record{{"late", 0}, 0, "k", bytes_of("one"), {}}};
    for (std::int64_t offset = 0; offset < 70; ++offset)
      entries.emplace_back(ports::record{{"t", 0}, offset, "k", large, {}});
    ASSERT_TRUE(file.append(entries));
  }
  {
    const auto log = make_kept_log(scratch.path(), note).value();
    ASSERT_TRUE(log->ensure_topics({topic(true)}));
    const auto producer = std::move(log->producer().value());
    ASSERT_TRUE(producer->publish("t", "k", bytes_of("newest")));
    ASSERT_TRUE(producer->flush(soon));
  }
  const auto log = make_kept_log(scratch.path(), note).value();
  auto late = topic();
  late.name = "late";
  ASSERT_TRUE(log->ensure_topics({topic(true), late}));
  EXPECT_EQ(texts_of(log->read_all("late", soon).value()), (std::vector<std::string>{"one"}));
  EXPECT_EQ(texts_of(log->read_all("t", soon).value()), (std::vector<std::string>{"newest"}));
}

} // namespace busbar::adapters::testing
