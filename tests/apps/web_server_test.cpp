#include "apps/audit_file.hpp"
#include "apps/tail/station_check.hpp"
#include "apps/web/web_server.hpp"
#include "tests/adapters/http/fake_engine.hpp"
#include "tests/adapters/http/raw_client.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <vector>

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

TEST(web_server, its_health_check_says_how_full_it_is) {
  fake_engine engine;
  apps::web_settings settings;
  settings.http.port = 0;
  settings.http.connections_max = 10;
  settings.http.streams_max = 10;
  apps::web_server web{settings, engine};
  ASSERT_TRUE(web.start().has_value());
  const auto probe = web.health_probe();
  EXPECT_EQ(probe.name, "http");
  EXPECT_FALSE(probe.is_critical);
  EXPECT_EQ(probe.ask().message, "0 of 10 connections, 0 of 67108864 bytes unsent");
  EXPECT_TRUE(probe.ask().is_passing);
  std::vector<std::unique_ptr<raw_client>> clients;
  for (int i = 0; i < 9; ++i) {
    clients.push_back(std::make_unique<raw_client>(web.port()));
    EXPECT_EQ(clients.back()->ask("GET", "/health/live").status, 200u);
  }
  EXPECT_FALSE(probe.ask().is_passing) << "9 of 10: the next but one is refused";
}

TEST(tail_station, one_that_the_engine_does_not_know_is_answered_with_the_one_that_is_meant) {
  fake_engine engine;
  engine.publish(make_view(make_site("garage", 3)));
  apps::web_settings settings;
  settings.http.port = 0;
  apps::web_server web{settings, engine};
  ASSERT_TRUE(web.start().has_value());
  const apps::stream_address address{"127.0.0.1", std::to_string(web.port())};
  const auto unknown = [&](const std::string& station) {
    return apps::unknown_station(address, station, std::chrono::milliseconds{20'000});
  };
  EXPECT_EQ(unknown("CP-002"), "");
  EXPECT_EQ(unknown("CP-0O2"), "there is no station 'CP-0O2' (did you mean `CP-002`?)");
  EXPECT_EQ(unknown("a b%"), "there is no station 'a b%'");
  EXPECT_EQ(unknown("a b/c"), "there is no station 'a b/c'");
  web.stop();
  EXPECT_EQ(unknown("CP-0O2"), "") << "nothing answers";
}

TEST(audit_file, its_health_check_says_whether_the_folder_takes_more) {
  const tests::scratch_folder scratch;
  const auto good = apps::audit_file::health_probe(scratch.path());
  EXPECT_EQ(good.name, "audit");
  EXPECT_TRUE(good.ask().is_passing) << good.ask().message;
  const auto lost = apps::audit_file::health_probe("/proc/no/such/folder");
  EXPECT_FALSE(lost.ask().is_passing);
  EXPECT_NE(lost.ask().message.find("AUDIT_LOG_DIR is '/proc/no/such/folder'"), std::string::npos);
}

} // namespace
} // namespace busbar::tests
