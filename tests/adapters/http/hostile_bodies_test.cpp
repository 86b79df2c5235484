// Bodies that are made to be expensive: what is refused, and how long the answer may be.

#include "tests/adapters/http/server_fixture.hpp"

#include <nlohmann/json.hpp>

namespace busbar::tests {
namespace {

using nlohmann::json;

class hostile_bodies : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    engine.publish(make_view(make_site_with_dc()));
    start();
  }
};

constexpr const char* constraints = "/api/v1/sites/garage/site-constraints";

TEST_F(hostile_bodies, a_problem_lists_fifty_faults_counts_the_rest_and_stays_below_64_KiB) {
  std::string body = R"({"node": "t1")";
  // 5 000 unknown fields, 64 KiB at most; control characters grow sixfold in JSON.
  for (int i = 0; i < 5'000; ++i) body += ",\"" + std::to_string(i) + "\":1";
  const raw_answer many = post(constraints, body + "}");
  EXPECT_EQ(many.status, 422u);
  const json refused = json::parse(many.body);
  EXPECT_EQ(refused["errors"].size(), 50u);
  // Fifty are listed of 5 000 and more (what is missing is a fault, too).
  EXPECT_GE(refused["errors_total"], 5'000);
  std::string escaped;
  for (int i = 0; i < 900; ++i) escaped += "\\u0001";
  std::string large = R"({"node": "t1")";
  for (int i = 0; i < 11; ++i) large += ",\"" + escaped + std::to_string(i) + "\":1";
  EXPECT_LE(post(constraints, large + "}").body.size(), 65'536u);
}

TEST_F(hostile_bodies, numbers_that_no_double_holds_and_endless_nesting_are_no_JSON) {
  const raw_answer huge = post(constraints, R"({"node": "t1", "limit_ma": 1e999})");
  EXPECT_EQ(huge.status, 400u);
  EXPECT_NE(huge.body.find("/limit_ma: 1e999"), std::string::npos) << huge.body;
  const std::string deep = std::string(30'000, '[') + std::string(30'000, ']');
  EXPECT_EQ(post(constraints, R"({"node": "t1", "limit_ma": )" + deep + "}").status, 400u);
  EXPECT_EQ(post(constraints, R"({"node": "t1", "node": "f1"})").status, 400u);
}

} // namespace
} // namespace busbar::tests
