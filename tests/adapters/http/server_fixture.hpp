#pragma once
// A server on a free port of the loopback over a scripted engine.

#include "adapters/http/api/api_server.hpp"
#include "tests/adapters/http/fake_engine.hpp"
#include "tests/adapters/http/raw_client.hpp"

#include <gtest/gtest.h>

namespace busbar::tests {

inline const adapters::http::api::asset test_assets[] = {
    {"/index.html", "text/html; charset=utf-8", "<!doctype html><title>Busbar</title>"},
    {"/assets/page-1a2b.js", "text/javascript", "export {}"},
};

/// One station, that answers nothing.
class scripted_charge_points : public ports::charge_points {
public:
  bool has_station(const std::string& identity) const override { return identity == "wallbox-1"; }
  domain::result<std::uint64_t> order(const ports::charge_point_order& wanted,
                                      domain::instant now) override {
    orders.push_back({orders.size() + 1, wanted.action, "pending", wanted.payload, {}, now});
    return orders.size();
  }
  std::vector<ports::order_standing> orders_of(const std::string&) const override {
    return orders;
  }

  std::vector<ports::order_standing> orders{
      {1, "RemoteStopTransaction", "accepted", R"({"transactionId":7})",
       R"({"status":"Accepted"})", {}}};
};

class server_fixture : public testing::Test {
protected:
  void SetUp() override {
    engine.publish(make_view(make_site("garage", 3)));
    engine.record("began");
    settings.port = 0;
  }

  void start() {
    server = adapters::http::api::make_server(
        settings, engine, [] { return std::string("busbar_up 1\n"); }, test_assets,
        [this] { return &stations; });
    const auto started = server->start();
    ASSERT_TRUE(started.has_value()) << (started ? "" : started.failure().message);
  }

  raw_answer ask(const std::string& method, const std::string& target,
                 const std::string& headers = "", const std::string& body = "") {
    return raw_client{server->port()}.ask(method, target, headers, body);
  }
  raw_answer post(const std::string& target, const std::string& body) {
    return ask("POST", target, "Content-Type: application/json\r\n", body);
  }
  raw_answer patch(const std::string& target, const std::string& body) {
    return ask("PATCH", target, "Content-Type: application/json\r\n", body);
  }
  /// Waits until a statistic has reached `value`, ten seconds at most.
  bool reaches(const std::string& name, double value) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (server->statistics().at(name) < value) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      std::this_thread::yield();
    }
    return true;
  }

  fake_engine engine;
  scripted_charge_points stations;
  adapters::http::server::server_settings settings;
  std::unique_ptr<adapters::http::server::http_server> server;
};

} // namespace busbar::tests
