#pragma once
// What the engine node knows of its children: lent to it, so that a node that is restarted goes on
// with the same sites, drivers and connections.

#include "actors/connection_record.hpp"
#include "actors/interfaces.hpp"
#include "actors/loan.hpp"
#include "actors/mail_watch.hpp"
#include "actors/node_terms.hpp"
#include "control/safety/restart_budget.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace busbar::actors {

struct site_entry {
  std::shared_ptr<site_context> context;
  site_actor actor;
  control::safety::restart_budget budget;
  bool is_safe_start = false;
  /// It has stalled and was told to end. One that never returns does not: that is reported once,
  /// and nothing is begun anew beside it.
  bool is_condemned = false;
  /// It has stalled, and is to begin again in its safe mode.
  bool falls_back = false;
  /// Goes on in its place once the actors of `context` are gone.
  std::shared_ptr<site_context> next;
  /// Of changes that came before that: each goes on in the place of the one before.
  std::vector<std::shared_ptr<site_context>> after;
  /// How far the actors of `context` are on their way out.
  struct departure {
    /// Of the routes by which they were reached.
    std::weak_ptr<const void> senders;
    /// Of what was sent to them last.
    std::weak_ptr<void> last_mail;
    bool has_last_mail = false;
    bool is_killed = false;
    domain::instant ends_at{};
  };
  departure leaving;
  /// The site goes to another engine node, or nowhere.
  bool is_leaving = false;
  /// When the actors of `context` are to run, and what waits for the site is let through.
  std::optional<domain::instant> opens_by;
  /// What drivers have asked meanwhile.
  std::vector<driver_request_message> waiting;
  /// Rounds in a row in which its tick before was still waiting.
  std::uint32_t rounds_missed = 0;
};

/// A child that answers its node nothing (a driver, a protocol driver), and how it is watched.
template <class Handle, class Record> struct minded_child {
  std::shared_ptr<lendable<Record>> record;
  Handle actor;
  mail_watch mail;
  watch_terms watch;
  control::safety::restart_budget budget;
  std::uint32_t restarts = 0;
  /// Told to end; its end is not counted again.
  bool is_condemned = false;
  /// Its budget of restarts is used up: it stays away until then.
  domain::instant out_until{};
};

struct driver_entry : minded_child<driver_actor, driver_record> {
  /// Copies of the record's own: the node reads them without asking.
  domain::instant active_at{};
  std::set<domain::session_id> sessions;
};

using protocol_entry = minded_child<protocol_driver_actor, connection_record>;

struct node_book {
  std::vector<site_entry> sites;
  std::map<domain::driver_id, driver_entry> drivers;
  std::map<std::string, protocol_entry> protocols;
  /// Around the sites' ticks.
  control::safety::breaker sites_breaker;
  /// Sites and drivers are in it.
  bool is_filled = false;
};

} // namespace busbar::actors
