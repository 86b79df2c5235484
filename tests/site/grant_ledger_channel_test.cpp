// The grant ledger as one end of a protocol: a channel that loses, doubles, delays and reorders
// commands, answers and readings, and at its other end a station of which the test knows what it
// holds. LIM-1: what the ledger reserves is at every step at least what the station may draw, and
// it comes down to that once the channel has delivered.

#include "site/grant_ledger.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace busbar::site {
namespace {

using domain::instant;
using domain::microseconds;
using domain::milliamperes;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int steps_a_seed = 100'000;
constexpr auto step = milliseconds{250};
constexpr domain::fallback falls_to{domain::fallback_action::reduce, milliamperes{6'000},
                                    seconds{20}};
constexpr seconds lease_max{60};

class dice {
public:
  explicit dice(std::uint64_t seed) : random_(seed) {}
  std::int64_t pick(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool one_in(std::int64_t times) { return pick(1, times) == 1; }

private:
  std::mt19937_64 random_;
};

/// What a charge point and its vehicle do; knows nothing of ledgers.
class station_in_the_field {
public:
  domain::command_result obey(const domain::command& told, instant issued_at,
                              bool refuses, instant now) {
    const domain::command_result refusal{told.connector, told.number, domain::outcome::refused, "",
                                         now};
    if (told.number < obeyed_) return refusal;
    if (told.number == obeyed_) return answer_;
    answer_ = refusal;
    obeyed_ = told.number;
    const auto ends_at = issued_at + told.lease;
    if (told.kind != domain::command_kind::grant) answer_.answer = domain::outcome::accepted;
    else if (!refuses && ends_at > now) {
      answer_.answer = domain::outcome::accepted;
      offered_ = told.current;
      ends_at_ = ends_at;
    }
    if (answer_.answer == domain::outcome::accepted) stated_ = told.number;
    return answer_;
  }

  /// What it offers its vehicle.
  [[nodiscard]] milliamperes offers(instant now) const {
    return now < ends_at_ ? offered_ : falls_to.current;
  }
  /// The most that its vehicle can draw until something reaches it: all that is offered, and what
  /// it draws while it follows a lower offer.
  [[nodiscard]] milliamperes may_draw(instant now) const { return std::max(offers(now), drawn_); }

  /// The vehicle follows a higher offer as it likes, a lower one within 5 s.
  void live(dice& chance, instant now) {
    const auto offer = offers(now);
    if (drawn_ <= offer) {
      above_since_.reset();
      if (chance.one_in(4)) drawn_ = milliamperes{chance.pick(0, offer.count())};
      else if (chance.one_in(4)) drawn_ = offer;
      return;
    }
    if (!above_since_) above_since_ = now;
    const bool has_time = now - *above_since_ < seconds{5} - step;
    if (!has_time || chance.one_in(20)) drawn_ = offer;
    else if (chance.one_in(4)) drawn_ = milliamperes{chance.pick(offer.count(), drawn_.count())};
  }

  [[nodiscard]] domain::reading read(instant now) const {
    domain::reading made;
    made.measured_at = now;
    made.current_ma.fill(static_cast<std::int32_t>(drawn_.count()));
    made.obeyed = stated_;
    return made;
  }

private:
  domain::sequence obeyed_ = 0;
  domain::sequence stated_ = 0;
  domain::command_result answer_;
  milliamperes offered_{};
  instant ends_at_{};
  milliamperes drawn_ = falls_to.current;
  std::optional<instant> above_since_;
};

/// Things on their way, by the time at which they arrive.
template <class Thing> class channel {
public:
  void send(Thing thing, dice& chance, bool is_calm, instant now) {
    if (is_calm) return arrive(std::move(thing), now);
    if (chance.one_in(4)) return; // lost
    const int copies = chance.one_in(5) ? 2 : 1;
    for (int copy = 0; copy < copies; ++copy) {
      const bool is_late = chance.one_in(25);
      arrive(thing, now + milliseconds{is_late ? chance.pick(0, 50'000) : chance.pick(0, 3'000)});
    }
  }
  /// What has arrived by now, not in the order in which it was sent.
  std::vector<Thing> take(instant now) {
    std::vector<Thing> arrived;
    while (!on_their_way_.empty() && on_their_way_.begin()->first <= now) {
      arrived.push_back(std::move(on_their_way_.begin()->second));
      on_their_way_.erase(on_their_way_.begin());
    }
    return arrived;
  }
  [[nodiscard]] bool is_empty() const { return on_their_way_.empty(); }

private:
  void arrive(Thing thing, instant at) { on_their_way_.emplace(at, std::move(thing)); }
  std::multimap<instant, Thing> on_their_way_;
};

struct sent_command {
  domain::command told;
  instant issued_at{};
};

/// One station, its ledger, and the three channels between them.
class protocol {
public:
  explicit protocol(std::uint64_t seed) : chance_(seed) {}

  void live(int steps) {
    for (int i = 0; i < steps && !testing::Test::HasFailure(); ++i) {
      now_ += step;
      // Now and then all that is lost, late or doubled ends for a while.
      const int of_cycle = i % 2'000;
      is_calm_ = of_cycle >= 1'600;
      deliver();
      if (is_up()) ledger_.expire(terms_, now_);
      decide(of_cycle);
      station_.live(chance_, now_);
      if (is_calm_ || chance_.one_in(6))
        samples_.send(station_.read(now_), chance_, is_calm_, now_);
      if (is_up()) check(of_cycle);
    }
  }
  [[nodiscard]] int successions() const { return successions_; }
  [[nodiscard]] int come_downs() const { return come_downs_; }

private:
  /// An engine that goes on from another one's changelog takes some seconds to begin.
  [[nodiscard]] bool is_up() const { return now_ >= up_at_; }

  void deliver() {
    for (auto& sent : commands_.take(now_)) {
      const bool refuses = refused_.contains(sent.told.number);
      answers_.send(station_.obey(sent.told, sent.issued_at, refuses, now_), chance_, is_calm_,
                    now_);
    }
    for (const auto& answer : answers_.take(now_))
      if (is_up() && answer.number <= ledger_.facts().numbers.last)
        static_cast<void>(ledger_.answer(answer, terms_, now_));
    for (const auto& sample : samples_.take(now_)) take(sample);
  }

  /// As a bay does: an older or repeated reading changes nothing.
  void take(const domain::reading& sample) {
    if (sample.measured_at <= newest_.measured_at) return;
    newest_ = sample;
    static_cast<void>(ledger_.obeys(sample.obeyed, terms_, now_));
    static_cast<void>(ledger_.read({newest_, sample.measured_at}, terms_, now_));
  }

  void decide(int of_cycle) {
    if (is_calm_) {
      if (of_cycle == 1'600) tell(8'000, lease_max);
      else if (of_cycle % 80 == 0) tell(ledger_.told().count(), lease_max); // renewed
      return;
    }
    if (!is_up()) return;
    if (chance_.one_in(400)) succeed();
    if (chance_.one_in(40)) issue(domain::command_kind::start, {}, {});
    // Commands come in bursts, and now and then none for longer than a lease.
    if (is_busy_ ? chance_.one_in(200) : chance_.one_in(150)) is_busy_ = !is_busy_;
    if (chance_.one_in(150)) are_leases_short_ = !are_leases_short_;
    if (!is_up() || !is_busy_ || !chance_.one_in(5)) return;
    const domain::seconds usual = are_leases_short_ ? seconds{6} : lease_max;
    if (chance_.one_in(4)) tell(ledger_.told().count(), usual);
    else tell(chance_.pick(0, 32) * 1'000, chance_.one_in(4) ? seconds{6} : usual);
  }

  void tell(std::int64_t ma, domain::seconds lease) {
    if (chance_.one_in(10)) ledger_.order(milliamperes{ma}, false);
    issue(domain::command_kind::grant, milliamperes{ma}, lease);
    if (!is_calm_ && chance_.one_in(30)) refused_.emplace(number_, true);
  }

  void issue(domain::command_kind kind, milliamperes current, domain::seconds lease) {
    domain::command told;
    told.kind = kind;
    told.number = ++number_;
    told.current = current;
    told.lease = lease;
    ledger_.issue(told, terms_, now_);
    commands_.send({told, now_}, chance_, is_calm_, now_);
  }

  /// Another engine goes on from the changelog.
  void succeed() {
    if (number_ == 0) return;
    ++successions_;
    up_at_ = now_ + seconds{5};
    is_busy_ = chance_.one_in(2);
    const auto kept = ledger_.state(domain::connector_index{});
    ledger_ = grant_ledger{falls_to.current};
    ledger_.restore(kept, now_);
    number_ = (number_ / 1'000'000 + 1) * 1'000'000;
  }

  void check(int of_cycle) {
    control::connector_image row;
    row.drawn = domain::magnitude_of(newest_);
    ledger_.fill(row, terms_, now_);
    ASSERT_GE(row.reserve, station_.may_draw(now_)) << text();
    // Two minutes of calm: every lease was renewed and acknowledged, every late command is gone.
    if (of_cycle < 1'999) return;
    ++come_downs_;
    EXPECT_EQ(row.reserve.count(), 8'000) << text();
    EXPECT_EQ(row.acknowledged.count(), 8'000) << text();
    EXPECT_TRUE(row.may_rise) << text();
    EXPECT_FALSE(row.owes_answer) << text();
    EXPECT_FALSE(row.is_disobeying) << text();
  }

  [[nodiscard]] std::string text() const {
    const auto& at = ledger_.facts();
    return "at " + std::to_string((now_ - instant{seconds{1'000'000}}).count() / 1'000) +
           " ms: told " + std::to_string(at.currents.told.count()) + ", acknowledged " +
           std::to_string(at.currents.acknowledged.count()) + ", unanswered " +
           std::to_string(at.currents.unanswered.count()) + ", read " +
           std::to_string(domain::magnitude_of(newest_).count()) + ", offered " +
           std::to_string(station_.offers(now_).count());
  }

  dice chance_;
  ledger_settings settings_;
  domain::fallback when_lost_ = falls_to;
  ledger_terms terms_{settings_, when_lost_, lease_max};
  grant_ledger ledger_{falls_to.current};
  station_in_the_field station_;
  channel<sent_command> commands_;
  channel<domain::command_result> answers_;
  channel<domain::reading> samples_;
  std::map<domain::sequence, bool> refused_;
  domain::reading newest_;
  domain::sequence number_ = 0;
  instant now_{seconds{1'000'000}};
  bool is_calm_ = false;
  bool is_busy_ = true;
  bool are_leases_short_ = false;
  instant up_at_{};
  int successions_ = 0;
  int come_downs_ = 0;
};

TEST(grant_ledger, LIM_1_reserves_over_a_lossy_channel_what_the_station_may_draw_and_comes_down) {
  int successions = 0;
  for (std::uint64_t seed = 1; seed <= 20 && !HasFailure(); ++seed) {
    SCOPED_TRACE("SEED=" + std::to_string(seed));
    protocol talk{seed};
    talk.live(steps_a_seed);
    EXPECT_EQ(talk.come_downs(), steps_a_seed / 2'000);
    successions += talk.successions();
  }
  EXPECT_GT(successions, 100);
}

} // namespace
} // namespace busbar::site
