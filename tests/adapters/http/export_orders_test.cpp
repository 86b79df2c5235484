// Orders for export over HTTP: taken, shown, refused with every reason at once.

#include "control/stations/capability.hpp"
#include "tests/adapters/http/server_fixture.hpp"

#include <nlohmann/json.hpp>

namespace busbar::tests {
namespace {

using nlohmann::json;
using details = std::vector<std::string>;

constexpr const char* dc_power = "/api/v1/stations/DC-001/dc-power";

/// DC-001 bidirectional, 20 to 150 kW, with a session and a vehicle at 900 permille.
std::shared_ptr<domain::site> make_site_with_export() {
  auto site = make_site_with_dc();
  auto own = *control::stations::find_capability("dcfc_ccs_medium");
  own.is_bidirectional = true;
  site->capabilities.push_back(own);
  return site;
}

domain::site_view make_view_with_export(std::int64_t soc) {
  auto view = make_view(make_site_with_export());
  view.connectors[3].soc = domain::permille{soc};
  domain::battery_view battery;
  battery.capacity = domain::watt_hours{60'000};
  battery.energy_to_full = domain::watt_hours{6'000};
  battery.departure_need = domain::permille{800};
  battery.exported = domain::watt_hours{1'500};
  if (soc > 800) battery.export_max = domain::watts{25'000};
  view.connectors[3].battery = std::make_shared<const domain::battery_view>(battery);
  return view;
}

class http_export : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    engine.publish(make_view(make_site_with_dc()));
    start();
  }
  json get(const std::string& target) {
    return json::parse(ask("GET", target).body, nullptr, false);
  }
  json order(const std::string& target, const std::string& body) {
    const raw_answer answer = post(target, body);
    EXPECT_EQ(answer.status, 202u) << answer.body;
    return json::parse(answer.body, nullptr, false);
  }
  details faults(const std::string& body) {
    const raw_answer answer = post(dc_power, body);
    EXPECT_EQ(answer.status, 422u) << answer.body;
    EXPECT_TRUE(engine.ordered.empty());
    details found;
    const json refused = json::parse(answer.body, nullptr, false);
    for (const auto& each : refused["errors"]) found.push_back(each["detail"]);
    return found;
  }
};

TEST_F(http_export, is_ordered_by_a_negative_power) {
  engine.publish(make_view_with_export(900));
  const json receipt =
      order(dc_power, R"({"power_w": -30000, "voltage_mv": 400000, "duration_s": 60})");
  const auto& taken = std::get<domain::connector_constraint>(engine.ordered.back().second);
  EXPECT_EQ(taken.power, domain::watts{-30'000});
  EXPECT_EQ(receipt["direction"], "export");
  EXPECT_EQ(receipt["limit_w"], -30'000);
  EXPECT_EQ(receipt["current_ma"], 75'000); // 30 000 W / 400 V
  EXPECT_EQ(receipt["recommended_w"], -30'000);
  EXPECT_EQ(receipt["expected_w"], -25'000) << "all that the vehicle can spare";
  order("/api/stations/DC-001/dc-power",
        R"({"power_w": -20000, "voltage_mv": 400000, "duration_s": 60})");
  EXPECT_EQ(engine.ordered.size(), 2u);
}

TEST_F(http_export, shows_its_direction_and_what_is_known_of_the_battery) {
  auto view = make_view_with_export(900);
  view.connectors[3].is_export = true;
  view.connectors[3].acknowledged = domain::milliamperes{36'000};
  engine.publish(view);
  const json shown = get(dc_power)["connectors"][0];
  EXPECT_EQ(shown["direction"], "export");
  EXPECT_LT(shown["setpoint_w"], 0);
  EXPECT_EQ(shown["battery"]["energy_to_full_wh"], 6'000);
  EXPECT_EQ(shown["battery"]["departure_need_permille"], 800);
  EXPECT_EQ(shown["battery"]["exported_wh"], 1'500);
  const json station = get("/api/v1/stations/DC-001");
  EXPECT_EQ(station["connectors"][0]["battery"]["export_max_w"], 25'000);
  EXPECT_TRUE(get("/api/v1/stations/CP-001")["connectors"][0]["battery"].is_null());
}

TEST_F(http_export, is_refused_with_every_reason_at_once) {
  const std::string wish = R"({"power_w": -30000, "voltage_mv": 400000, "duration_s": 60})";
  EXPECT_EQ(faults(wish), (details{"-30000; allowed are 0 or 20000 to 150000; recommended is 0"}))
      << "not bidirectional";
  engine.publish(make_view_with_export(800));
  const auto found = faults(R"({"power_w": -160000, "voltage_mv": 400000})");
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0], "-160000; allowed are -150000 to -20000, 0 or 20000 to 150000; "
                      "recommended is -80000"); // 400 V * 200 A
  EXPECT_EQ(found[1], "its state of charge is 800 permille; export needs a state of charge above "
                      "the departure need of 800 permille");
  auto view = make_view_with_export(800);
  view.connectors[3].is_stale = true;
  view.connectors[3].soc.reset();
  view.connectors[3].battery.reset();
  engine.publish(view);
  EXPECT_EQ(faults(wish),
            (details{"its readings are stale; export needs fresh ones",
                     "it has no session; export needs one",
                     "its state of charge is not known; export needs a state of charge above the "
                     "departure need of 800 permille"}));
  const raw_answer own_word = post(dc_power, R"({"power": -60})");
  EXPECT_EQ(json::parse(own_word.body)["errors"][0]["pointer"], "/power") << own_word.body;
}

} // namespace
} // namespace busbar::tests
