// `busbar fleet --audit` judges by itself what the engines of its sites do.

#include "apps/fleet/audit_report.hpp"
#include "apps/fleet/fleet_audit.hpp"

#include "adapters/config/site_file.hpp"
#include "simulator/presets.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

namespace busbar::apps {
namespace {

using namespace std::chrono_literals;
using domain::session_fact_kind;
using ::testing::HasSubstr;

class an_audit : public ::testing::Test {
protected:
  an_audit()
      : site(adapters::config::load_site(BUSBAR_SOURCE_DIR "/examples/autonomous.toml").site),
        world(site, quiet(), 1), audit(site) {}

  static simulator::world_settings quiet() {
    auto settings = simulator::autonomous();
    settings.drivers.clear();
    settings.faults.every.reset();
    return settings;
  }

  void tell(const char* session, session_fact_kind kind, std::int64_t energy_wh) {
    domain::session_fact fact;
    fact.session = domain::session_id{session};
    fact.site = site->id;
    fact.station = site->stations[0].id;
    fact.kind = kind;
    fact.at = now;
    fact.energy = domain::watt_hours{energy_wh};
    audit.hear(fact);
  }

  void look(domain::microseconds after) {
    now += after;
    audit.look(world, world.step(now), now);
  }

  std::shared_ptr<const domain::site> site;
  simulator::world world;
  fleet_audit audit;
  domain::instant now{std::chrono::hours{500'000}};
};

TEST_F(an_audit, LIFE_1_notes_that_the_energy_of_a_session_falls) {
  look(1s);
  tell("s-1", session_fact_kind::accepted, 0);
  look(60s);
  tell("s-1", session_fact_kind::in_progress, 100);
  EXPECT_EQ(audit.verdict().finding_count, 0U);
  tell("s-1", session_fact_kind::in_progress, 90);
  const auto verdict = audit.verdict();
  ASSERT_EQ(verdict.findings.size(), 1U);
  EXPECT_EQ(verdict.findings[0].rule, "LIFE-1");
  EXPECT_EQ(verdict.findings[0].text, "session s-1: 90 Wh after 100");
  EXPECT_EQ(verdict.looks, 2U);
}

TEST_F(an_audit, does_not_judge_sessions_that_began_before_it) {
  tell("s-0", session_fact_kind::in_progress, 100);
  tell("s-0", session_fact_kind::completed, 90);
  EXPECT_EQ(audit.verdict().finding_count, 0U);
  EXPECT_EQ(audit.verdict().unjudged_facts, 2U);
}

TEST_F(an_audit, keeps_its_findings_where_the_site_goes_on_with_another_tree) {
  tell("s-1", session_fact_kind::accepted, 0);
  tell("s-1", session_fact_kind::accepted, 0);
  look(1s);
  audit.follow(site);
  look(1s);
  EXPECT_EQ(audit.verdict().finding_count, 1U);
  EXPECT_EQ(audit.verdict().looks, 2U);
}

TEST_F(an_audit, FAIR_2_notes_a_grant_between_nothing_and_the_minimum) {
  domain::command_batch told{site->id, site->topology_hash, 1, now, {}};
  auto& grant = told.commands.emplace_back();
  grant.kind = domain::command_kind::grant;
  grant.number = 1;
  grant.connector = domain::connector_index{std::size_t{0}};
  grant.current = domain::milliamperes{1'000};
  grant.lease = 60s;
  look(1s);
  audit.hear(told);
  EXPECT_THAT(audit_text({audit.verdict()}), HasSubstr(" FAIR-2 "));
}

TEST(an_audit_report, states_the_verdict_of_each_site_and_of_all) {
  site_verdict good;
  good.site = "yard-1";
  good.looks = 7;
  good.fullest_permille = 873;
  auto bad = good;
  bad.site = "yard-2";
  bad.finding_count = 1;
  bad.findings.push_back({domain::instant{std::chrono::seconds{1}}, "OWN-1", "CP-1 obeys"});
  EXPECT_EQ(audit_text({good}),
            "yard-1: 7 looks, 0 sessions ended, 0 open, 0 bills beside their registers, "
            "fullest line 87.3 %, findings 0\naudit: every rule held\n");
  EXPECT_THAT(audit_text({good, bad}),
              HasSubstr("findings 1\n  1970-01-01T00:00:01Z OWN-1 CP-1 obeys\naudit: 1 findings"));
  EXPECT_EQ(audit_json({bad}),
            R"({"verdict":"broken","findings":1,"sites":[{"site":"yard-2","looks":7,)"
            R"("sessions_ended":0,"sessions_open":0,"bills":0,"unjudged_facts":0,)"
            R"("fullest_permille":873,"findings_total":1,"findings":[)"
            R"({"at":"1970-01-01T00:00:01Z","rule":"OWN-1","text":"CP-1 obeys"}]}]})"
            "\n");
  EXPECT_THAT(audit_json({good}), HasSubstr(R"("verdict":"holds","findings":0)"));
}

} // namespace
} // namespace busbar::apps
