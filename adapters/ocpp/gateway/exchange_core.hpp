#pragma once
// What `exchange` and `service_desk` share. Internal to this folder.

#include "adapters/ocpp/gateway/admission.hpp"
#include "adapters/ocpp/gateway/exchange.hpp"
#include "adapters/ocpp/gateway/frame_log.hpp"
#include "adapters/ocpp/gateway/meter_history.hpp"
#include "adapters/ocpp/gateway/order_book.hpp"
#include "adapters/ocpp/gateway/tag_judge.hpp"

#include <deque>
#include <utility>

namespace busbar::adapters::ocpp::gateway {

using domain::instant;
using station::station_effects;
using station::station_machine;

/// A station's machine, and what leads to it.
struct exchange::seat {
  station_machine machine;
  provision who;
  std::string site;
  /// Requests that the log does not have yet, and what waits for that: answers to the station, in
  /// their order, and what is asked of it by the same message.
  std::size_t unwritten = 0;
  std::vector<server::link_order> held = {};
};

/// OCPP-3: as far as is known here.
[[nodiscard]] bool has_open_transaction(const exchange::seat& at);

/// Transactions of all stations that count where the list bounds those of a tag, but for the one
/// that begins; none where it is stated without a connector at the station where it charges.
[[nodiscard]] std::size_t running_elsewhere(const std::deque<exchange::seat>& seats,
                                            const tag_book& tags, const station::stated_tag& tag);

/// One site as this gateway has it.
struct exchange::site_book {
  std::shared_ptr<const domain::site> site;
  /// By station; null: not of this gateway.
  std::vector<seat*> seats;
  std::unordered_map<std::string, seat*> by_station;
  site_outputs said;
  std::vector<domain::reading> readings;
  instant gathered_until{};
  std::uint64_t batch_number = 0;
  domain::epoch newest_owner = 0;
  bool has_changed_tree = false;
};

/// Connections of the ten seconds that run, and of those before.
struct crowd {
  instant begun{};
  std::uint32_t now = 0;
  std::uint32_t before = 0;
};

class exchange::core : public std::enable_shared_from_this<core> {
public:
  core(std::vector<provisioned_site> sites, exchange_settings wanted)
      : settings(std::move(wanted)), numbers_(settings.number_key),
        house_{numbers_, {}} {
    house_.judge = [this](const auto& tag, auto now) {
      const auto running = running_elsewhere(seats_, *settings.tags, tag);
      return counts_.of_tags.judge({*settings.tags, *settings.rulings}, tag, running, now);
    };
    house_.list = [this](const auto& place, auto most) {
      return control::sessions::local_list_of(settings.tags->all(), place.tags, most);
    };
    house_.started_at = settings.started_at;
    out.tell = settings.tell;
    for (auto& each : sites) add(std::move(each));
  }

  mutable std::mutex guard;
  /// A changed list of tags takes the place of the one before, under that lock.
  exchange_settings settings;
  /// Of frames, under that lock.
  busbar::ocpp::wire::frame_reader reader;

  bool admits(const server::visitor& who);
  void opened(server::link_id link, const std::string& identity, instant now);
  void closed(server::link_id link, instant now);
  template <class Input> void feed(server::link_id link, Input&& input, instant now) {
    const auto found = by_link_.find(link);
    if (found == by_link_.end()) return;
    keep(*found->second, input(found->second->machine), now);
  }
  void take(const std::string& site, const domain::command_batch& batch, instant now);
  void take(const std::string& site, const domain::session_fact& fact, instant now);
  void take(const std::string& site, const domain::site_state& state);
  void follow(std::shared_ptr<const domain::site> site);
  [[nodiscard]] std::vector<site_outputs> drain(instant now);
  [[nodiscard]] std::map<std::string, double> statistics() const;

  /// OCPP-3: while many come, the heartbeats that they are asked for are spread.
  [[nodiscard]] const station::station_house& house_for(server::link_id link, instant now);
  [[nodiscard]] bool has(const std::string& site) const { return sites_.contains(site); }
  /// Null: no station comes under this identity.
  [[nodiscard]] seat* find(const std::string& identity) const {
    const auto found = by_identity_.find(identity);
    return found == by_identity_.end() ? nullptr : found->second;
  }
  [[nodiscard]] const std::deque<seat>& seats() const { return seats_; }
  void keep(seat& from, station_effects effects, instant now);
  /// A frame has come: for people who look at the conversation.
  void note(server::link_id link, std::string_view text, instant now);
  /// The log has a request of that station, or has refused it.
  void written(seat& from, domain::driver_request request, std::uint32_t tries, bool is_there);
  /// What sockets are to do, and how the server learns that; what became of service orders.
  struct outbox {
    std::vector<server::link_order> orders;
    std::function<void()> wake;
    order_book service;
    frame_log frames;
    meter_history meters;
    std::vector<std::string> notices;
    std::function<void(const std::string&)> tell;

    void wake_server() const {
      if (wake && !orders.empty()) wake();
    }
  };
  outbox out;

private:
  void add(provisioned_site added);
  void restore(seat& to, const domain::session_state& open);
  void report(seat& from, domain::driver_request request, std::uint32_t tries);

  station::number_source numbers_;
  station::station_house house_;
  std::deque<seat> seats_;
  std::unordered_map<std::string, seat*> by_identity_;
  std::unordered_map<server::link_id, seat*> by_link_;
  std::map<std::string, site_book> sites_;
  /// Since the start.
  struct tallies {
    std::array<std::uint64_t, station::count_kinds> of_stations{};
    std::array<std::uint64_t, admissions> of_admissions{};
    crowd of_connections;
    tag_judge of_tags;
    std::uint64_t reports_refused = 0;
  };
  tallies counts_;
  instant next_pulse_{};
};

/// The lock of one call; listeners of orders that have become due are called after it, and notices
/// told.
class exchange::turn {
public:
  turn(core& of, instant now) : core_(of), lock_(of.guard), now_(now) {}
  ~turn() {
    const auto due = core_.out.service.take_due(now_);
    const auto notices = std::exchange(core_.out.notices, {});
    lock_.unlock();
    for (const auto& tell : due) tell();
    if (core_.out.tell)
      for (const auto& each : notices) core_.out.tell(each);
  }
  turn(const turn&) = delete;
  turn& operator=(const turn&) = delete;

private:
  core& core_;
  std::unique_lock<std::mutex> lock_;
  instant now_;
};

} // namespace busbar::adapters::ocpp::gateway
