#include "adapters/http/peers/peer_client.hpp"

#include "adapters/http/peers/peer_exchange.hpp"
#include "adapters/http/peers/peer_feed.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <thread>
#include <utility>

namespace busbar::adapters::http::peers {

namespace asio = boost::asio;

namespace {

constexpr const char* too_many = "too many requests to other engine nodes are under way";

} // namespace

/// The thread and what it works on; exchanges refer to it.
class peer_client::core : public peer_ground, public std::enable_shared_from_this<core> {
public:
  explicit core(peer_settings with) : peer_ground(with) {
    thread_ = std::thread{[this] { context.run(); }};
  }
  ~core() {
    context.stop();
    if (thread_.joinable()) thread_.join();
  }
  core(const core&) = delete;
  core& operator=(const core&) = delete;

  void ask(ports::peer_request request, ports::peer_listener then) {
    if (counts.under_way.fetch_add(1) >= settings.requests_max) {
      --counts.under_way;
      ++counts.failures[static_cast<std::size_t>(ports::peer_fault::busy)];
      return asio::post(context, [then = std::move(then)] {
        then(ports::peer_failure{ports::peer_fault::busy, too_many});
      });
    }
    asio::post(context, [this, request = std::move(request), then = std::move(then)]() mutable {
      std::make_shared<peer_exchange>(*this, std::move(request), std::move(then))->begin();
    });
  }

  std::shared_ptr<void> follow(ports::peer_request request, ports::peer_events to) {
    auto feed = std::make_shared<peer_feed>(*this, std::move(request), std::move(to));
    asio::post(context, [feed] { feed->begin(); });
    // What holds it does not know whether the client is still there.
    return {feed.get(), [known = std::weak_ptr{feed}, of = weak_from_this()](void*) {
              const auto end = [known] {
                if (const auto there = known.lock()) there->end();
              };
              if (const auto here = of.lock()) asio::post(here->context, end);
            }};
  }

  void secure_with(tls::shared_context made) {
    asio::post(context, [this, made = std::move(made)]() mutable { secure = std::move(made); });
  }

  void later(std::chrono::milliseconds delay, std::function<void()> then) {
    const auto timer = std::make_shared<asio::steady_timer>(context, delay);
    timer->async_wait([timer, then = std::move(then)](boost::system::error_code cancelled) {
      if (!cancelled) then();
    });
  }

private:
  asio::executor_work_guard<asio::io_context::executor_type> work_{context.get_executor()};
  std::thread thread_;
};

peer_client::peer_client(peer_settings settings) : core_(std::make_shared<core>(settings)) {}

peer_client::~peer_client() = default;

void peer_client::secure(tls::shared_context context) {
  core_->secure_with(std::move(context));
}

void peer_client::ask(ports::peer_request request, ports::peer_listener then) {
  core_->ask(std::move(request), std::move(then));
}

std::shared_ptr<void> peer_client::follow(ports::peer_request request, ports::peer_events to) {
  return core_->follow(std::move(request), std::move(to));
}

void peer_client::later(std::chrono::milliseconds delay, std::function<void()> then) {
  core_->later(delay, std::move(then));
}

std::map<std::string, double> peer_client::statistics() const {
  const auto& counts = core_->counts;
  const auto value = [](const auto& number) { return static_cast<double>(number.load()); };
  const auto failed = [&](ports::peer_fault fault) {
    return value(counts.failures[static_cast<std::size_t>(fault)]);
  };
  using enum ports::peer_fault;
  return {
      {"answers_2xx_total", value(counts.answers[2])},
      {"answers_4xx_total", value(counts.answers[4])},
      {"answers_5xx_total", value(counts.answers[5])},
      {"unreachable_total", failed(unreachable)},
      {"refused_busy_total", failed(busy)},
      {"broken_total", failed(broken)},
      {"unanswered_total", failed(unanswered)},
      {"garbled_total", failed(garbled)},
      {"too_large_total", failed(too_large)},
      {"connections_total", value(counts.connections)},
      {"request_seconds_total", value(counts.microseconds) / 1e6},
      {"requests", value(counts.under_way)},
      {"streams", value(counts.streams)},
  };
}

} // namespace busbar::adapters::http::peers
