// Files of stations over HTTP: in parts, with their token alone, beyond the bound of other bodies.

#include "tests/adapters/http/server_fixture.hpp"
#include "tests/adapters/http/station_files.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace busbar::tests {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string base = "/api/v1/chargepoints/wallbox-1/";
const domain::instant far{std::chrono::hours{24 * 365 * 200}};

class http_uploads : public server_fixture {
protected:
  void SetUp() override {
    server_fixture::SetUp();
    shelf = adapters::uploads::upload_shelf::open_folder(folder.place_of("files"),
                                                         "http://busbar.example:8000")
                .value();
    uploads = shelf.get();
    start();
  }
  std::string token() { return expected_token(*shelf, "wallbox-1", far); }
  raw_answer put(const std::string& target, const std::string& body,
                 const std::string& headers = "", const std::string& verb = "PUT") {
    return ask(verb, target, headers, body);
  }

  scratch_folder folder;
  std::shared_ptr<adapters::uploads::upload_shelf> shelf;
};

} // namespace

TEST_F(http_uploads, OCPP_11_a_file_is_put_listed_and_read_back) {
  std::string bytes(1'000'000, 'x');
  bytes[500'000] = '\0';
  const auto given = token();
  const auto kept = put("/uploads/" + given + "/log%20a.zip", bytes,
                        "Content-Type: application/zip\r\n");
  EXPECT_EQ(kept.status, 201u) << kept.body;
  EXPECT_EQ(json::parse(kept.body), json::parse(R"({"bytes":1000000})"));
  const auto listed = json::parse(ask("GET", base + "uploads").body);
  ASSERT_EQ(listed["items"].size(), 1u);
  EXPECT_EQ(listed["items"][0]["id"], 1);
  EXPECT_EQ(listed["items"][0]["file_name"], "log a.zip");
  EXPECT_EQ(listed["items"][0]["content_type"], "application/zip");
  EXPECT_EQ(listed["items"][0]["bytes"], 1'000'000);
  const auto read = ask("GET", base + "uploads/1");
  EXPECT_EQ(read.status, 200u);
  EXPECT_EQ(read.body, bytes);
  EXPECT_EQ(put("/uploads/" + token(), "ab", "", "POST").status, 201u);
  EXPECT_EQ(ask("GET", base + "uploads/3").status, 404u);
  EXPECT_EQ(ask("GET", base + "uploads/x").status, 404u);
}

TEST_F(http_uploads, OCPP_11_a_token_that_is_wrong_used_or_expired_is_one_404) {
  const auto used = token();
  EXPECT_EQ(put("/uploads/" + used, "ab").status, 201u);
  const auto wrong = put("/uploads/" + std::string(64, '0'), "ab");
  EXPECT_EQ(wrong.status, 404u);
  const auto again = put("/uploads/" + used, std::string(100'000, 'x'));
  EXPECT_EQ(again.status, 404u);
  EXPECT_EQ(again.body, wrong.body);
  const auto expired = put("/uploads/" + expected_token(*shelf, "wallbox-1", {}), "ab");
  EXPECT_EQ(expired.status, 404u);
  EXPECT_EQ(expired.body, wrong.body);
}

TEST_F(http_uploads, OCPP_11_a_file_that_is_too_large_is_413_and_other_bodies_have_their_bound) {
  const auto given = token();
  const auto refused = put("/uploads/" + given, std::string(67'108'865, 'x'));
  EXPECT_EQ(refused.status, 413u);
  EXPECT_EQ(put("/uploads/" + given, "ab").status, 404u) << "the token is used up";
  EXPECT_TRUE(std::filesystem::is_empty(folder.place_of("files")));
  EXPECT_EQ(post(base + "reset", std::string(65'537, ' ')).status, 413u);
}

TEST_F(http_uploads, OCPP_11_diagnostics_and_logs_without_a_URL_come_here) {
  ASSERT_EQ(post(base + "get-diagnostics?wait_s=5", R"({"retries":2})").status, 200u);
  const auto diagnostics = json::parse(stations.given.payload);
  const std::string url = diagnostics["location"];
  EXPECT_THAT(url, HasSubstr("http://busbar.example:8000/uploads/"));
  EXPECT_EQ(diagnostics["retries"], 2);
  EXPECT_EQ(put(url.substr(url.find("/uploads/")), "ab").status, 201u);
  ASSERT_EQ(post(base + "get-log", R"({"logType":"SecurityLog"})").status, 202u);
  const auto log = json::parse(stations.given.payload);
  EXPECT_THAT(log["log"]["remoteLocation"], HasSubstr("http://busbar.example:8000/uploads/"));
  const std::string own = log["log"]["remoteLocation"];
  EXPECT_EQ(post(base + "get-diagnostics", R"({"location":")" + own + "\"}").status, 422u)
      << "a URL that is stated is one of those that are listed";
  EXPECT_EQ(post(base + "get-log", "{}").status, 422u) << "no logType";
  stations.refusal = domain::error{domain::errc::conflict, "is not connected"};
  EXPECT_EQ(post(base + "get-diagnostics", "{}").status, 409u);
}

TEST_F(http_uploads, OCPP_11_without_a_receiver_and_without_a_URL_the_order_is_refused_with_words) {
  uploads = nullptr;
  start();
  for (const char* path : {"get-diagnostics", "get-log"}) {
    const auto refused = post(base + path, R"({"logType":"SecurityLog"})");
    EXPECT_EQ(refused.status, 422u);
    EXPECT_THAT(refused.body, HasSubstr("--uploads-url"));
  }
  EXPECT_EQ(json::parse(ask("GET", base + "uploads").body)["items"].size(), 0u);
  EXPECT_EQ(ask("GET", base + "uploads/1").status, 404u);
  EXPECT_EQ(put("/uploads/" + token(), "ab").status, 404u);
}

} // namespace busbar::tests
