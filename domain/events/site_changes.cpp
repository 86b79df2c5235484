#include "domain/events/site_changes.hpp"

#include "domain/events/form.hpp"

#include <utility>

namespace busbar::domain::events {

namespace {

using enum severity;

constexpr form reloaded{"site_reloaded", info, "goes on under its new terms, epoch {epoch}"};
constexpr form configured{"site_configured", info, "configured by API: {setting}"};
constexpr form does_not_fit{
    "configuration_left_out", warning,
    "the site file has changed, and what was configured does not fit it: {setting}"};
constexpr form lower_accepted{
    "fallback_accepted", info,
    "stations have accepted lower fallbacks: what they were told before counts no more (LIM-4)"};

constexpr form gone{"connector_gone", {info, warning},
                    "{why}{; its session ends}{; what stays reserved}"};
constexpr form rewired{"connector_rewired", {info, warning},
                       "{why}{; its session ends}{; what stays reserved}"};
constexpr form more_left{"connectors_left", warning,
                         "and {count} more connectors are gone or hang elsewhere"};
constexpr form void_order{"order_void", warning, "{what happens to it}"};
constexpr form not_counted{
    "left_behind_over", info,
    "what {connectors} may have drawn where it hung before is not counted any more"};

constexpr form forgotten{
    "state_not_carried", critical,
    "the site file's tree has changed and the changelog does not say what its places were: "
    "{sessions} sessions and {limits} limits are forgotten"};
constexpr form tree_too_large{
    "tree_not_kept", warning,
    "ids take {bytes} bytes, {bound} are kept: a restart under a changed file forgets sessions, "
    "orders and turns; a reload does not"};

std::string text_of(const reserve_words& words) {
  return "; " + std::to_string(words.current.count()) + " mA stay reserved at " +
         words.node.text() + " for " + std::to_string(words.holds.count()) + " s";
}

} // namespace

event site_reloaded(const moment& now, epoch goes_on_with) {
  return filled(reloaded, now, now.site.text(), {std::to_string(goes_on_with)});
}

event site_configured(const moment& now, std::string subject, const std::string& setting,
                      const cause& by) {
  return caused(filled(configured, now, std::move(subject), {setting}), by);
}

event configuration_left_out(const moment& now, const std::string& setting) {
  return filled(does_not_fit, now, now.site.text(), {setting});
}

event fallback_accepted(const moment& now) {
  return filled(lower_accepted, now, now.site.text());
}

event connector_left(const moment& now, const left_words& words) {
  const auto& of = words.is_gone ? gone : rewired;
  const auto ends = words.session ? "; its session " + words.session->text() + " ends" : "";
  const auto stays = words.reserve ? text_of(*words.reserve) : "";
  return raised_to(filled(of, now, words.connector, {words.why, ends, stays}), of,
                   words.session ? warning : info);
}

event connectors_left(const moment& now, std::size_t more) {
  return filled(more_left, now, now.site.text(), {std::to_string(more)});
}

event order_void(const moment& now, std::string subject, const std::string& why) {
  return filled(void_order, now, std::move(subject), {why});
}

event left_behind_over(const moment& now, const std::string& owners) {
  return filled(not_counted, now, now.site.text(), {owners});
}

event state_not_carried(const moment& now, std::size_t sessions, std::size_t limits) {
  return filled(forgotten, now, now.site.text(),
                {std::to_string(sessions), std::to_string(limits)});
}

event tree_not_kept(const moment& now, std::size_t bytes, std::size_t bytes_max) {
  return filled(tree_too_large, now, now.site.text(),
                {std::to_string(bytes), std::to_string(bytes_max)});
}

} // namespace busbar::domain::events
