#pragma once
// Facts and events as the log has them, and waits on what the archive's thread does.

#include "adapters/store/history_archive.hpp"
#include "domain/event.hpp"
#include "domain/session.hpp"
#include "ports/event_log.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <string>
#include <vector>

namespace busbar::tests {

inline const domain::instant store_noon{domain::microseconds{1'777'636'800'000'000}};

inline domain::session_fact fact_of(const std::string& session, domain::session_fact_kind kind,
                                    std::chrono::seconds after, std::int64_t energy_wh = 0) {
  domain::session_fact fact;
  fact.session = domain::session_id{session};
  fact.request = domain::request_id{"r-" + session};
  fact.site = domain::site_id{"garage"};
  fact.station = domain::station_id{"CP-001"};
  fact.connector = domain::connector_id{"CP-001-1"};
  fact.driver = domain::driver_id{"Alice"};
  fact.kind = kind;
  fact.at = store_noon + after;
  fact.energy = domain::watt_hours{energy_wh};
  fact.cost = domain::micro_currency{energy_wh * 300};
  return fact;
}

inline domain::event event_at(domain::instant at, const std::string& text) {
  domain::event event;
  event.site = domain::site_id{"garage"};
  event.at = at;
  event.speaker = domain::speaker::central;
  event.level = domain::severity::warning;
  event.kind = "fault";
  event.subject = "CP-001";
  event.text = text;
  return event;
}

/// Polls what another thread does, with a deadline.
template <class Holds> bool comes_true(Holds holds) {
  std::mutex guard;
  std::condition_variable never;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
  while (!holds() && std::chrono::steady_clock::now() < deadline) {
    std::unique_lock lock{guard};
    never.wait_for(lock, std::chrono::milliseconds{5}); // the archive tells nobody: look again
  }
  return holds();
}

inline domain::result<ports::session_page> sessions_in(ports::archive& archive,
                                                       const ports::session_query& wanted = {}) {
  std::promise<domain::result<ports::session_page>> told;
  archive.sessions(wanted, [&](auto found) { told.set_value(std::move(found)); });
  return told.get_future().get();
}

inline std::vector<std::string> texts_in(ports::archive& archive,
                                         const ports::event_query& wanted = {}) {
  std::promise<std::vector<std::string>> told;
  archive.events(wanted, [&](auto found) {
    std::vector<std::string> texts;
    if (found)
      for (const auto& each : found.value()) texts.push_back(each.event.text);
    told.set_value(texts);
  });
  return told.get_future().get();
}

inline bool is_kept(const ports::archive& archive) {
  return archive.status().state == ports::archive_state::kept;
}

} // namespace busbar::tests
