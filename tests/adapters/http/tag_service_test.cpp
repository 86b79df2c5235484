// The operator's service that decides about tags, over real sockets.

#include "adapters/http/hooks/tag_service.hpp"

#include "tests/adapters/http/raw_server.hpp"

#include <gmock/gmock.h>

#include <chrono>
#include <future>
#include <memory>
#include <string>

namespace busbar::tests {

using adapters::http::hooks::service_place_of;
using adapters::http::hooks::tag_service;
using domain::errc;
using testing::HasSubstr;

namespace {

std::string answer_of(const std::string& body, const std::string& status = "200 OK") {
  return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

domain::result<ports::tag_opinion> asked(tag_service& service) {
  auto told = std::make_shared<std::promise<domain::result<ports::tag_opinion>>>();
  auto came = told->get_future();
  service.ask({"T1", "CP-1", "yard", "CP-1", 1},
              [told](auto said) { told->set_value(std::move(said)); });
  if (came.wait_for(std::chrono::seconds{20}) != std::future_status::ready)
    return domain::error{errc::unspecified, "never"};
  return came.get();
}

/// What comes of an answer of these bytes.
domain::result<ports::tag_opinion> opinion_of(const std::string& answer) {
  raw_server server{[&] { return answer; }};
  auto service = tag_service::at("http://" + server.address() + "/tags?key=1");
  EXPECT_TRUE(service);
  auto said = asked(*service.value());
  EXPECT_THAT(server.head(), HasSubstr("POST /tags?key=1 HTTP/1.1"));
  return said;
}

} // namespace

TEST(tag_service, an_answer_is_status_expiry_and_parent) {
  const auto said = opinion_of(answer_of(
      R"({"status":"Accepted","expiryDate":"2027-01-01T00:00:00Z","parentIdTag":"FLEET"})"));
  ASSERT_TRUE(said) << said.failure().message;
  EXPECT_EQ(said.value().status, "Accepted");
  EXPECT_EQ(said.value().parent, "FLEET");
  EXPECT_TRUE(said.value().expires_at);
  const auto plain = opinion_of(answer_of(R"({"status":"Blocked","expiryDate":null})"));
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain.value().expires_at);
}

TEST(tag_service, an_answer_that_is_none_is_named) {
  const auto code_of = [](const std::string& answer) { return opinion_of(answer).failure().code; };
  EXPECT_EQ(code_of(answer_of("{}", "500 Oh")), errc::unavailable);
  EXPECT_EQ(code_of(answer_of("{}")), errc::malformed);
  EXPECT_EQ(code_of(answer_of("[]")), errc::malformed);
  EXPECT_EQ(code_of(answer_of(R"({"status":1})")), errc::malformed);
  EXPECT_EQ(code_of(answer_of(R"({"status":"Accepted","expiryDate":"soon"})")), errc::malformed);
  EXPECT_EQ(code_of("no HTTP\r\n\r\n"), errc::unavailable);
}

TEST(tag_service, one_that_gives_no_answer_is_left_alone_after_five_tries) {
  raw_server server{[] { return answer_of("{}", "503 Away"); }};
  auto service = tag_service::at("http://" + server.address());
  ASSERT_TRUE(service);
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(asked(*service.value()));
  EXPECT_EQ(service.value()->breaker_position(), domain::breaker_position::open);
  EXPECT_THAT(asked(*service.value()).failure().message, HasSubstr("left alone"));
  EXPECT_EQ(server.requests(), 5);
}

TEST(tag_service, an_answer_that_does_not_come_within_2_s_is_a_time_out) {
  raw_server server{[] { return std::string{}; }};
  auto service = tag_service::at("http://" + server.address());
  ASSERT_TRUE(service);
  EXPECT_EQ(asked(*service.value()).failure().code, errc::timeout);
}

TEST(tag_service, its_address_is_a_url_of_http) {
  const auto place = service_place_of("https://tags.example/v1?x=1");
  ASSERT_TRUE(place);
  EXPECT_TRUE(place.value().is_secure);
  EXPECT_EQ(place.value().address, "tags.example:443");
  EXPECT_EQ(place.value().target, "/v1?x=1");
  EXPECT_EQ(service_place_of("http://[::1]/").value().address, "[::1]:80");
  EXPECT_EQ(service_place_of("http://[::1]:81").value().target, "/");
  for (const auto* wrong : {"", "ftp://a", "http://", "http://a b/", "http://a/b c", "a:80",
                            "http://a:0/", "http://a:99999/"})
    EXPECT_FALSE(service_place_of(wrong)) << wrong;
}

} // namespace busbar::tests
