#pragma once
// The connector tables of a site and the conversations of its stations, without the actors that own
// them in an engine node: a piece of work for a station is carried out at once, and its table takes
// what came of it.

#include "control/carry_over/place_match.hpp"
#include "domain/site_state.hpp"
#include "site/connector_table.hpp"
#include "site/conversation.hpp"
#include "site/site_layout.hpp"
#include "site/station_part.hpp"
#include "site/table_settings.hpp"

#include <memory>
#include <span>
#include <vector>

namespace busbar::site {

class site_tables {
public:
  site_tables(std::shared_ptr<const site_layout> layout, conversation_terms terms,
              const table_settings& settings);

  /// Takes back a predecessor's state of the same tree.
  void restore(const domain::site_state& state);
  /// After `restore`: what the tables of the revision before have beside the state.
  void take_over(site_tables& before, const control::carry_over::place_match& places);

  /// `Work`: whatever a station_part takes. Its table does not take what came of it.
  template <class Work> station_result work(domain::station_index station, const Work& work) {
    return part_of(station).take(work);
  }
  void take_outcome(const station_outcome& outcome);
  /// Both.
  template <class Work> station_result give(domain::station_index station, const Work& what) {
    auto result = work(station, what);
    take_outcome(result.outcome);
    return result;
  }

  /// By bay.
  [[nodiscard]] std::vector<connector_table>& tables() { return tables_; }
  [[nodiscard]] const std::vector<connector_table>& tables() const { return tables_; }
  /// A fallback that goes past the station's feeder, which does not run: its commands.
  [[nodiscard]] std::vector<domain::command> tell_fallback(const station_order& order);

  [[nodiscard]] connector_table& table_of(domain::station_index station) {
    return tables_[layout_->stations[station.value()].bay];
  }
  [[nodiscard]] const connector_table& table_of(domain::station_index station) const {
    return tables_[layout_->stations[station.value()].bay];
  }
  [[nodiscard]] domain::epoch owner() const { return terms_.owner; }

private:
  /// Lends them (site/succession.hpp).
  struct parts;
  [[nodiscard]] std::span<connector_notes> notes_of(domain::station_index station);
  [[nodiscard]] station_part part_of(domain::station_index station);

  std::shared_ptr<const site_layout> layout_;
  conversation_terms terms_;
  std::vector<connector_table> tables_;
  std::vector<notebook> notebooks_;
  /// By connector.
  std::vector<connector_notes> notes_;
};

} // namespace busbar::site
