#include "apps/fleet/audit_report.hpp"

#include "domain/time_text.hpp"
#include "text/json_writer.hpp"

#include <numeric>

namespace busbar::apps {

namespace {

std::string percent_of(std::int64_t permille) {
  return std::to_string(permille / 10) + "." + std::to_string(permille % 10) + " %";
}

std::string line_of(const site_verdict& site) {
  return site.site + ": " + std::to_string(site.looks) + " looks, " +
         std::to_string(site.sessions_ended) + " sessions ended, " +
         std::to_string(site.sessions_open) + " open, " + std::to_string(site.bills) +
         " bills beside their registers, fullest line " + percent_of(site.fullest_permille) +
         ", findings " + std::to_string(site.finding_count) + "\n";
}

void write_site(text::json_writer& out, const site_verdict& site) {
  out.begin_object().member("site", site.site).member("looks", site.looks)
      .member("sessions_ended", site.sessions_ended).member("sessions_open", site.sessions_open)
      .member("bills", site.bills).member("unjudged_facts", site.unjudged_facts)
      .member("fullest_permille", site.fullest_permille)
      .member("findings_total", site.finding_count);
  out.key("findings").begin_array();
  for (const auto& each : site.findings)
    out.begin_object().member("at", domain::text_of(each.at)).member("rule", each.rule)
        .member("text", each.text).end_object();
  out.end_array().end_object();
}

} // namespace

std::uint64_t findings_of(const std::vector<site_verdict>& sites) {
  return std::accumulate(
      sites.begin(), sites.end(), std::uint64_t{0},
      [](std::uint64_t sum, const site_verdict& each) { return sum + each.finding_count; });
}

std::string audit_text(const std::vector<site_verdict>& sites) {
  std::string made;
  for (const auto& site : sites) {
    made += line_of(site);
    for (const auto& each : site.findings)
      made += "  " + domain::text_of(each.at) + " " + each.rule + " " + each.text + "\n";
  }
  const auto count = findings_of(sites);
  return made + (count == 0 ? "audit: every rule held\n"
                            : "audit: " + std::to_string(count) + " findings\n");
}

std::string audit_json(const std::vector<site_verdict>& sites) {
  text::json_writer out;
  out.begin_object().member("verdict", findings_of(sites) == 0 ? "holds" : "broken")
      .member("findings", findings_of(sites));
  out.key("sites").begin_array();
  for (const auto& site : sites) write_site(out, site);
  out.end_array().end_object();
  return out.take() + "\n";
}

} // namespace busbar::apps
