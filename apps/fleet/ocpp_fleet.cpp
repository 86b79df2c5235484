#include "apps/fleet/ocpp_fleet.hpp"

#include "adapters/ocpp/client/client_station.hpp"
#include "adapters/ocpp/client/socket_pool.hpp"
#include "apps/fleet/simulated_body.hpp"
#include "node/wall_clock.hpp"
#include "simulator/world.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <thread>
#include <utility>

namespace busbar::apps {

namespace client = adapters::ocpp::client;

namespace {

using domain::instant;
using domain::session_fact_kind;

/// OCPP 1.6 takes tags of this length.
constexpr std::size_t tag_bytes_max = 20;
/// Half of what `world_commands::free_all` lasts.
constexpr domain::microseconds frees_every{std::chrono::seconds{30}};

std::string tag_of(const domain::driver_id& driver) {
  return driver.text().substr(0, tag_bytes_max);
}

/// One simulated charge point, its body and what it speaks.
struct seat {
  seat(world_commands& commands, domain::station_index index, const std::string& model)
      : body(commands, index), speaks(model, body) {}

  simulated_body body;
  client::client_station speaks;
  std::uint64_t links = 0;
};

/// A driver's request that waits for the central system.
struct asked_start {
  std::size_t seat = 0;
  domain::driver_request request;
};

} // namespace

class ocpp_fleet::loop {
public:
  loop(std::shared_ptr<const domain::site> site, ocpp_fleet_settings settings,
       ocpp_fleet_counters& counters)
      : counters_(counters), step_every_(settings.fleet.step_every),
        world_(site, settings.fleet.world, settings.fleet.seed), commands_(world_) {
    client::pool_settings pool;
    pool.central = settings.access.central;
    pool.secure = settings.access.secure;
    pool.passwords = settings.access.passwords;
    pool.seed = settings.fleet.seed;
    for (const auto& who : settings.stations) {
      const auto found = std::ranges::find(site->stations, who.station, &domain::station::id);
      if (found == site->stations.end()) continue;
      const domain::station_index index{
          static_cast<std::size_t>(found - site->stations.begin())};
      by_station_[who.station] = seats_.size();
      pool.identities.push_back(who.identity);
      seats_.emplace_back(commands_, index, "simulated");
    }
    pool_ = std::make_unique<client::socket_pool>(std::move(pool));
  }

  void start() {
    pool_->start();
    thread_ = std::thread{[this] { run(); }};
  }

  void stop() {
    if (!thread_.joinable()) return;
    is_stopping_ = true;
    thread_.join();
    pool_->stop();
  }

private:
  void run();
  void take(const client::link_event& what, instant now);
  void step(instant now);
  void keep(std::size_t place, client::client_effects effects, instant now);
  void take(const domain::driver_request& request, instant now);
  void begin(const asked_start& asked, instant now);
  void end(const domain::driver_request& request, instant now);
  void tell(session_fact_kind kind, const domain::driver_request& about,
            const domain::session_id& session, const std::string& why, instant now);
  [[nodiscard]] std::int32_t free_connector(const asked_start& asked, instant now) const;

