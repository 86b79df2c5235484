#pragma once
// The part of an engine that tests need to close the loop without actors: sessions are accepted
// when the point is free and healthy, and told about each second. Who derives from it grants.

#include "domain/command.hpp"
#include "domain/ids.hpp"
#include "domain/request.hpp"
#include "domain/session.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "simulator/outputs.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

namespace busbar::tests {

struct engine_answers {
  domain::command_batch commands;
  std::vector<domain::session_fact> facts;
};

/// On each line alike.
inline domain::limit operators_limit(domain::milliamperes most) {
  return {domain::limit_source::site_operator,
          domain::per_line<domain::milliamperes>{most, most, most}, std::nullopt};
}

class session_engine {
public:
  explicit session_engine(std::shared_ptr<const domain::site> site)
      : site_(std::move(site)), sessions_(site_->connectors.size()),
        readings_(site_->connectors.size()), failures_(site_->stations.size()) {}
  virtual ~session_engine() = default;

  engine_answers react(const simulator::outputs& heard, domain::instant now) {
    engine_answers answers;
    answers.commands = {site_->id, site_->topology_hash, 1, now, {}};
    if (heard.telemetry) listen(*heard.telemetry, now, answers);
    for (const auto& request : heard.requests) decide(request, now, answers);
    grant(heard, now, answers);
    return answers;
  }

protected:
  struct open_session {
    domain::session_id id;
    domain::driver_id driver;
    std::int64_t register_start = -1;
  };

  void listen(const domain::telemetry_batch& batch, domain::instant now, engine_answers& answers) {
    for (const auto& verdict : batch.health) failures_[verdict.station.value()] = verdict.failures;
    for (const auto& reading : batch.readings) {
      const auto c = reading.connector.value();
      readings_[c] = reading;
      auto& session = sessions_[c];
      if (session.id.is_empty()) continue;
      if (session.register_start < 0) session.register_start = reading.energy_wh;
      if (reading.state == domain::connector_state::faulted) finish(c, "fault", now, answers);
      else answers.facts.push_back(fact_of(c, domain::session_fact_kind::in_progress, now));
    }
  }

  domain::session_fact fact_of(std::size_t c, domain::session_fact_kind kind,
                               domain::instant now) const {
    const auto& session = sessions_[c];
    domain::session_fact fact;
    fact.session = session.id;
    fact.site = site_->id;
    fact.station = site_->stations[site_->connectors[c].station.value()].id;
    fact.driver = session.driver;
    fact.kind = kind;
    fact.at = now;
    fact.power = domain::watts{readings_[c].power_w};
    fact.energy = domain::watt_hours{
        session.register_start < 0 ? 0 : readings_[c].energy_wh - session.register_start};
    return fact;
  }

  void finish(std::size_t c, const char* why, domain::instant now, engine_answers& answers) {
    auto fact = fact_of(c, domain::session_fact_kind::completed, now);
    fact.why = why;
    answers.facts.push_back(fact);
    auto& stop = command(c, domain::command_kind::stop, answers);
    stop.session = sessions_[c].id;
    sessions_[c] = {};
  }

  domain::command& command(std::size_t c, domain::command_kind kind, engine_answers& answers) {
    domain::command made;
    made.connector = domain::connector_index{c};
    made.kind = kind;
    made.number = ++number_;
    made.lease = site_->lease;
    return answers.commands.commands.emplace_back(std::move(made));
  }

  [[nodiscard]] std::size_t meant_by(const domain::driver_request& request,
                                     const domain::station& station) const {
    const std::size_t first = station.first_connector.value();
    for (std::uint32_t i = 0; i < station.connector_count; ++i)
      if (site_->connectors[first + i].id == request.connector) return first + i;
    return first;
  }

  void decide(const domain::driver_request& request, domain::instant now,
              engine_answers& answers) {
    if (request.kind == domain::request_kind::stop) {
      for (std::size_t c = 0; c < sessions_.size(); ++c)
        if (sessions_[c].id == request.session) finish(c, "driver", now, answers);
      return;
    }
    for (std::size_t s = 0; s < site_->stations.size(); ++s) {
      if (site_->stations[s].id != request.station) continue;
      const std::size_t c = meant_by(request, site_->stations[s]);
      const bool is_free = sessions_[c].id.is_empty() && failures_[s] < 3 &&
                           readings_[c].state == domain::connector_state::disconnected;
      if (is_free) {
        sessions_[c] = {domain::session_id{"s-" + std::to_string(++session_count_)},
                        request.driver};
        auto& start = command(c, domain::command_kind::start, answers);
        start.session = sessions_[c].id;
        start.driver = request.driver;
      }
      auto fact = fact_of(c, is_free ? domain::session_fact_kind::accepted
                                     : domain::session_fact_kind::denied, now);
      fact.request = request.id;
      fact.driver = request.driver;
      fact.why = is_free ? "" : "occupied or faulted";
      if (!is_free) fact.session = {};
      answers.facts.push_back(fact);
    }
  }

  /// Adds grants to the answers.
  virtual void grant(const simulator::outputs& heard, domain::instant now,
                     engine_answers& answers) = 0;

  std::shared_ptr<const domain::site> site_;
  std::vector<open_session> sessions_;
  std::vector<domain::reading> readings_;
  std::vector<std::uint16_t> failures_;
  domain::sequence number_ = 0;
  std::uint64_t session_count_ = 0;
};

} // namespace busbar::tests
