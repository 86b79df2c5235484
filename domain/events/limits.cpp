#include "domain/events/limits.hpp"

#include "domain/current_text.hpp"
#include "domain/events/form.hpp"
#include "domain/time_text.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

namespace busbar::domain::events {

namespace {

using enum severity;

constexpr form raised{"violation_raised", {info, critical},
                      "{what}: {measured}, allowed {allowed}"};
constexpr form cleared{"violation_cleared", info,
                       "over: {what}, last {measured}, allowed {allowed}"};

constexpr form set_at_node{"limit_set", info, "{source} sets {limit}"};
constexpr form not_kept_when_stopped{
    "limit_set", warning,
    "{source} sets {limit}; if the engine stops: {current} until {time}"};
constexpr form set_at_connector{"limit_set", info, "operator sets {limit}"};
constexpr form lifted_at_node{"limit_lifted", info, "{source} limit lifted"};
constexpr form lifted_at_connector{"limit_lifted", info, "operator limit lifted"};
constexpr form export_asked{"export_ordered", info, "operator asks for {power} W back"};
constexpr form export_over{"export_ended", info,
                           "the session has ended, and the order with it"};
constexpr form shedding_set{"load_shedding_configured", info, "load shedding {setting}"};

constexpr form sheds{
    "load_shedding", {info, warning},
    "level {before} to {now}: {what it does}; {count} connectors held down by {current} mA"};

constexpr form nothing_heard{
    "input_lost", critical,
    "no reading of any station in {count} cycles: every station is told its fallback"};
constexpr form heard{"input_back", info, "readings come again: the site is controlled"};

constexpr std::array what_levels_do{
    "nothing is shed",
    "priority 3 and below reduced by 20 %",
    "priority 5 and below reduced by 40 %",
    "all reduced by 50 %",
    "priority 5 and below stopped",
    "all but priorities 9 and 10 stopped",
};

std::string in_figures(const limit& bound) {
  std::string text;
  if (bound.current)
    for (const auto line : *bound.current)
      text += (text.empty() ? "" : ", ") + std::to_string(line.count());
  if (bound.current) text += " mA";
  if (bound.power)
    text += (text.empty() ? "" : " and ") + std::to_string(bound.power->count()) + " W";
  return text;
}

std::string in_figures(const node_limit_words& words) {
  std::string text = in_figures(words.set.limit);
  if (words.set.counts == counted_load::chargers) text += " for the chargers alone";
  if (words.guaranteed)
    text += ", at least " + std::to_string(words.guaranteed->count()) + " W guaranteed";
  return text;
}

std::string most_of(const fallback_load& load) {
  return text_of(std::max({load.line[0], load.line[1], load.line[2]}));
}

event about(const form& of, const moment& now, const violation& that) {
  return filled(of, now, that.subject,
                {that.what, std::to_string(that.measured) + " " + that.unit,
                 std::to_string(that.allowed)});
}

std::string why_of(const shedding_words& words) {
  if (words.is_forced) return "; set by hand, until it is released";
  if (!words.load) return {};
  return "; " + words.load->node.text() + " at " + std::to_string(words.load->load.count()) +
         " permille, " + std::to_string(words.load->unexplained.count()) + " that no plan knew";
}

} // namespace

event violation_raised(const moment& now, const violation& of) {
  return raised_to(about(raised, now, of), raised, of.level);
}

event violation_cleared(const moment& now, const violation& of) { return about(cleared, now, of); }

event limit_set(const moment& now, const node_limit_words& words, const cause& by) {
  const auto subject = words.node.text();
  const std::string source = name_of(words.set.limit.source);
  const auto figures = in_figures(words);
  if (!words.if_engine_stops)
    return caused(filled(set_at_node, now, subject, {source, figures}), by);
  const auto& until = words.set.until;
  return caused(filled(not_kept_when_stopped, now, subject,
                       {source, figures, most_of(*words.if_engine_stops),
                        until ? text_of(*until) : "it is lifted"}),
                by);
}

event limit_set(const moment& now, const connector_id& connector, const limit& set,
                const cause& by) {
  return caused(filled(set_at_connector, now, connector.text(), {in_figures(set)}), by);
}

event limit_lifted(const moment& now, const node_id& node, limit_source source, const cause& by) {
  return caused(filled(lifted_at_node, now, node.text(), {name_of(source)}), by);
}

event limit_lifted(const moment& now, const connector_id& connector, const cause& by) {
  return caused(filled(lifted_at_connector, now, connector.text()), by);
}

event export_ordered(const moment& now, const connector_id& connector, watts most,
                     const cause& by) {
  return caused(filled(export_asked, now, connector.text(), {std::to_string(most.count())}), by);
}

event export_ended(const moment& now, const connector_id& connector) {
  return filled(export_over, now, connector.text());
}

event load_shedding_configured(const moment& now, const configure_shedding& set,
                               const cause& by) {
  std::string setting = set.settings.is_enabled ? "on" : "off";
  if (set.forced_level) setting += ", level " + std::to_string(*set.forced_level) + " by hand";
  return caused(filled(shedding_set, now, now.site.text(), {setting}), by);
}

event load_shedding(const moment& now, const shedding_words& words) {
  const auto place = static_cast<std::size_t>(words.now);
  assert(place < what_levels_do.size());
  const auto effect = what_levels_do[place] + why_of(words);
  const auto one =
      filled(sheds, now, now.site.text(),
             {std::to_string(words.before), std::to_string(words.now), effect,
              std::to_string(words.connectors_shed), std::to_string(words.shed.count())});
  return raised_to(one, sheds, words.now > words.before ? warning : info);
}

event input_lost(const moment& now, std::int64_t cycles) {
  return filled(nothing_heard, now, now.site.text(), {std::to_string(cycles)});
}

event input_back(const moment& now) { return filled(heard, now, now.site.text()); }

} // namespace busbar::domain::events