  ocpp_fleet_counters& counters_;
  domain::microseconds step_every_;
  simulator::world world_;
  world_commands commands_;
  std::deque<seat> seats_;
  std::map<domain::station_id, std::size_t> by_station_;
  std::map<std::uint64_t, asked_start> asked_;
  std::uint64_t questions_ = 0;
  busbar::ocpp::wire::frame_reader reader_;
  std::unique_ptr<client::socket_pool> pool_;
  std::atomic<bool> is_stopping_{false};
  std::thread thread_;
};

void ocpp_fleet::loop::run() {
  instant next_step{};
  instant next_free{};
  while (!is_stopping_) {
    const auto wait = std::clamp(next_step - node::wall_clock(), domain::microseconds{0},
                                 step_every_);
    const auto events = pool_->take_events(std::chrono::ceil<std::chrono::milliseconds>(wait));
    const auto now = node::wall_clock();
    for (const auto& each : events) take(each, now);
    if (now < next_step) continue;
    next_step = now + step_every_;
    if (now >= next_free) {
      commands_.free_all(now);
      next_free = now + frees_every;
    }
    step(now);
  }
}

void ocpp_fleet::loop::take(const client::link_event& what, instant now) {
  auto& own = seats_[what.link];
  switch (what.what) {
  case client::link_change::opened:
    ++counters_.connections;
    return keep(what.link, own.speaks.connected(++own.links, now), now);
  case client::link_change::closed: return own.speaks.disconnected();
  case client::link_change::frame:
    ++counters_.frames_received;
    return keep(what.link, own.speaks.frame(what.text, reader_, now), now);
  }
}

void ocpp_fleet::loop::step(instant now) {
  const auto said = world_.step(now);
  for (const auto& request : said.requests) take(request, now);
  for (std::size_t place = 0; place < seats_.size(); ++place)
    keep(place, seats_[place].speaks.step(now), now);
}

void ocpp_fleet::loop::keep(std::size_t place, client::client_effects effects, instant now) {
  counters_.frames_sent += effects.frames.size();
  for (auto& frame : effects.frames) pool_->send(place, std::move(frame));
  if (effects.reconnects) pool_->renew(place);
  for (const auto& verdict : effects.tags) {
    const auto asked = asked_.extract(verdict.question);
    if (asked.empty()) continue;
    if (verdict.refusal.empty()) begin(asked.mapped(), now);
    else tell(session_fact_kind::denied, asked.mapped().request, {}, verdict.refusal, now);
  }
}

void ocpp_fleet::loop::take(const domain::driver_request& request, instant now) {
  if (request.kind == domain::request_kind::stop) return end(request, now);
  const auto found = by_station_.find(request.station);
  if (request.kind != domain::request_kind::start || found == by_station_.end()) return;
  const auto question = ++questions_;
  if (!seats_[found->second].speaks.ask(tag_of(request.driver), question))
    return tell(session_fact_kind::denied, request, {}, "the station is not served", now);
  asked_.emplace(question, asked_start{found->second, request});
}

std::int32_t ocpp_fleet::loop::free_connector(const asked_start& asked, instant now) const {
  const auto& own = seats_[asked.seat];
  const auto tag = tag_of(asked.request.driver);
  for (std::int32_t at = 1; at <= own.body.connectors(); ++at) {
    const auto& wanted = asked.request.connector;
    const bool is_meant = wanted.is_empty() || wanted == own.body.connector_data(at).id;
    const bool is_free = own.body.is_free(at, now) && own.speaks.is_free_for(tag, at, now);
    if (is_meant && is_free) return at;
  }
  return 0;
}

void ocpp_fleet::loop::begin(const asked_start& asked, instant now) {
  auto& own = seats_[asked.seat];
  const auto& request = asked.request;
  const auto connector = free_connector(asked, now);
  const auto why = connector == 0 ? "no connector is free"
                                  : own.body.start(connector, request.driver.text(), now);
  if (!why.empty()) return tell(session_fact_kind::denied, request, {}, why, now);
  ++counters_.begun;
  own.speaks.begin(connector, tag_of(request.driver), now);
  tell(session_fact_kind::accepted, request, own.body.session_of(connector), {}, now);
}

void ocpp_fleet::loop::end(const domain::driver_request& request, instant now) {
  const auto found = by_station_.find(request.station);
  if (found == by_station_.end()) return;
  auto& own = seats_[found->second];
  for (std::int32_t at = 1; at <= own.body.connectors(); ++at)
    if (own.body.session_of(at) == request.session && !request.session.is_empty())
      return own.speaks.end(at, now);
  tell(session_fact_kind::completed, request, request.session, "over", now);
}

void ocpp_fleet::loop::tell(session_fact_kind kind, const domain::driver_request& about,
                            const domain::session_id& session, const std::string& why,
                            instant now) {
  counters_.denied += kind == session_fact_kind::denied ? 1 : 0;
  domain::session_fact fact;
  fact.kind = kind;
  fact.request = about.id;
  fact.site = about.site;
  fact.station = about.station;
  fact.driver = about.driver;
  fact.session = session;
  fact.why = why;
  fact.at = now;
  world_.apply(fact, now);
}

ocpp_fleet::ocpp_fleet() = default;
ocpp_fleet::~ocpp_fleet() { stop(); }

domain::result<void> ocpp_fleet::start(std::shared_ptr<const domain::site> site,
                                       ocpp_fleet_settings settings) {
  if (const auto wrong = validate(settings.fleet.world); !wrong.empty())
    return domain::error{domain::errc::out_of_range, wrong};
  loop_ = std::make_unique<loop>(std::move(site), std::move(settings), counters_);
  loop_->start();
  return {};
}

void ocpp_fleet::stop() {
  if (loop_) loop_->stop();
}

} // namespace busbar::apps
