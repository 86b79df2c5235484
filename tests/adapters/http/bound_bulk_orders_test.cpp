// OCPP-11: orders to many stations by users who are bound to some sites.

#include "tests/adapters/http/access_fixture.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace busbar::tests {
namespace {

using domain::role;
using nlohmann::json;

const std::string bulk = "/api/v1/chargepoints/bulk/";

class http_bound_bulk_orders : public access_fixture {
protected:
  void SetUp() override {
    access_fixture::SetUp();
    stations.others = 3;
    dora = bearer_of("dora", role::admin, std::vector{domain::site_id{"depot"}});
    start_guarded();
  }
  json report(const std::string& who, const std::string& number) {
    const auto answer = ask("GET", bulk + number + "?limit=5000", who);
    EXPECT_EQ(answer.status, 200u) << answer.body;
    return json::parse(answer.body);
  }

  /// Bound to the depot.
  std::string dora;
};

TEST_F(http_bound_bulk_orders, OCPP_11_an_order_to_many_lists_stations_once_and_a_report_never) {
  stations.others = 500;
  const auto body = R"({"site":"depot","payload":{"type":"Soft"}})";
  const auto taken = post_as(dora, bulk + "reset", body);
  ASSERT_EQ(taken.status, 202u) << taken.body;
  EXPECT_EQ(json::parse(taken.body)["stations"], 500);
  EXPECT_EQ(stations.lists, 1u);
  EXPECT_EQ(report(dora, "1")["counts"]["pending"], 500);
  EXPECT_EQ(stations.lists, 1u);
}

} // namespace
} // namespace busbar::tests
