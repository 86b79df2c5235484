// Every answer is as adapters/http/openapi.json states it.

#include "tests/adapters/http/fake_cluster.hpp"
#include "tests/adapters/http/server_fixture.hpp"
#include "tests/adapters/store/store_facts.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace busbar::tests {
namespace {

/// Debian's own Python, which has Debian's jsonschema.
constexpr const char* python = "/usr/bin/python3";

class http_openapi : public server_fixture {
protected:
  /// Ticks ten times a second with something new each time until it is stopped.
  void tick_until_stopped() {
    const auto topology = make_site_with_dc();
    for (std::uint64_t tick = 2; !is_stopped_; ++tick) {
      auto view = make_view(topology, tick);
      view.connectors[2].power = domain::watts{static_cast<std::int64_t>(tick)};
      engine.publish(view);
      engine.record({domain::site_id{"garage"}, noon, domain::speaker::central,
                     domain::severity::info, "session_ACCEPTED", "CP-001", "Alice may charge"},
                    domain::session_fact{domain::session_id{"s-17"}, domain::request_id{"r-1"}});
      std::unique_lock lock{mutex_};
      stopped_.wait_for(lock, std::chrono::milliseconds{100},
                        [this] { return is_stopped_.load(); });
    }
  }
  void TearDown() override {
    is_stopped_ = true;
    stopped_.notify_all();
    if (ticker_.joinable()) ticker_.join();
  }

  std::thread ticker_;
  std::atomic<bool> is_stopped_{false};
  std::mutex mutex_;
  std::condition_variable stopped_;
};

TEST_F(http_openapi, states_every_answer_and_event) {
  ASSERT_EQ(std::system((std::string(python) + " -c 'import jsonschema'").c_str()), 0)
      << "needs Debian's package python3-jsonschema";
  engine.publish(make_view(make_site_with_dc()));
  const fake_cluster group;
  cluster = &group;
  drain = [](bool, const ports::caller&) {};
  const scratch_folder scratch;
  const auto kept =
      std::move(adapters::store::history_archive::open({scratch.path().string()}).value());
  ASSERT_TRUE(comes_true([&] { return is_kept(*kept); }));
  archive = kept.get();
  start();
  ticker_ = std::thread([this] { tick_until_stopped(); });
  const std::string source = BUSBAR_SOURCE_DIR;
  const std::string command = std::string(python) + " " + source +
                              "/tests/adapters/http/validate_answers.py --port " +
                              std::to_string(server->port()) + " --openapi " + source +
                              "/adapters/http/openapi.json";
  EXPECT_EQ(std::system(command.c_str()), 0);
}

} // namespace
} // namespace busbar::tests
