// OCPP-11: certificates, settings, transactions, meter values and orders to very many by REST.

#include "tests/adapters/http/server_fixture.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace busbar::tests {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string base = "/api/v1/chargepoints/wallbox-1/";

class http_charge_point_history : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    start();
  }
  /// What the newest order is.
  std::string ordered() const {
    const auto& newest = stations.orders.back();
    return newest.action + " " + newest.request;
  }
};

TEST_F(http_charge_point_history, OCPP_11_certificates_are_asked_for_by_type) {
  EXPECT_EQ(ask("GET", base + "certificates").status, 200u);
  EXPECT_EQ(ordered(),
            R"(GetInstalledCertificateIds {"certificateType":"CentralSystemRootCertificate"})");
  for (const auto* each : {"?type=", "?certificateType="}) {
    EXPECT_EQ(ask("GET", base + "certificates" + each + "ManufacturerRootCertificate").status,
              200u);
    EXPECT_EQ(ordered(),
              R"(GetInstalledCertificateIds {"certificateType":"ManufacturerRootCertificate"})");
  }
  EXPECT_EQ(ask("GET", base + "certificates?type=Root").status, 400u);
}

TEST_F(http_charge_point_history, OCPP_11_settings_are_set_back_without_a_body) {
  EXPECT_EQ(ask("POST", base + "configuration/reset").status, 202u);
  EXPECT_EQ(ordered(), "ResetConfiguration {}");
  EXPECT_EQ(post(base + "configuration/reset?wait_s=20&absent=wait", "{}").status, 200u);
  EXPECT_TRUE(stations.given.waits);
  const auto before = stations.orders.size();
  EXPECT_EQ(post(base + "configuration/reset", R"({"key":"K"})").status, 422u);
  EXPECT_EQ(stations.orders.size(), before) << "nothing is ordered";
  EXPECT_EQ(post("/api/v1/chargepoints/none/configuration/reset", "{}").status, 404u);
}

TEST_F(http_charge_point_history, transactions_are_listed_newest_first_with_flags_in_pages) {
  const auto page = json::parse(ask("GET", base + "transactions?limit=1").body);
  EXPECT_EQ(page["total"], 2);
  EXPECT_EQ(page["items"][0]["ocpp_transaction"], 8);
  EXPECT_EQ(page["items"][0]["state"], "open");
  for (const auto* none : {"session", "began_at", "ended_at", "meter_stop_wh", "reason"})
    EXPECT_TRUE(page["items"][0][none].is_null()) << none;
  const auto next = page["next"].get<std::string>();
  const auto ended =
      json::parse(ask("GET", base + "transactions?after=" + next).body)["items"][0];
  EXPECT_EQ(ended["ocpp_transaction"], 7);
  EXPECT_EQ(ended["state"], "ended");
  EXPECT_EQ(ended["session"], "s-1");
  EXPECT_EQ(ended["reason"], "Local");
  EXPECT_EQ(ended["flags"], json::parse(R"(["stop_lost"])"));
  EXPECT_EQ(ask("GET", "/api/v1/chargepoints/none/transactions").status, 404u);
  EXPECT_EQ(ask("GET", base + "transactions?state=open").status, 400u);
}

TEST_F(http_charge_point_history, meter_values_are_samples_or_spans_of_minutes) {
  const auto raw = json::parse(ask("GET", base + "meter-values").body)["items"][0];
  EXPECT_EQ(raw["value"], 3450.5);
  EXPECT_EQ(raw["measurand"], "Power.Active.Import");
  EXPECT_TRUE(raw["phase"].is_null());
  EXPECT_FALSE(raw.contains("mean"));
  EXPECT_FALSE(stations.past.asked.measurand || stations.past.asked.connector);
  const auto span = json::parse(
      ask("GET", base + "meter-values?measurand=Power.Active.Import&period=15&connector=1"
                        "&from=2026-05-01T12:00:00Z&to=2026-05-01T13:00:00Z").body)["items"][0];
  EXPECT_EQ(span["mean"], 3450.5);
  EXPECT_EQ(span["least"], -7.02);
  EXPECT_EQ(span["peak"], 4000);
  EXPECT_EQ(span["samples"], 6);
  EXPECT_EQ(span["energy_wh"], 57.508);
  EXPECT_EQ(stations.past.asked.period, std::chrono::minutes{15});
  EXPECT_EQ(stations.past.asked.connector, 1);
  EXPECT_EQ(*stations.past.asked.to - *stations.past.asked.from, std::chrono::hours{1});
  for (const auto* wrong : {"period=10", "period=1m", "measurand=Power", "connector=-1"})
    EXPECT_EQ(ask("GET", base + "meter-values?" + wrong).status, 400u) << wrong;
}

TEST_F(http_charge_point_history, of_meter_values_the_page_is_asked_for_and_all_are_counted) {
  stations.past.rows = 12;
  const auto page = json::parse(ask("GET", base + "meter-values?limit=5&after=5").body);
  EXPECT_EQ(stations.past.asked.offset, 5u);
  EXPECT_EQ(stations.past.asked.limit, 5u);
  EXPECT_EQ(page["items"].size(), 5u);
  EXPECT_EQ(page["total"], 12);
  EXPECT_EQ(page["next"], "10");
  const auto last = json::parse(ask("GET", base + "meter-values?limit=5&after=10").body);
  EXPECT_EQ(last["items"].size(), 2u);
  EXPECT_EQ(last["total"], 12);
  EXPECT_TRUE(last["next"].is_null());
  const auto beyond = json::parse(ask("GET", base + "meter-values?after=100").body);
  EXPECT_TRUE(beyond["items"].empty());
  EXPECT_EQ(beyond["total"], 12);
}

TEST_F(http_charge_point_history, OCPP_11_an_order_to_many_goes_to_10_000_stations_and_to_no_more) {
  const auto send = [&] {
    return post("/api/v1/chargepoints/bulk/clear-cache", R"({"site":"depot","per_second":1000})");
  };
  stations.others = 10'000;
  const auto taken = send();
  EXPECT_EQ(taken.status, 202u);
  EXPECT_EQ(json::parse(taken.body)["stations"], 10'000);
  EXPECT_EQ(stations.orders.size(), 10'001u);
  stations.others = 10'001;
  const auto refused = send();
  EXPECT_EQ(refused.status, 422u);
  EXPECT_THAT(json::parse(refused.body)["detail"],
              HasSubstr("10001 stations are meant: allowed are at most 10000"));
  EXPECT_EQ(stations.orders.size(), 10'001u) << "nothing is ordered";
}

} // namespace
} // namespace busbar::tests
