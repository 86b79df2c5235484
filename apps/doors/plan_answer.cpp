#include "apps/doors/plan_answer.hpp"

#include "apps/doors/plan_state_json.hpp"
#include "control/planner.hpp"
#include "domain/time_text.hpp"

#include <algorithm>

namespace busbar::apps::doors {

using nlohmann::ordered_json;

namespace {

ordered_json lines_of(const domain::per_line<domain::milliamperes>& lines) {
  return {lines[0].count(), lines[1].count(), lines[2].count()};
}

ordered_json source_of(domain::limit_source source) {
  if (source == domain::limit_source::unspecified) return nullptr;
  return name_of(source);
}

const char* unit_of(const domain::reason& because) {
  return because.line == domain::binding_line::power ? "_w" : "_ma";
}

ordered_json lifted_by(const domain::reason& because, const domain::relief& relief,
                       const domain::site& site) {
  ordered_json lifted{{"text", text_of(relief, because, site)}};
  if (relief.unused > 0) lifted[std::string{"unused"} + unit_of(because)] = relief.unused;
  if (relief.more > 0) lifted[std::string{"more"} + unit_of(because)] = relief.more;
  if (relief.leaving)
    lifted["leaving"] = site.connectors[relief.leaving->value()].id.text();
  for (const auto& each : relief.also) {
    const bool is_power = each.line == domain::binding_line::power;
    lifted["also"].push_back({{"node", site.nodes[each.node.value()].id.text()},
                              {"line", name_of(each.line)},
                              {"source", source_of(each.source)},
                              {is_power ? "more_w" : "more_ma", each.more}});
  }
  return lifted;
}

/// A connector that cannot be commanded, or that does not obey, stays as it
/// is: its demand is what it may draw. The format has no rule of its own for it.
ordered_json reason_of(const domain::reason& because, const domain::site& site,
                       domain::instant now) {
  const bool is_known = because.which != domain::rule::fallback &&
                        because.which != domain::rule::disobedience;
  ordered_json reason{{"rule", name_of(is_known ? because.which : domain::rule::demand)}};
  if (because.node) {
    reason["node"] = site.nodes[because.node->value()].id.text();
    reason["line"] = name_of(because.line);
    reason["source"] = source_of(because.source);
  }
  if (because.place != 0) reason["place"] = because.place;
  if (because.turn_by)
    reason["wait_max_s"] = std::max<std::int64_t>(0, (*because.turn_by - now) / domain::seconds{1});
  if (because.rests_until)
    reason["rest_s"] = std::max<std::int64_t>(0, (*because.rests_until - now) / domain::seconds{1});
  if (because.switches_until)
    reason["switch_max_s"] =
        std::max<std::int64_t>(0, (*because.switches_until - now) / domain::seconds{1});
  if (because.is_kept) reason["kept"] = true;
  return reason;
}

ordered_json grants_of(const control::plan& plan, std::span<const domain::relief> reliefs,
                       const domain::site& site) {
  auto list = ordered_json::array();
  for (const auto& grant : plan.grants) {
    list.push_back({{"connector", site.connectors[grant.connector.value()].id.text()},
                    {"target_ma", grant.target.count()},
                    {"grant_ma", grant.granted.count()},
                    {"reserve_ma", grant.reserved.count()},
                    {"because", reason_of(grant.because, site, plan.at)}});
    const bool is_held = grant.because.which != domain::rule::maximum &&
                         grant.because.which != domain::rule::not_wanted;
    if (is_held)
      list.back()["lifted_by"] = lifted_by(grant.because, reliefs[grant.connector.value()], site);
  }
  return list;
}

ordered_json nodes_of(const control::plan& plan, const plan_question& question) {
  auto list = ordered_json::array();
  for (const auto place : question.node_order) {
    const auto& limit = plan.limits[place];
    const bool is_bounded = plan.bounds[place].line.has_value();
    list.push_back({{"node", question.image.topology->nodes[place].id.text()},
                    {"limit_ma", is_bounded ? lines_of(limit.limit) : ordered_json(nullptr)},
                    {"source", source_of(limit.source)},
                    {"reserved_ma", lines_of(limit.reserved)}});
    if (const auto& power = plan.bounds[place].power) list.back()["limit_w"] = power->left;
  }
  return list;
}

ordered_json effects_of(const control::plan& plan, const domain::site& site) {
  auto list = ordered_json::array();
  for (const auto& effect : plan.effects) {
    const bool is_decrease = effect.kind == control::effect_kind::decrease;
    list.push_back({{"connector", site.connectors[effect.connector.value()].id.text()},
                    {is_decrease ? "decrease_to_ma" : "increase_to_ma", effect.current.count()}});
  }
  return list;
}

ordered_json violations_of(const control::plan& plan) {
  auto list = ordered_json::array();
  for (const auto& violation : plan.violations)
    list.push_back({{"subject", violation.subject},
                    {"what", violation.what},
                    {"since", domain::text_of(violation.since)},
                    {"severity", name_of(violation.level)},
                    {"measured_" + violation.unit, violation.measured},
                    {"allowed_" + violation.unit, violation.allowed}});
  return list;
}

} // namespace

ordered_json answer_plan(const plan_question& asked) {
  auto question = asked;
  const auto& site = *question.image.topology;
  door_state after;
  after.told.resize(site.connectors.size());
  control::planner planner{question.image.topology};
  if (question.state) {
    [[maybe_unused]] const bool is_restored = planner.restore(encode(question.state->planned));
    assert(is_restored);
    after.told = question.state->told;
    follow_clock(after.told, question.state->planned.at, question.image.now);
  }
  for (std::size_t i = 0; i < after.told.size(); ++i)
    fill_row(question.image.connectors[i], after.told[i], question.image.now);
  const auto& plan = planner.decide(question.image);
  for (std::size_t i = 0; i < after.told.size(); ++i)
    note_grant(question.image.connectors[i], plan.grants[i].granted, plan.at, after.told[i]);
  after.planned = *control::decode(planner.memory(), site.connectors.size(), site.nodes.size());
  return {{"site", site.id.text()},
          {"now", domain::text_of(question.image.now)},
          {"policy", name_of(site.split)},
          {"grants", grants_of(plan, planner.reliefs(question.image), site)},
          {"nodes", nodes_of(plan, question)},
          {"effects", effects_of(plan, site)},
          {"violations", violations_of(plan)},
          {"state", json_of(after, site)}};
}

} // namespace busbar::apps::doors
