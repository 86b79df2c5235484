#pragma once
// The parts of a running engine node in the order in which they are built; the engine's own.

#include "actors/node_keeper.hpp"
#include "apps/engine/actor_runtime.hpp"
#include "apps/engine/audit_file.hpp"
#include "apps/engine/engine.hpp"
#include "apps/engine/group_watch.hpp"
#include "apps/engine/health_board.hpp"
#include "apps/engine/ingest.hpp"
#include "control/ownership/epoch_contest.hpp"
#include "messages/dead_letters.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace busbar::apps {

/// The system's clock. The engine reads it at its border and passes it in as `now`.
[[nodiscard]] domain::instant wall_clock();

class engine::parts {
public:
  parts(engine_settings settings, std::shared_ptr<messages::event_log> log,
        std::shared_ptr<actors::engine_counters> counters);
  ~parts();

  using site_list = std::vector<std::shared_ptr<const domain::site>>;

  domain::result<void> build(site_list sites);
  void run();
  void stop();
  /// Actors that had not ended when `stop` gave up waiting for them; empty: all have.
  [[nodiscard]] const std::string& left_behind() const { return left_behind_; }

  [[nodiscard]] bool allows_faults() const { return settings_.allows_faults; }
  [[nodiscard]] domain::result<void> inject(const actors::fault_request& fault);
  [[nodiscard]] domain::result<void> ask_capability(const domain::site_id& site,
                                                    const domain::station_id& station);
  [[nodiscard]] std::optional<domain::fallback_load>
  what_remains(const domain::site_id& site, const domain::node_constraint& order) const;
  [[nodiscard]] domain::result<void> order(const domain::site_id& site,
                                           const domain::operator_order& order,
                                           const domain::cause& by);
  [[nodiscard]] domain::result<domain::site_configuration>
  moves_of(const domain::site_id& site, const domain::tree_wish& wish) const;
  [[nodiscard]] domain::result<void> configure(const domain::site_id& site,
                                               const domain::site_configuration& change,
                                               const domain::cause& by);
  [[nodiscard]] domain::result<void> reload(const domain::site_id& site);
  [[nodiscard]] std::shared_ptr<const control::smart_charging::profile_book>
  profiles(const domain::site_id& site, domain::station_index station) const;
  [[nodiscard]] domain::result<void> manage(const actors::profile_request& request);
  [[nodiscard]] domain::result<void> watch_health(domain::health_probe probe) {
    return board_.add(std::move(probe));
  }
  [[nodiscard]] std::vector<actors::health_check> health() const;
  [[nodiscard]] messages::log_statistics log_statistics() const;
  [[nodiscard]] std::optional<domain::error> lost() const;

  [[nodiscard]] const actors::view_store& views() const { return *views_; }
  [[nodiscard]] const class journal& events() const { return journal_; }
  [[nodiscard]] log_outbox& out() { return *out_; }
  [[nodiscard]] const actors::route_table& routes() const { return *routes_; }

private:
  using states_by_site = std::map<domain::site_id, domain::site_state>;

  domain::result<void> open_log();
  [[nodiscard]] domain::result<states_by_site> read_states(const site_list& sites);
  [[nodiscard]] std::shared_ptr<actors::site_context>
  make_context(std::shared_ptr<const domain::site> site, domain::epoch owner) const;
  using context_place = std::vector<std::shared_ptr<actors::site_context>>::iterator;
  [[nodiscard]] domain::result<context_place> changeable(const domain::site_id& site);
  [[nodiscard]] std::shared_ptr<const domain::site>
  with_configuration(std::shared_ptr<const domain::site> file,
                     const domain::site_configuration& configured);
  void put_in_place(context_place of, std::shared_ptr<const domain::site> next);
  void put_in_place(context_place of, std::shared_ptr<const domain::site> next,
                    domain::epoch owner);
  void take_newer_epochs(domain::instant now);
  [[nodiscard]] domain::result<void> send_direct(const domain::site_id& site,
                                                 const domain::station_id& station,
                                                 actors::direct_order order) const;
  void keep_reports();
  /// Fallbacks that stations were told before and have given up.
  void forget_fallbacks(const domain::site_id& id);
  void ask_stations();
  /// False: it waits for a change of its site that is under way.
  [[nodiscard]] bool keep_report(const reported_capability& report);
  [[nodiscard]] bool is_changing(const domain::site_id& site);
  void publish(const domain::event& event);
  void build_site(std::shared_ptr<const domain::site> site, const states_by_site& states);
  void restore(actors::site_context& context, const domain::site_state& state);
  void await_actors();
  [[nodiscard]] actors::health_check check_actors() const;
  void pulse_loop();
  void ingest_loop();
  void hold_back(std::int64_t in_flight);
  void look_at_group();
  void mind_place();
  void journal_loop();
  void read_journal();
  [[nodiscard]] domain::health_probe log_probe() const;
  void read_statistics();
  void refuse(const messages::record& record, const domain::error& why);
  void say_farewell();

  const engine_settings settings_;
  const std::shared_ptr<messages::event_log> log_;
  const std::shared_ptr<actors::engine_counters> counters_;
  std::shared_ptr<log_outbox> out_;
  std::unique_ptr<messages::dead_letters> refused_;
  std::unique_ptr<messages::log_consumer> input_;
  std::unique_ptr<messages::log_consumer> journal_input_;
  class journal journal_;
  /// Of the journal's thread.
  std::optional<audit_file> audit_;
  std::shared_ptr<actors::view_store> views_;
  std::shared_ptr<actors::route_table> routes_;
  std::shared_ptr<actors::node_context> node_context_;
  std::vector<std::shared_ptr<actors::site_context>> sites_;
  /// Changes that are under way, the oldest first; with `reloading_`.
  std::vector<std::weak_ptr<actors::site_context>> waiting_;
  std::unique_ptr<actor_runtime> runtime_;
  std::unique_ptr<actors::node_keeper> keeper_;
  std::unique_ptr<ingest> ingest_;
  std::atomic<bool> shall_stop_{false};
  std::atomic<bool> shall_stop_journal_{false};
  bool is_held_back_ = false;
  std::string left_behind_;
  group_watch group_;
  domain::instant looked_at_{};
  std::thread pulse_thread_;
  std::thread ingest_thread_;
  std::thread journal_thread_;
  health_board board_;
  std::mutex reloading_;
  struct asked_station {
    domain::site_id site;
    domain::station_id station;
    domain::instant at{};
    int times = 0;
  };
  /// Of the ingest thread: reports that wait.
  std::vector<reported_capability> reports_;
  /// Sites as their files say, without what has been configured on top.
  std::map<domain::site_id, std::shared_ptr<const domain::site>> files_;
  /// Of the ingest thread.
  std::map<domain::site_id, control::ownership::epoch_contest> contests_;
  /// Of the members below, and of which context stands for a site.
  mutable std::mutex guard_;
  std::vector<asked_station> asked_;
  messages::log_statistics statistics_;
  messages::log_statistics input_statistics_;
  std::optional<domain::error> lost_;
};

} // namespace busbar::apps
