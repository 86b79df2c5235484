#pragma once
// One-for-one supervision of the stations of one bay: spawns them, restarts the one that dies or
// that owes an answer for too long, with its notebook kept, and says when the budget of restarts is
// used up. Held by value in a feeder's state; kills its stations with it.
//
//   running --throws-----------------------> down --notebook is free--> spawned again
//      \--owes an answer--> condemned --ends---^
//                               \--its handler never returns: it stays away (condemned.hpp)

#include "actors/awaited_answers.hpp"
#include "actors/interfaces.hpp"
#include "actors/site_context.hpp"
#include "control/safety/answer_watch.hpp"
#include "control/safety/restart_budget.hpp"

#include <caf/local_actor.hpp>
#include <caf/system_messages.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace busbar::actors {

struct lost_station {
  /// Absent: the actor was none of these.
  std::optional<domain::station_index> station;
  bool is_used_up = false;
};

struct given_orders {
  /// What came of orders that were carried out here.
  std::vector<station_outcome> done;
  /// Places of the stations that will answer.
  std::vector<std::uint32_t> places;
  /// Connectors whose station does not run right now.
  std::vector<domain::connector_index> undelivered;
};

class station_group {
public:
  station_group() = default;
  station_group(const station_group&) = delete;
  station_group& operator=(const station_group&) = delete;
  ~station_group();

  /// Before anything else.
  void open(caf::local_actor* self, std::shared_ptr<site_context> context,
            std::optional<bay_index> bay, feeder_actor own);
  /// Spawns every station that does not run and whose notebook is free.
  void spawn_missing();
  [[nodiscard]] lost_station took_down(const caf::down_msg& down, domain::instant now);
  /// On the tick: condemns every station that has owed an answer for too long; `from` hears which.
  /// One that was told nothing for half a minute is asked for a sign of life, so that a stall is
  /// found there, too; they are spread over that time.
  void watch(domain::instant now, connector_table& from);
  /// One message of a station's has been answered.
  void answered(domain::station_index station, connector_table& from);

  /// Each station's orders of a tick, and what `from` keeps for it: carried out here where its
  /// actor has answered all that it was sent and its breaker is closed, otherwise sent to it.
  [[nodiscard]] given_orders give(std::uint64_t tick, std::vector<station_order> orders,
                                  connector_table& from);
  void tell(station_notice notice, connector_table& from);
  void ask(domain::station_index station, station_request request);
  /// Nothing happens while the station does not run.
  template <class Work> void pass(const Work& work) {
    if (runs(work.station)) send(work.station, {work});
  }

  [[nodiscard]] std::size_t size() const { return stations_.size(); }
  [[nodiscard]] std::optional<domain::station_index> find(const domain::station_id& id) const;
  [[nodiscard]] bool runs(domain::station_index station) const;
  /// Whether every station has answered all that it was sent.
  [[nodiscard]] bool have_answered() const;
  /// What the next report waits for.
  [[nodiscard]] awaited_answers& awaited() { return awaited_; }

private:
  [[nodiscard]] const std::vector<domain::station_index>& members() const;
  struct child {
    station_actor actor;
    control::safety::answer_watch dog;
    bool is_condemned = false;
    /// It begins again once what it commands has fallen back.
    domain::instant away_until{};
  };
  void condemn_stalled(std::size_t place, connector_table& from);
  void ask_quiet(std::size_t place, domain::instant now);
  [[nodiscard]] child& child_of(domain::station_index station);
  [[nodiscard]] const child& child_of(domain::station_index station) const;
  void send(domain::station_index station, station_work work);
  [[nodiscard]] const std::string& name_of(domain::station_index station) const;

  caf::local_actor* self_ = nullptr;
  std::shared_ptr<site_context> context_;
  bay_index bay_ = 0;
  feeder_actor own_;
  /// In the bay's order of stations.
  std::vector<child> stations_;
  std::size_t missing_ = 0;
  awaited_answers awaited_;
  domain::instant now_{};
  control::safety::restart_budget budget_;
};

} // namespace busbar::actors
