#pragma once
// A server with access control: a real desk of users over a folder of its own.

#include "adapters/access/access_desk.hpp"
#include "adapters/access/audit_log.hpp"
#include "tests/adapters/http/server_fixture.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <string>

namespace busbar::tests {

inline constexpr const char* test_password = "Copper-bar-77";

class access_fixture : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    engine.publish(make_view(make_site("depot", 3)));
    adapters::access::desk_settings desk;
    desk.folder = scratch.path();
    // As little as is allowed, so that tests are not slow.
    desk.cost = {19'456, 2};
    desk.clock = [this] {
      return std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now()) +
             domain::seconds{clock_ahead_s};
    };
    auto opened = adapters::access::access_desk::open(desk);
    ASSERT_TRUE(opened) << opened.failure().message;
    access = std::move(opened.value());
    // Tests say by X-Forwarded-For from which address they come.
    guarding.trusted_proxies = {"127.0.0.1"};
  }
  void TearDown() override {
    // Before what it refers to.
    server.reset();
  }
  void start_guarded() {
    server = adapters::http::api::make_server(
        settings, engine, [] { return std::string("busbar_up 1\n"); }, test_assets,
        {[this] { return &stations; }, cluster, peers, access.get(), audit.get(),
         guarding});
    ASSERT_TRUE(server->start());
  }

  void add(const std::string& name, domain::role granted, domain::site_binding sites = {}) {
    std::promise<bool> done;
    access->add_user({name, test_password, granted, std::move(sites)}, [&](const auto& given) {
      done.set_value(std::holds_alternative<ports::access_done>(given));
    });
    ASSERT_TRUE(done.get_future().get()) << name;
  }
  void change(const std::string& name, const ports::user_change& wanted) {
    std::promise<bool> done;
    access->change_user(name, wanted, [&](const auto& given) {
      done.set_value(std::holds_alternative<ports::access_done>(given));
    });
    ASSERT_TRUE(done.get_future().get()) << name;
  }
  ports::access_grant grant_of(const std::string& name) {
    std::promise<ports::access_outcome<ports::access_grant>> done;
    access->log_in({name, test_password, "192.0.2.7"},
                   [&](const auto& given) { done.set_value(given); });
    auto given = done.get_future().get();
    EXPECT_TRUE(std::holds_alternative<ports::access_grant>(given)) << name;
    return std::get<ports::access_grant>(given);
  }
  /// Adds the user and logs in: its headers.
  std::string bearer_of(const std::string& name, domain::role granted,
                        domain::site_binding sites = {}) {
    add(name, granted, std::move(sites));
    return bearer(grant_of(name).access_token);
  }
  [[nodiscard]] static std::string bearer(const std::string& token) {
    return "Authorization: Bearer " + token + "\r\n";
  }
  raw_answer post_as(const std::string& who, const std::string& target, const std::string& body) {
    return ask("POST", target, who + "Content-Type: application/json\r\n", body);
  }

  scratch_folder scratch;
  std::atomic<std::int64_t> clock_ahead_s{0};
  adapters::http::api::guard_settings guarding;
  std::unique_ptr<adapters::access::access_desk> access;
  std::unique_ptr<adapters::access::audit_log> audit;
};

} // namespace busbar::tests
