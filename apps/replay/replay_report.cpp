#include "apps/replay/replay_report.hpp"

#include "domain/relief.hpp"
#include "domain/time_text.hpp"

#include <nlohmann/json.hpp>

namespace busbar::apps::replay {

namespace {

std::string text_of(const recording::effect_difference& it) {
  return "  the first: " + domain::text_of(it.at) + ", tick " + std::to_string(it.tick) + ", " +
         it.input + "\n    " + it.source + ", " + it.effect + ": " +
         (it.field.field.empty() ? "" : it.field.field + ": ") + "recorded " + it.field.recorded +
         ", replayed " + it.field.replayed + "\n";
}

std::string amperes(domain::milliamperes current) {
  auto text = std::to_string(current.count() / 1'000) + "." +
              std::to_string(1'000 + current.count() % 1'000).substr(1);
  return text + " A";
}

std::string reason_text(const domain::reason& because, const domain::site& site) {
  std::string text = name_of(because.which);
  if (because.node)
    text += " at " + site.nodes[because.node->value()].id.text() + ", " + name_of(because.line) +
            ", " + name_of(because.source);
  if (because.place != 0) text += ", place " + std::to_string(because.place) + " in the line";
  if (because.turn_by) text += ", its turn by " + domain::text_of(*because.turn_by);
  if (because.rests_until) text += ", rests until " + domain::text_of(*because.rests_until);
  if (because.is_kept) text += ", room is kept for vehicles that use that line";
  return text;
}

bool is_named(const domain::site& site, const domain::connector& connector,
              const std::string& place) {
  return connector.id.text() == place ||
         site.stations[connector.station.value()].id.text() == place;
}

} // namespace

std::string text_of(const segment_report& report) {
  std::string text = "site " + report.of.site + ", epoch " + std::to_string(report.of.owner) +
                     ", " + domain::text_of(report.of.begun_at) + " to " +
                     domain::text_of(report.ended_at) + ", recorded by " + report.of.version +
                     ": " + std::to_string(report.plans) +
                     " plans, " + std::to_string(report.steps) +
                     " steps, " + std::to_string(report.files) + " files\n";
  const auto& counts = report.counts;
  text += "  " + std::to_string(counts.same) + " effects are the same, " +
          std::to_string(counts.different) + " differ";
  if (counts.left_recorded + counts.left_replayed > 0)
    text += "; " + std::to_string(counts.left_recorded) + " recorded and " +
            std::to_string(counts.left_replayed) + " replayed ones have no counterpart at the end";
  text += "\n";
  if (!report.is_exact) text += "  not exact: " + report.why_not_exact + "\n";
  if (!report.is_exact && counts.different > 0)
    text += "  the last that differs: " + domain::text_of(report.last_difference_at) + "\n";
  if (report.strays > 0)
    text += "  " + std::to_string(report.strays) + " steps take what no step before hands over\n";
  if (report.first) text += text_of(*report.first);
  for (const auto& note : report.notes) text += "  " + note + "\n";
  return text;
}

nlohmann::ordered_json json_of(const segment_report& report) {
  using json = nlohmann::ordered_json;
  json first = nullptr;
  if (report.first) {
    const auto& it = *report.first;
    first = {{"at", domain::text_of(it.at)},   {"tick", it.tick},
             {"input", it.input},              {"source", it.source},
             {"effect", it.effect},            {"field", it.field.field},
             {"recorded", it.field.recorded},  {"replayed", it.field.replayed}};
  }
  return {{"site", report.of.site},
          {"epoch", report.of.owner},
          {"version", report.of.version},
          {"begun_at", domain::text_of(report.of.begun_at)},
          {"ended_at", domain::text_of(report.ended_at)},
          {"files", report.files},
          {"plans", report.plans},
          {"steps", report.steps},
          {"same", report.counts.same},
          {"different", report.counts.different},
          {"without_counterpart", report.counts.left_recorded + report.counts.left_replayed},
          {"exact", report.is_exact},
          {"why_not_exact", report.why_not_exact},
          {"first_difference", std::move(first)},
          {"notes", report.notes}};
}

std::string reasons_of(const site::stepped_site& at, const std::string& place) {
  const auto& site = *at.layout().site;
  const auto& plan = *at.desk().plan();
  const auto view = at.desk().view();
  std::string text;
  for (std::size_t i = 0; i < site.connectors.size(); ++i) {
    if (!is_named(site, site.connectors[i], place)) continue;
    const auto& grant = plan.grants[i];
    const auto& image = at.desk().image().connectors[i];
    if (text.empty())
      text = "plan " + std::to_string(view.plan_number) + " of " +
             domain::text_of(plan.at) + "\n";
    text += site.stations[site.connectors[i].station.value()].id.text() + "/" +
            site.connectors[i].id.text() + ": granted " + amperes(grant.granted) + ", target " +
            amperes(grant.target) + ", reserved " + amperes(grant.reserved) + ", draws " +
            amperes(image.drawn) + ", told " + amperes(image.told) + "\n  because: " +
            reason_text(grant.because, site) + "\n";
    const auto lifting = domain::text_of(view.connectors[i].lifted_by, grant.because, site);
    if (!lifting.empty()) text += "  lifted by: " + lifting + "\n";
  }
  return text;
}

} // namespace busbar::apps::replay
