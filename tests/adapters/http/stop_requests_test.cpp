// A stop names an open session, alone or with what has to be the session's.

#include "tests/adapters/http/server_fixture.hpp"

#include <nlohmann/json.hpp>

namespace busbar::tests {
namespace {

using nlohmann::json;

class http_stops : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    start();
  }
};

TEST_F(http_stops, a_stop_names_its_session_alone) {
  const auto taken = post("/api/v1/requests", R"({"kind": "stop", "session": "s-17"})");
  EXPECT_EQ(taken.status, 202u) << taken.body;
  ASSERT_EQ(engine.submitted.size(), 1u);
  EXPECT_EQ(engine.submitted[0].site.text(), "garage");
  EXPECT_EQ(engine.submitted[0].station.text(), "CP-001");
  EXPECT_EQ(engine.submitted[0].driver.text(), "Alice");
  const auto unknown = post("/api/v1/requests", R"({"kind": "stop", "session": "s-99"})");
  EXPECT_EQ(unknown.status, 404u);
  const auto start = post("/api/v1/requests", R"({"kind": "start", "station": "CP-001"})");
  EXPECT_EQ(start.status, 422u) << "only a stop is told apart by its session";
}

TEST_F(http_stops, a_stop_that_does_not_fit_its_session_is_refused_at_the_door) {
  const auto stop = [&](const char* session, const char* driver, const char* station) {
    const json body{{"kind", "stop"},     {"site", "garage"},     {"session", session},
                    {"driver", driver}, {"station", station}};
    const auto answer = post("/api/v1/requests", body.dump());
    const auto said = json::parse(answer.body);
    return std::to_string(answer.status) + " " +
           (answer.status == 202 ? std::string{} : said["detail"].get<std::string>());
  };
  EXPECT_EQ(stop("s-17", "Alice", "CP-001"), "202 ");
  EXPECT_EQ(stop("s-99", "Alice", "CP-001"), "404 there is no session 's-99'");
  EXPECT_EQ(stop("s-16", "Bob", "CP-002"),
            "409 session 's-16' ended at 2026-05-01T12:00:00Z (energy reached)");
  EXPECT_EQ(stop("s-17", "Bob", "CP-001"), "409 session 's-17' is of driver 'Alice', not 'Bob'");
  EXPECT_EQ(stop("s-17", "Alice", "CP-002"),
            "409 session 's-17' is of station 'CP-001', not 'CP-002'");
  EXPECT_EQ(engine.submitted.size(), 1u);
}

TEST_F(http_stops, a_session_that_began_after_the_snapshot_can_be_stopped_until_it_ends) {
  domain::session_fact fact;
  fact.kind = domain::session_fact_kind::accepted;
  fact.session = domain::session_id{"s-18"};
  fact.site = domain::site_id{"garage"};
  fact.station = domain::station_id{"CP-002"};
  fact.driver = domain::driver_id{"Bob"};
  const std::string body = R"({"kind": "stop", "session": "s-18"})";
  EXPECT_EQ(post("/api/v1/requests", body).status, 404u);
  engine.record({}, fact);
  EXPECT_EQ(post("/api/v1/requests", body).status, 202u);
  ASSERT_EQ(engine.submitted.size(), 1u);
  EXPECT_EQ(engine.submitted[0].station.text(), "CP-002");
  EXPECT_EQ(engine.submitted[0].driver.text(), "Bob");
  fact.kind = domain::session_fact_kind::completed;
  engine.record({}, fact);
  EXPECT_EQ(post("/api/v1/requests", body).status, 404u);
}

} // namespace
} // namespace busbar::tests
