#include "apps/web/web_server.hpp"
#include "tests/adapters/http/fake_engine.hpp"
#include "tests/adapters/http/raw_client.hpp"

#include <gtest/gtest.h>

namespace busbar::tests {
namespace {

TEST(web_server, serves_the_metrics_of_the_engine_and_its_own) {
  fake_engine engine;
  engine.publish(make_view(make_site("garage", 3)));
  apps::web_settings settings;
  settings.http.port = 0;
  apps::web_server web{settings, engine};
  ASSERT_TRUE(web.start().has_value());
  EXPECT_EQ(web.address(), "http://127.0.0.1:" + std::to_string(web.port()));
  const raw_answer answer = raw_client{web.port()}.ask("GET", "/metrics");
  EXPECT_EQ(answer.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_NE(answer.body.find("busbar_http_requests_total 1\n"), std::string::npos);
  EXPECT_NE(answer.body.find("busbar_sites{mode=\"controlling\"} 1\n"), std::string::npos);
}

} // namespace
} // namespace busbar::tests
