#pragma once
// A site of 200 stations behind a gateway, without sockets.

#include "adapters/config/site_file.hpp"
#include "adapters/ocpp/gateway/exchange.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace busbar::tests {

namespace gateway = adapters::ocpp::gateway;

inline constexpr const char* yard = R"(
[site]
id = "yard"
[[node]]
id = "service"
name = "Service"
kind = "service"
limits = [{ source = "rating", a = 6000 }]
[[station]]
id = "CP-{n}"
count = 200
node = "service"
ocpp = { identity = "CP-{n}", profile = 2, tags = "listed" }
fallback = { action = "reduce", current_a = 6, timeout_s = 60 }
[[station.connector]]
max_a = 32
)";

struct ocpp_exchange : testing::Test {
  void SetUp() override {
    serve(std::make_shared<const gateway::tag_book>());
  }
  /// `rules`: in the place of those of the file.
  void serve(std::shared_ptr<const gateway::tag_book> tags,
             std::optional<control::sessions::tag_rules> rules = std::nullopt) {
    const auto loaded = adapters::config::parse_site(yard, "yard.toml");
    ASSERT_TRUE(loaded.site) << adapters::config::text_of(loaded.faults.front());
    gateway::provisioned_site known{loaded.site, {}};
    for (const auto& each : loaded.ocpp)
      known.stations.push_back(
          {each.station, each.identity, each.profile, each.tolerances,
           rules.value_or(each.tags)});
    gateway::exchange_settings settings;
    settings.started_at = now;
    settings.tags = std::move(tags);
    settings.authority = authority;
    served.emplace(std::vector{known}, settings);
  }

  static std::string identity(int number) {
    auto digits = std::to_string(number);
    return "CP-" + std::string(3 - digits.size(), '0') + digits;
  }
  void open(int number) {
    served->opened(static_cast<std::uint64_t>(number), identity(number), now);
  }
  void call(int number, const std::string& action, const std::string& payload) {
    static_cast<void>(served->take_orders());
    served->frame(static_cast<std::uint64_t>(number),
                  "[2,\"" + action + "\",\"" + action + "\"," + payload + "]", now);
  }
  /// All frames that have become due.
  std::string frames() {
    std::string all;
    for (const auto& order : served->take_orders()) all += order.text + "\n";
    return all;
  }
  /// The newest CALL of these frames is accepted.
  void answer_call(int number, const std::string& due) {
    const auto begin = due.rfind("[2,\"");
    if (begin == due.npos) return;
    const auto id = due.substr(begin + 4, due.find('"', begin + 4) - begin - 4);
    served->frame(static_cast<std::uint64_t>(number), "[3,\"" + id + R"(",{"status":"Accepted"}])",
                  now);
  }
  /// The log refuses what is reported now as often as it is offered; what the station gets then.
  std::string refuse() {
    for (int i = 0; i < 3; ++i) {
      const auto offered = reports();
      EXPECT_EQ(offered.size(), 1u) << i;
      EXPECT_THAT(frames(), testing::Not(testing::HasSubstr("[3,")));
      for (const auto& each : offered) each.then(false);
    }
    std::string all;
    for (const auto& order : served->take_orders())
      all += order.closes ? "closed " + std::to_string(int(*order.closes)) : order.text;
    return all;
  }
  /// Requests that are to be written to the log.
  std::vector<gateway::reported_request> reports() {
    std::vector<gateway::reported_request> all;
    for (auto& said : served->drain(now))
      for (auto& each : said.requests) all.push_back(std::move(each));
    return all;
  }
  /// Sends a CALL and gives all frames that follow once the log has what it reports.
  std::string send(int number, const std::string& action, const std::string& payload) {
    call(number, action, payload);
    const auto at_once = frames();
    for (const auto& each : reports()) each.then(true);
    return at_once + frames();
  }
  void start(int number) {
    call(number, "StartTransaction",
         R"({"connectorId":1,"idTag":"T","meterStart":0,"timestamp":"2027-01-15T08:00:00Z"})");
  }
  int interval_after_boot(int number) {
    const auto answer =
        send(number, "BootNotification", R"({"chargePointVendor":"V","chargePointModel":"M"})");
    const std::string mark = "\"interval\":";
    return std::stoi(answer.substr(answer.find(mark) + mark.size()));
  }

  domain::instant now{std::chrono::hours{500'000}};
  /// Null: none.
  std::shared_ptr<ports::tag_authority> authority;
  std::optional<gateway::exchange> served;
};

} // namespace busbar::tests
