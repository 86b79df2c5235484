// All stations of a gateway behind their sockets, without sockets.

#include "adapters/config/site_file.hpp"
#include "adapters/ocpp/gateway/exchange.hpp"

#include <gmock/gmock.h>

#include <set>

namespace busbar::tests {

namespace gateway = adapters::ocpp::gateway;
using testing::HasSubstr;

namespace {

constexpr const char* yard = R"(
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
ocpp = { identity = "CP-{n}", profile = 2 }
fallback = { action = "reduce", current_a = 6, timeout_s = 60 }
[[station.connector]]
max_a = 32
)";

struct ocpp_exchange : testing::Test {
  void SetUp() override {
    const auto loaded = adapters::config::parse_site(yard, "yard.toml");
    ASSERT_TRUE(loaded.site) << adapters::config::text_of(loaded.faults.front());
    gateway::provisioned_site known{loaded.site, {}};
    for (const auto& each : loaded.ocpp)
      known.stations.push_back({each.station, each.identity, each.profile});
    gateway::exchange_settings settings;
    settings.started_at = now;
    served.emplace(std::vector{known}, settings);
  }

  static std::string identity(int number) {
    auto digits = std::to_string(number);
    return "CP-" + std::string(3 - digits.size(), '0') + digits;
  }
  void open(int number) {
    served->opened(static_cast<std::uint64_t>(number), identity(number), now);
  }
  /// Sends a CALL and gives all frames that follow.
  std::string send(int number, const std::string& action, const std::string& payload) {
    static_cast<void>(served->take_orders());
    served->frame(static_cast<std::uint64_t>(number),
                  "[2,\"" + action + "\",\"" + action + "\"," + payload + "]", now);
    std::string frames;
    for (const auto& order : served->take_orders()) frames += order.text + "\n";
    return frames;
  }
  int interval_after_boot(int number) {
    const auto frames =
        send(number, "BootNotification", R"({"chargePointVendor":"V","chargePointModel":"M"})");
    const std::string mark = "\"interval\":";
    return std::stoi(frames.substr(frames.find(mark) + mark.size()));
  }

  domain::instant now{std::chrono::hours{500'000}};
  std::optional<gateway::exchange> served;
};

} // namespace

TEST_F(ocpp_exchange, OCPP_3_heartbeats_are_spread_while_many_come_and_are_usual_afterwards) {
  open(1);
  EXPECT_EQ(interval_after_boot(1), 60);
  for (int i = 2; i <= 150; ++i) open(i);
  std::set<int> intervals;
  for (int i = 2; i <= 150; ++i) intervals.insert(interval_after_boot(i));
  EXPECT_GT(intervals.size(), 20u);
  EXPECT_GE(*intervals.begin(), 45);
  EXPECT_LE(*intervals.rbegin(), 75);
  now += std::chrono::seconds{25};
  open(151);
  EXPECT_EQ(interval_after_boot(151), 60);
}

TEST_F(ocpp_exchange, OCPP_3_a_station_has_a_session_from_its_start_to_its_stop) {
  open(1);
  static_cast<void>(interval_after_boot(1));
  EXPECT_FALSE(served->has_session("CP-001"));
  const auto begun = send(1, "StartTransaction",
                          R"({"connectorId":1,"idTag":"T","meterStart":0,)"
                          R"("timestamp":"2027-01-15T08:00:00Z"})");
  EXPECT_TRUE(served->has_session("CP-001"));
  served->closed(1, now);
  EXPECT_TRUE(served->has_session("CP-001")) << "it is absent";
  served->opened(2, "CP-001", now);
  const std::string mark = "\"transactionId\":";
  const auto number = std::to_string(std::stol(begun.substr(begun.find(mark) + mark.size())));
  static_cast<void>(send(2, "StopTransaction",
                         "{\"transactionId\":" + number +
                             ",\"meterStop\":0,\"timestamp\":\"2027-01-15T08:10:00Z\"}"));
  EXPECT_FALSE(served->has_session("CP-001"));
  EXPECT_FALSE(served->has_session("CP-9"));
}

TEST_F(ocpp_exchange, no_order_lowers_the_security_profile_of_a_station) {
  open(1);
  static_cast<void>(interval_after_boot(1));
  auto& desk = served->charge_points();
  const auto set = [&](const std::string& key, const std::string& value) {
    return desk.order({"CP-001", "ChangeConfiguration",
                       R"({"key":")" + key + R"(","value":")" + value + "\"}"},
                      now);
  };
  const auto refused = set("securityPROFILE", "1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, domain::errc::conflict);
  EXPECT_THAT(refused.failure().message, HasSubstr("no order lowers it to 1"));
  EXPECT_FALSE(set("SecurityProfile", "nothing"));
  EXPECT_TRUE(set("SecurityProfile", "2"));
  EXPECT_TRUE(set("SecurityProfile", "3"));
  EXPECT_TRUE(set("HeartbeatInterval", "1"));
}

} // namespace busbar::tests
