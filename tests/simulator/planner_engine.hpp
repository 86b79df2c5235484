#pragma once
// The planner in the loop, without actors: readings and meters into an image, each second a plan,
// its effects as commands, grants renewed at a third of their lease, who does not obey escalated.

#include "control/metering/released_draw.hpp"
#include "control/metering/sampled_draw.hpp"
#include "control/metering/unmanaged_load.hpp"
#include "control/planner.hpp"
#include "control/safety/lease.hpp"
#include "control/safety/obedience.hpp"
#include "control/stations/dc_limits.hpp"
#include "domain/electrical.hpp"
#include "simulator/wiring.hpp"
#include "tests/simulator/line_learner.hpp"
#include "tests/simulator/plan_audit.hpp"
#include "tests/simulator/session_engine.hpp"
#include "tests/simulator/told_watch.hpp"

namespace busbar::tests {

class planner_engine : public session_engine {
public:
  explicit planner_engine(std::shared_ptr<const domain::site> site)
      : session_engine(std::move(site)), planner_(site_), lines_(site_),
        meters_(site_->nodes.size()), conversations_(site_->connectors.size()) {
    if (plan_audit::can_judge(*site_)) audit_.emplace(site_);
    image_.topology = site_;
    image_.nodes.resize(site_->nodes.size());
    image_.connectors.resize(site_->connectors.size());
    for (std::size_t c = 0; c < conversations_.size(); ++c)
      conversations_[c].acknowledged = fallback_of(c);
  }

  [[nodiscard]] std::uint64_t plans() const { return plans_; }
  [[nodiscard]] std::uint64_t raises() const { return raises_; }
  /// How often a step of the escalation was taken (SAFE-2).
  [[nodiscard]] std::uint64_t escalations(domain::escalation step) const {
    return escalations_[static_cast<std::size_t>(step)];
  }
  /// Every vehicle counts on all lines of its connector.
  void ignore_lines() { lines_.ignore(); }
  /// The newest image that was planned from.
  [[nodiscard]] const control::image& seen() const { return image_; }
  /// Its first plan is made then, and one each second from there.
  void begin_plans(domain::instant first) { next_plan_ = first; }
  void impose(domain::node_index node, std::optional<domain::milliamperes> most) {
    image_.nodes[node.value()].live_limits.clear();
    if (most) image_.nodes[node.value()].live_limits.push_back(operators_limit(*most));
  }
  /// Of the points' sum alone.
  void impose_on_points(domain::node_index node, domain::milliamperes most) {
    image_.nodes[node.value()].orders = {{operators_limit(most), domain::counted_load::chargers}};
  }
  /// DC vehicles give back down to that state of charge from now on; absent: nobody does.
  void ask_back(std::optional<domain::permille> down_to) { keeps_ = down_to; }
  /// Of its plans; null where the site is none that can be judged.
  [[nodiscard]] const plan_audit* audit() const { return audit_ ? &*audit_ : nullptr; }

private:
  struct question {
    domain::sequence number = 0;
    domain::milliamperes current{};
    domain::instant sent_at{};
  };
  struct conversation {
    domain::milliamperes told{};
    bool is_export = false;
    domain::milliamperes acknowledged{};
    /// When the newest grant that is acknowledged was sent: its lease counts from then.
    domain::instant obeyed_since{};
    domain::instant heard_at{};
    domain::reading newest;
    std::array<std::int32_t, 3> before{};
    control::metering::released_draw released;
    /// Grants that are not answered yet, oldest first.
    std::vector<question> asked;
    told_watch watch;
    control::safety::obedience obedience;
    bool is_taken_out = false;
  };

  domain::milliamperes fallback_of(std::size_t c) const {
    return site_->stations[site_->connectors[c].station.value()].when_lost.current;
  }

  void grant(const simulator::outputs& heard, domain::instant now,
             engine_answers& answers) override {
    hear(heard, now, answers);
    if (now >= next_plan_) {
      next_plan_ = now + domain::seconds{1};
      plan(now, answers);
    }
  }

  void hear(const simulator::outputs& heard, domain::instant now, engine_answers& answers) {
    if (heard.telemetry) {
      for (const auto& reading : heard.telemetry->readings) {
        hear(reading, now);
        watch(reading.connector.value(), now, answers);
      }
      for (const auto& meter : heard.telemetry->meters)
        meters_[meter.node.value()].take(meter, now);
    }
    for (const auto& batch : heard.results)
      for (const auto& answer : batch.results) acknowledge(answer, now);
  }

