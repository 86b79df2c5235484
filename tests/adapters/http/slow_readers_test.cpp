// What waits for slow readers is bounded, and its memory goes back to the system.

#include "tests/adapters/http/server_fixture.hpp"

#include <unistd.h>

#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace busbar::adapters::http {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_memory_telling = false;
#else
constexpr bool is_memory_telling = true;
#endif

constexpr std::size_t mebibyte = 1'048'576;
constexpr std::size_t answer_bytes = 2 * mebibyte;

/// Resident memory of this process.
std::size_t resident_bytes() {
  std::ifstream file{"/proc/self/statm"};
  std::size_t all = 0;
  std::size_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

class slow_readers : public tests::server_fixture {
protected:
  /// /metrics answers with 2 MiB of text of its own each time.
  void start_large() {
    server = http::api::make_server(
        settings, engine, [] { return std::string(answer_bytes, 'x'); }, tests::test_assets);
    ASSERT_TRUE(server->start());
  }
  /// Clients that ask for a large answer and read none of it.
  void come(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      clients.push_back(std::make_unique<tests::raw_client>(server->port(), 4'096));
      ASSERT_TRUE(clients.back()->send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"));
    }
  }
  [[nodiscard]] double statistic(const std::string& name) const {
    return server->statistics().at(name);
  }
  bool falls_to(const std::function<bool()>& holds, std::chrono::seconds patience) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!holds()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

  std::vector<std::unique_ptr<tests::raw_client>> clients;
};

} // namespace

TEST_F(slow_readers, of_large_answers_cost_64_MiB_together_and_give_them_back_within_10_s) {
  start_large();
  const auto before = resident_bytes();
  come(300);
  ASSERT_TRUE(reaches("requests_total", 300));
  ASSERT_TRUE(reaches("refused_answers_total", 269));
  // 64 MiB, of which 2 are for refusals, hold 31 answers of 2 MiB. 300 would be 600 MiB.
  EXPECT_LE(statistic("unsent_bytes"), 64.0 * mebibyte);
  EXPECT_EQ(statistic("responses_2xx_total"), 31);
  EXPECT_EQ(statistic("refused_answers_total"), 269);
  if (is_memory_telling) {
    EXPECT_LE(resident_bytes(), before + 80 * mebibyte);
  }
  clients.clear();
  EXPECT_TRUE(falls_to([&] { return statistic("unsent_bytes") == 0; }, std::chrono::seconds{5}));
  const auto is_back = [&] { return resident_bytes() <= before + 8 * mebibyte; };
  if (is_memory_telling) {
    EXPECT_TRUE(falls_to(is_back, std::chrono::seconds{10})) << resident_bytes() - before;
  }
}

TEST_F(slow_readers, that_are_refused_are_told_so_and_when_to_come_again) {
  settings.unsent_bytes_max = 5 * mebibyte; // less 2 for refusals: room for one answer of 2 MiB
  start_large();
  come(1);
  ASSERT_TRUE(reaches("responses_2xx_total", 1));
  const auto answer = ask("GET", "/metrics");
  EXPECT_EQ(answer.status, 503U);
  EXPECT_EQ(answer.header("Retry-After"), "1");
  EXPECT_NE(answer.body.find("too many answers wait for their readers"), std::string::npos);
  EXPECT_EQ(ask("GET", "/health/live").status, 200U);
}

TEST_F(slow_readers, an_answer_that_is_out_is_forgotten_by_a_connection_that_is_kept) {
  start_large();
  tests::raw_client client{server->port()};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(client.ask("GET", "/metrics").body.size(), answer_bytes);
    EXPECT_TRUE(falls_to([&] { return statistic("unsent_bytes") == 0; }, std::chrono::seconds{5}));
  }
}

TEST_F(slow_readers, of_a_stream_hold_each_text_once_and_none_after_they_have_gone) {
  start();
  std::vector<std::unique_ptr<tests::raw_client>> readers;
  for (int i = 0; i < 20; ++i) {
    readers.push_back(std::make_unique<tests::raw_client>(server->port(), 4'096));
    ASSERT_TRUE(readers.back()->send("GET /api/v1/stream HTTP/1.1\r\nHost: a\r\n\r\n"));
  }
  ASSERT_TRUE(reaches("streams", 20));
  readers.clear();
  EXPECT_TRUE(falls_to([&] { return statistic("streams") == 0 && statistic("unsent_bytes") == 0; },
                       std::chrono::seconds{15}));
}

} // namespace busbar::adapters::http
