// What a site file says of the supervision of its actors.
#include "tests/adapters/site_text.hpp"

#include <gtest/gtest.h>

namespace busbar::adapters::config {

using tests::faults_of;
using tests::read;

TEST(supervision_tables, a_file_that_states_none_leaves_everything_to_the_engine) {
  EXPECT_TRUE(read({}).supervision.is_empty());
}

TEST(supervision_tables, of_all_of_a_kind_and_of_one_actor_are_read_whole) {
  const auto site = read({.feeder = "[supervision]\nfailure_threshold = 4\nsuccess_threshold = 3\n"
                                    "reset_timeout_s = 20\ncall_timeout_s = 2.5\nretries = 2\n"
                                    "retry_after_s = 1.5\nwatchdog_s = 8\n"
                                    "watchdog_action = \"event\"\n"
                                    "[supervision.feeder]\nwatchdog_action = \"fall-back\"\n"
                                    "[[supervision.actor]]\nname = \"station:CP-1\"\n"
                                    "watchdog_action = \"restart\"\n"});
  const auto feeder = site.supervision.of("feeder:f1");
  EXPECT_EQ(feeder.failure_threshold, 4);
  EXPECT_EQ(feeder.success_threshold, 3);
  EXPECT_EQ(feeder.reset_timeout, std::chrono::seconds{20});
  EXPECT_EQ(feeder.call_timeout, std::chrono::milliseconds{2'500});
  EXPECT_EQ(feeder.retries, 2);
  EXPECT_EQ(feeder.retry_after, std::chrono::milliseconds{1'500});
  EXPECT_EQ(feeder.watchdog, std::chrono::seconds{8});
  EXPECT_EQ(feeder.action, domain::watchdog_action::fall_back);
  EXPECT_EQ(site.supervision.of("station:CP-1").action, domain::watchdog_action::restart);
  EXPECT_EQ(site.supervision.of("transformer:t1").action, domain::watchdog_action::event);
}

TEST(supervision_tables, the_engine_nodes_own_actors_have_tables_too) {
  const auto site = read({.feeder = "[supervision.driver]\ncall_timeout_s = 4\n"
                                    "[supervision.protocol]\nwatchdog_s = 9\n"
                                    "[supervision.engine]\nwatchdog_action = \"event\"\n"
                                    "[[supervision.actor]]\nname = \"driver:Alice\"\n"
                                    "failure_threshold = 2\n"
                                    "[[supervision.actor]]\nname = \"protocol:log\"\n"
                                    "reset_timeout_s = 7\n"});
  EXPECT_EQ(site.supervision.of("driver:Alice").failure_threshold, 2);
  EXPECT_EQ(site.supervision.of("driver:Alice").call_timeout, std::chrono::seconds{4});
  EXPECT_EQ(site.supervision.of("protocol:log").reset_timeout, std::chrono::seconds{7});
  EXPECT_EQ(site.supervision.of("protocol:log").watchdog, std::chrono::seconds{9});
  EXPECT_EQ(site.supervision.of("engine:engine-1").action, domain::watchdog_action::event);
}

TEST(supervision_tables, nothing_of_the_engine_nodes_own_actors_falls_back) {
  EXPECT_EQ(faults_of({.feeder = "[supervision.driver]\nwatchdog_action = \"fall-back\"\n"}),
            "supervision driver: `watchdog_action` is 'fall-back': allowed are restart, event\n");
}

TEST(supervision_tables, values_out_of_range_are_refused_with_what_is_allowed) {
  EXPECT_EQ(faults_of({.feeder = "[supervision]\nfailure_threshold = 0\nretries = 11\n"
                                 "watchdog_s = 1\nwatchdog_action = \"reboot\"\n"}),
            "supervision: `failure_threshold` is 0: allowed is a whole number, 1 to 16 calls\n"
            "supervision: `retries` is 11: allowed is a whole number, 0 to 10 times\n"
            "supervision: `watchdog_s` is 1: allowed is 2 to 300 s\n"
            "supervision: `watchdog_action` is 'reboot': allowed are restart, fall-back, "
            "event\n");
}

TEST(supervision_tables, an_actor_that_the_site_does_not_have_is_refused) {
  EXPECT_EQ(faults_of({.feeder = "[[supervision.actor]]\nname = \"station:CP-9\"\n"}),
            "supervision actor: `name` is \"station:CP-9\": allowed is the kind and the id of an "
            "actor of this site, as station:ID, feeder:ID, panel:ID, transformer:ID, service:ID or "
            "site:ID, or driver:ID, protocol:log, engine:NAME\n");
  EXPECT_EQ(faults_of({.feeder = "[[supervision.actor]]\nretries = 1\n"}),
            "supervision actor: `name` is missing: allowed is the name of an actor, as "
            "\"station:CP-001\"\n");
}

} // namespace busbar::adapters::config
