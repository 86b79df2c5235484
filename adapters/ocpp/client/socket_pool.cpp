#include "adapters/ocpp/client/socket_pool.hpp"

#include "adapters/ocpp/client/client_link.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace busbar::adapters::ocpp::client {

namespace asio = boost::asio;

namespace {

/// Time for close frames to be answered; then connections are cut.
constexpr std::chrono::milliseconds stop_grace{300};
/// Between the first attempts of two links, so that a thousand do not come at once.
constexpr std::chrono::microseconds spread{500};

} // namespace

class socket_pool::loop {
public:
  explicit loop(pool_settings settings) : settings_(std::move(settings)) {
    for (std::size_t i = 0; i < settings_.identities.size(); ++i)
      links_.push_back(std::make_shared<client_link>(
          context_, settings_, i, [this](link_event what) { keep(std::move(what)); }));
  }

  void start() {
    asio::post(context_, [this] {
      for (std::size_t i = 0; i < links_.size(); ++i)
        links_[i]->connect_after(
            std::chrono::floor<std::chrono::milliseconds>(spread * static_cast<int>(i)));
    });
    thread_ = std::thread{[this] { context_.run(); }};
  }

  void stop() {
    if (!thread_.joinable()) return;
    asio::post(context_, [this] {
      for (const auto& each : links_) each->end();
      stop_timer_.expires_after(stop_grace);
      stop_timer_.async_wait([this](boost::system::error_code) {
        for (const auto& each : links_) each->cut();
        context_.stop();
      });
    });
    thread_.join();
  }

  std::vector<link_event> take_events(std::chrono::milliseconds patience) {
    std::unique_lock lock{guard_};
    arrived_.wait_for(lock, patience, [&] { return !events_.empty(); });
    return std::exchange(events_, {});
  }

  void send(std::size_t link, std::string text) {
    asio::post(context_, [this, link, text = std::move(text)]() mutable {
      links_[link]->send(std::move(text));
    });
  }

  void renew(std::size_t link) {
    asio::post(context_, [this, link] { links_[link]->renew(); });
  }

  [[nodiscard]] std::size_t open_count() const { return open_; }

private:
  void keep(link_event what) {
    if (what.what == link_change::opened) ++open_;
    if (what.what == link_change::closed) --open_;
    {
      const std::lock_guard lock{guard_};
      events_.push_back(std::move(what));
    }
    arrived_.notify_one();
  }

  pool_settings settings_;
  asio::io_context context_{1};
  asio::steady_timer stop_timer_{context_};
  std::vector<std::shared_ptr<client_link>> links_;
  std::mutex guard_;
  std::condition_variable arrived_;
  std::vector<link_event> events_;
  std::atomic<std::size_t> open_{0};
  std::thread thread_;
};

socket_pool::socket_pool(pool_settings settings)
    : loop_(std::make_unique<loop>(std::move(settings))) {}

socket_pool::~socket_pool() { stop(); }

void socket_pool::start() { loop_->start(); }

void socket_pool::stop() { loop_->stop(); }

std::vector<link_event> socket_pool::take_events(std::chrono::milliseconds patience) {
  return loop_->take_events(patience);
}

void socket_pool::send(std::size_t link, std::string text) { loop_->send(link, std::move(text)); }

void socket_pool::renew(std::size_t link) { loop_->renew(link); }

std::size_t socket_pool::open_count() const { return loop_->open_count(); }

} // namespace busbar::adapters::ocpp::client