  void hear(const domain::reading& reading, domain::instant now) {
    auto& talk = conversations_[reading.connector.value()];
    if (talk.newest.measured_at != domain::instant{})
      talk.released.take(talk.newest, talk.heard_at, reading.measured_at,
                         site_->input.stale_after);
    talk.before = talk.newest.current_ma;
    talk.newest = reading;
    talk.heard_at = now;
    lines_.take(reading);
  }

  void watch(std::size_t c, domain::instant now, engine_answers& answers) {
    auto& talk = conversations_[c];
    // As a bay does: what is on its way may be obeyed already, and a lease may be over.
    auto may_hold = talk.acknowledged;
    for (const auto& asked : talk.asked) may_hold = std::max(may_hold, asked.current);
    if (control::safety::may_fall_back(talk.obeyed_since + site_->lease, now, site_->lease))
      may_hold = std::max(may_hold, fallback_of(c));
    const auto step =
        talk.obedience.measured({}, domain::magnitude_of(talk.newest), now, may_hold);
    if (step) escalate(c, *step, now, answers);
  }

  void escalate(std::size_t c, domain::escalation step, domain::instant now,
                engine_answers& answers) {
    using domain::command_kind;
    ++escalations_[static_cast<std::size_t>(step)];
    auto& talk = conversations_[c];
    const auto act = control::safety::act_of(
        step, {talk.told, site_->connectors[c].current_min, !sessions_[c].id.is_empty(),
               talk.is_taken_out});
    if (act.kind == command_kind::unspecified) return;
    if (act.kind == command_kind::grant) {
      tell(c, act.current, now, answers);
    } else if (act.kind == command_kind::stop) {
      finish(c, "does not obey", now, answers);
    } else {
      talk.is_taken_out = act.kind == command_kind::set_unavailable;
      command(c, act.kind, answers);
    }
    answers.commands.commands.back().because.which = domain::rule::disobedience;
  }

  void acknowledge(const domain::command_result& answer, domain::instant now) {
    auto& talk = conversations_[answer.connector.value()];
    const auto is_it = [&](const auto& asked) { return asked.number == answer.number; };
    const auto found = std::find_if(talk.asked.begin(), talk.asked.end(), is_it);
    if (found == talk.asked.end()) return;
    if (answer.answer == domain::outcome::accepted) {
      talk.acknowledged = found->current;
      talk.obeyed_since = found->sent_at;
      talk.obedience.acknowledged(found->current, now);
    }
    talk.asked.erase(talk.asked.begin(), found + 1);
  }

  void look(domain::instant now) {
    std::vector<simulator::load> drawn;
    std::vector<simulator::load> released;
    domain::instant released_at{};
    for (std::size_t c = 0; c < conversations_.size(); ++c) {
      const auto& talk = conversations_[c];
      look(c, now);
      const bool is_silent = !image_.connectors[c].is_reachable;
      // As a bay reports it: whoever is silent is not counted as drawing.
      if (!is_silent)
        drawn.push_back(load_seen(
            *site_, c, control::metering::drawn_at(talk.newest, talk.before, sampled_at(now))));
      const auto release =
          is_silent ? control::metering::release_of_stale(talk.newest, talk.heard_at,
                                                          site_->input.stale_after)
                    : talk.released.newest();
      if (now - release.at > site_->input.stale_after) continue;
      released.push_back(load_seen(*site_, c, release.current_ma));
      released_at = std::max(released_at, release.at);
    }
    estimate(drawn, released, released_at, now);
  }

  void look(std::size_t c, domain::instant now) {
    auto& talk = conversations_[c];
    auto& seen = image_.connectors[c];
    seen.is_reachable = talk.heard_at.time_since_epoch().count() > 0 &&
                        now - talk.heard_at <= site_->input.stale_after;
    seen.wants = !sessions_[c].id.is_empty();
    seen.is_available = failures_[site_->connectors[c].station.value()] < 3;
    seen.is_disobeying = talk.obedience.is_found();
    seen.acknowledged = talk.acknowledged;
    if (control::safety::may_fall_back(talk.obeyed_since + site_->lease, now, site_->lease))
      seen.acknowledged = std::max(seen.acknowledged, fallback_of(c));
    seen.drawn = load_seen(*site_, c, talk.newest.current_ma).current;
    talk.watch.fill(seen, talk, now);
    seen.is_export = talk.is_export;
    seen.used_lines = lines_.used_by(c);
    seen.gives_back = false;
    if (keeps_ && site_->connectors[c].kind == domain::current_kind::dc) ask_back(c);
  }

