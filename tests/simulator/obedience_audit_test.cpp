// What the audit of obedience finds: a conversation as it must be, then the same with one thing
// wrong.

#include "simulator/obedience_audit.hpp"

#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace busbar::simulator {
namespace {

using domain::command_kind;
using domain::milliamperes;
using domain::rule;
using domain::seconds;

using counts = std::array<std::uint64_t, obedience_audit::steps_max>;

/// One point that is told, answers, and is read once a second. 10 A told at first, 16 A drawn.
class overheard : public testing::Test {
protected:
  void tell(command_kind kind, std::int64_t ma, rule why = rule::limit) {
    domain::command told;
    told.kind = kind;
    told.number = ++number;
    told.current = milliamperes{ma};
    told.lease = lease;
    told.because.which = why;
    audit.hear(domain::command_batch{site->id, site->topology_hash, 1, now, {told}});
  }
  void answer() {
    domain::result_batch answers{site->id, site->topology_hash, 1, {}};
    answers.results.push_back({{}, number, domain::outcome::accepted, "", now});
    audit.hear(answers);
  }
  /// Told and answered.
  void grant(std::int64_t ma, rule why = rule::limit) {
    tell(command_kind::grant, ma, why);
    answer();
  }
  void step(command_kind kind, std::int64_t ma = 0) {
    tell(kind, ma, rule::disobedience);
    answer();
  }
  /// A reading in each of `count` seconds.
  void read(int count, std::int32_t ma) {
    for (int n = 0; n < count; ++n) {
      now += seconds{1};
      domain::telemetry_batch batch;
      auto& reading = batch.readings.emplace_back();
      reading.measured_at = now;
      reading.current_ma = {ma, ma, ma};
      audit.hear(batch);
      audit.look(now);
    }
  }
  std::string found() {
    const auto findings = audit.take_findings();
    std::string all;
    for (const auto& each : findings) all += each.rule + " " + each.text + "; ";
    return all;
  }

  std::shared_ptr<const domain::site> site =
      tests::site_builder{}.feeder("f1", 40'000).station("A").fallback(8'000).build();
  obedience_audit audit{site};
  domain::instant now{seconds{1'800'000'000}};
  seconds lease{600};
  domain::sequence number = 0;
};

TEST_F(overheard, SAFE_2_a_point_that_obeys_is_left_alone) {
  for (const std::int64_t ma : {10'000, 16'000, 6'000}) {
    grant(ma);
    read(60, static_cast<std::int32_t>(ma + 400)); // margin: 0.5 A
  }
  EXPECT_EQ(found(), "");
  EXPECT_EQ(audit.taken(), counts{});
}

TEST_F(overheard, SAFE_2_who_is_found_in_time_and_taken_through_all_steps_is_no_finding) {
  grant(10'000);
  read(7, 16'000); // from 5.5 s on: the readings of 6 and 7 s
  step(command_kind::grant, 10'000);
  read(10, 16'000);
  step(command_kind::grant, 6'000);
  read(10, 16'000);
  step(command_kind::stop);
  read(10, 16'000);
  step(command_kind::set_unavailable);
  read(60, 16'000); // the operator is no command
  EXPECT_EQ(found(), "");
  EXPECT_EQ(audit.taken(), (counts{1, 1, 1, 1}));
}

TEST_F(overheard, SAFE_2_finds_an_engine_that_overlooks_it) {
  grant(10'000);
  read(8, 16'000);
  EXPECT_EQ(found(), "") << "a plan to answer";
  read(1, 16'000);
  EXPECT_EQ(found(), "SAFE-2 A-1: draws above what it acknowledged, and step 1 does not come; ");
}

TEST_F(overheard, SAFE_2_who_obeys_before_a_step_is_due_needs_none) {
  grant(10'000);
  read(7, 16'000);
  read(2, 10'000);
  EXPECT_EQ(found(), "");
}

TEST_F(overheard, SAFE_2_finds_an_escalation_that_stops_half_way) {
  grant(10'000);
  read(7, 16'000);
  step(command_kind::grant, 10'000);
  read(12, 16'000);
  EXPECT_EQ(found(), "");
  read(1, 16'000);
  EXPECT_EQ(found(), "SAFE-2 A-1: draws above what it acknowledged, and step 2 does not come; ");
}

TEST_F(overheard, SAFE_2_finds_a_point_that_obeys_and_is_escalated) {
  grant(10'000);
  read(20, 10'000);
  step(command_kind::grant, 10'000);
  EXPECT_EQ(found(), "SAFE-2 A-1: step 1 of an escalation, and it obeys; ");
  read(1, 16'000);
  grant(16'000);
  read(10, 16'000);
  step(command_kind::stop);
  EXPECT_NE(found().find("and it obeys"), std::string::npos);
}

TEST_F(overheard, SAFE_2_finds_steps_out_of_order_and_too_soon) {
  grant(10'000);
  read(7, 16'000);
  step(command_kind::stop);
  EXPECT_EQ(found(), "SAFE-2 A-1: step 1 is stop 0 mA; ");
  read(10, 16'000);
  step(command_kind::grant, 9'000);
  EXPECT_EQ(found(), "SAFE-2 A-1: step 2 is grant 9000 mA; ") << "the minimum is 6 A";
  read(9, 16'000);
  step(command_kind::stop);
  EXPECT_EQ(found(), "SAFE-2 A-1: step 3 comes too soon; ");
}

TEST_F(overheard, SAFE_2_three_readings_within_begin_it_anew) {
  grant(10'000);
  read(7, 16'000);
  step(command_kind::grant, 10'000);
  read(3, 10'000);
  step(command_kind::set_available);
  read(2, 16'000);
  step(command_kind::grant, 10'000);
  EXPECT_EQ(found(), "");
  EXPECT_EQ(audit.taken(), (counts{2, 0, 0, 0}));
}

TEST_F(overheard, SAFE_2_what_is_on_its_way_and_a_fallback_may_be_drawn) {
  grant(10'000);
  tell(command_kind::grant, 16'000);
  read(20, 16'000);
  EXPECT_EQ(found(), "") << "it may obey the new grant, whose answer is not here yet";
  answer();
  lease = seconds{30};
  grant(0);
  read(16, 0); // 30 s - 14 s: from here its lease may be over
  read(20, 8'000);
  EXPECT_EQ(found(), "") << "its fallback";
  read(4, 16'000);
  EXPECT_NE(found(), "");
}

} // namespace
} // namespace busbar::simulator
