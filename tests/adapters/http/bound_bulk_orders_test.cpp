// OCPP-11: orders to many stations by users who are bound to some sites, and what these users see
// of the orders of others.

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
    rose = bearer_of("rose", role::admin);
    dora = bearer_of("dora", role::admin, std::vector{domain::site_id{"depot"}});
    dave = bearer_of("dave", role::site_operator, std::vector{domain::site_id{"depot"}});
    start_guarded();
  }
  json report(const std::string& who, const std::string& number) {
    const auto answer = ask("GET", bulk + number + "?limit=5000", who);
    EXPECT_EQ(answer.status, 200u) << answer.body;
    return json::parse(answer.body);
  }
  static std::vector<std::string> ids_in(const json& report) {
    std::vector<std::string> ids;
    for (const auto& each : report["items"]) ids.push_back(each["id"]);
    return ids;
  }

  /// An administrator who is bound to no site.
  std::string rose;
  /// An administrator who is bound to the depot.
  std::string dora;
  /// An operator who is bound to the depot.
  std::string dave;
};

using names = std::vector<std::string>;

TEST_F(http_bound_bulk_orders, OCPP_11_a_report_shows_parts_of_own_sites_also_without_an_order) {
  stations.refusal = domain::error{domain::errc::conflict, "is not connected"};
  const auto body = R"({"ids":["box-0","box-1","none","wallbox-1"],"payload":{"type":"Soft"}})";
  ASSERT_EQ(post_as(rose, bulk + "reset", body).status, 202u);
  const auto whole = report(rose, "1");
  EXPECT_EQ(ids_in(whole), (names{"wallbox-1", "box-0", "box-1", "none"}));
  EXPECT_EQ(whole["counts"]["not_ordered"], 4);
  const auto own = report(dave, "1");
  EXPECT_EQ(ids_in(own), (names{"box-0", "box-1"}));
  EXPECT_EQ(own["counts"]["not_ordered"], 2);
  EXPECT_EQ(own["total"], 2);
  ASSERT_EQ(post_as(rose, bulk + "reset", R"({"site":"garage","payload":{"type":"Soft"}})").status,
            202u);
  EXPECT_EQ(ask("GET", bulk + "2", dave).status, 404u) << "nothing of it is of its sites";
}

TEST_F(http_bound_bulk_orders, OCPP_11_identities_that_are_not_there_are_shown_to_their_user) {
  const auto body = R"({"ids":["box-0","none","wallbox-1"],"payload":{"type":"Soft"}})";
  ASSERT_EQ(post_as(dora, bulk + "reset", body).status, 202u);
  EXPECT_EQ(stations.given.identity, "box-0");
  const auto named = report(dora, "1");
  EXPECT_EQ(ids_in(named), (names{"box-0", "none", "wallbox-1"}));
  EXPECT_EQ(named["items"][2]["refusal"], "none comes under this identity")
      << "one of another site is none";
  EXPECT_EQ(named["counts"]["not_ordered"], 2);
  EXPECT_EQ(ids_in(report(dave, "1")), names{"box-0"});
  EXPECT_EQ(ids_in(report(rose, "1")), (names{"box-0", "none", "wallbox-1"}));
}

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