  /// As an order does (control/operators): at the need it stands at zero.
  void ask_back(std::size_t c) {
    const auto& newest = conversations_[c].newest;
    auto& seen = image_.connectors[c];
    control::stations::export_situation situation;
    situation.outlet.voltage = domain::millivolts{newest.voltage_mv};
    if (newest.has_soc) situation.outlet.soc = domain::permille{newest.soc_permille};
    situation.departure_need = *keeps_;
    situation.hold = site_->lease + control::stations::export_response;
    const auto& profile = *control::stations::find_capability(
        *site_, site_->stations[site_->connectors[c].station.value()].capability);
    const auto power = control::stations::export_now(profile, situation);
    const auto volts = simulator::supply_of(*site_, domain::connector_index{c}).voltage;
    seen.gives_back = seen.wants && seen.is_reachable && !power.is_zero();
    seen.export_max = std::min(site_->connectors[c].current_max,
                               domain::current_floor(power, volts, 3));
  }

  void estimate(const std::vector<simulator::load>& drawn,
                const std::vector<simulator::load>& released, domain::instant released_at,
                domain::instant now) {
    const std::vector<domain::per_line<domain::milliamperes>> nothing(image_.nodes.size());
    const auto flows = simulator::flow_of(*site_, drawn, nothing);
    const auto let_go = simulator::flow_of(*site_, released, nothing);
    for (std::size_t n = 0; n < image_.nodes.size(); ++n) {
      if (!site_->nodes[n].has_meter) continue;
      control::metering::managed_load managed;
      for (std::size_t line = 0; line < 3; ++line) {
        managed.drawn[line] =
            simulator::metered(flows[n].lines[line], domain::all_lines[line]);
        managed.released[line] = simulator::magnitude(let_go[n].lines[line]);
      }
      managed.measured_at = newest_reading();
      managed.released_at = released_at;
      meters_[n].estimate({}, managed, now, site_->input.stale_after, image_.nodes[n]);
    }
  }

  /// The oldest of the newest samples of meters that are not stale.
  domain::instant sampled_at(domain::instant now) const {
    auto oldest = domain::instant::max();
    for (const auto& meter : meters_)
      if (!meter.is_stale(now, site_->input.stale_after))
        oldest = std::min(oldest, meter.newest()->measured_at);
    return oldest;
  }

  domain::instant newest_reading() const {
    domain::instant newest{};
    for (const auto& reading : readings_) newest = std::max(newest, reading.measured_at);
    return newest;
  }

  void plan(domain::instant now, engine_answers& answers) {
    look(now);
    image_.now = now;
    lines_.witness().look(image_);
    const auto& plan = planner_.decide(image_);
    if (audit_) audit_->look(image_, plan);
    ++plans_;
    for (const auto& effect : plan.effects) {
      raises_ += effect.kind == control::effect_kind::raise;
      conversations_[effect.connector.value()].is_export = effect.is_export;
      tell(effect.connector.value(), effect.current, now, answers);
    }
    for (std::size_t c = 0; c < conversations_.size(); ++c)
      if (now - conversations_[c].watch.told_at() >= site_->lease / 3)
        tell(c, conversations_[c].told, now, answers);
  }

  void tell(std::size_t c, domain::milliamperes current, domain::instant now,
            engine_answers& answers) {
    auto& talk = conversations_[c];
    talk.told = talk.watch.tell(talk.told, current, now);
    auto& told = command(c, domain::command_kind::grant, answers);
    told.current = current;
    told.is_export = talk.is_export;
    talk.asked.push_back({told.number, current, now});
  }

  control::planner planner_;
  line_learner lines_;
  std::optional<plan_audit> audit_;
  control::image image_;
  std::vector<control::metering::unmanaged_load> meters_;
  std::vector<conversation> conversations_;
  std::optional<domain::permille> keeps_;
  domain::instant next_plan_{};
  std::uint64_t plans_ = 0;
  std::uint64_t raises_ = 0;
  std::array<std::uint64_t, 6> escalations_{};
};

} // namespace busbar::tests
