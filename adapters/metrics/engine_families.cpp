// The counters of an engine node as metrics.

#include "adapters/metrics/family_list.hpp"

namespace busbar::adapters::metrics {

namespace {

constexpr double joules_per_wh = 3'600.0;

double value_of(const ports::relaxed_number& number) {
  return static_cast<double>(number.value());
}

/// One sample for each reason; those that never happened too, so that a rate can be taken.
void add_refusals(family_list& list, const char* name, const char* help,
                  const ports::refusal_counters& refusals) {
  for (std::size_t kind = 1; kind < ports::refusal_counters::kinds; ++kind) {
    const auto code = static_cast<domain::errc>(kind);
    list.counter(name, help, static_cast<double>(refusals.value(code)),
                 {{"reason", domain::name_of(code)}});
  }
}

void add_ingest(family_list& list, const ports::ingest_counters& ingest) {
  list.counter("busbar_readings_total", "Readings of connectors taken in.",
               value_of(ingest.readings));
  list.counter("busbar_meter_readings_total", "Readings of node meters taken in.",
               value_of(ingest.meter_readings));
  list.counter("busbar_health_reports_total", "Verdicts of monitors taken in.",
               value_of(ingest.health_reports));
  list.counter("busbar_batches_total", "Telemetry records taken in.", value_of(ingest.batches));
  list.counter("busbar_requests_total", "Requests of drivers taken in.",
               value_of(ingest.requests));
  list.counter("busbar_results_total", "Answers of stations taken in.", value_of(ingest.results));
  add_refusals(list, "busbar_dead_letters_total", "Records that could not be used, by reason.",
               ingest.dead_letters);
  list.counter("busbar_strays_total",
               "Records of sites that another engine node of the group holds.",
               value_of(ingest.strays));
  list.counter("busbar_requests_repeated_total", "Requests whose id was taken already.",
               value_of(ingest.repeated));
  list.histogram("busbar_ingest_lag_seconds", "From a batch's sending to the feeders' bays.",
                 ingest.lag);
  list.counter("busbar_ingest_pauses_total", "Partitions paused because a queue was full.",
               value_of(ingest.pauses));
  list.gauge("busbar_ingest_queue_depth", "Records polled and not yet handed to actors.",
             value_of(ingest.queue_depth));
}

void add_planning(family_list& list, const ports::planning_counters& planning) {
  list.counter("busbar_plans_total", "Plans made.", value_of(planning.plans));
  list.counter("busbar_plans_late_total", "Plans that began more than a tick late.",
               value_of(planning.late_plans));
  list.histogram("busbar_plan_duration_seconds", "Time to make one plan.", planning.plan_duration);
  const char* grants_help = "Grants told to stations, by kind.";
  list.counter("busbar_grants_total", grants_help, value_of(planning.grants_raised),
               {{"kind", "raised"}});
  list.counter("busbar_grants_total", grants_help, value_of(planning.grants_lowered),
               {{"kind", "lowered"}});
  list.counter("busbar_grants_total", grants_help, value_of(planning.grants_renewed),
               {{"kind", "renewed"}});
  list.counter("busbar_commands_refused_total", "Commands that a station refused.",
               value_of(planning.commands_refused));
  list.counter("busbar_commands_unanswered_total", "Commands that no station answered in time.",
               value_of(planning.commands_unanswered));
}

void add_sessions(family_list& list, const ports::session_counters& sessions) {
  list.counter("busbar_sessions_accepted_total", "Requests for a session accepted.",
               value_of(sessions.accepted));
  list.counter("busbar_sessions_denied_total", "Requests for a session denied.",
               value_of(sessions.denied));
  list.counter("busbar_sessions_completed_total", "Sessions completed.",
               value_of(sessions.completed));
  list.counter("busbar_session_energy_joules_total", "Energy of completed sessions.",
               value_of(sessions.energy_wh) * joules_per_wh);
  list.histogram("busbar_request_answer_seconds", "From a driver's asking to the answer.",
                 sessions.answer_time);
}

void add_supervision(family_list& list, const ports::supervision_counters& supervision) {
  list.counter("busbar_actor_restarts_total", "Actors restarted, for any reason.",
               value_of(supervision.restarts));
  list.counter("busbar_watchdog_restarts_total", "Actors restarted by a watchdog.",
               value_of(supervision.watchdog_restarts));
  list.counter("busbar_epochs_taken_total",
               "Newer epochs taken because stations obeyed another's orders.",
               value_of(supervision.epochs_taken));
  list.counter("busbar_escalations_total", "Restarts beyond a budget, given to the parent.",
               value_of(supervision.escalations));
  list.counter("busbar_breakers_opened_total", "Circuit breakers that opened.",
               value_of(supervision.breakers_opened));
  list.gauge("busbar_actors", "Actors running.", value_of(supervision.actors_running));
  list.gauge("busbar_mailbox_depth_max", "Messages waiting in the fullest mailbox.",
             value_of(supervision.mailbox_depth_max));
  list.gauge("busbar_mailbox_depth", "Messages waiting in all mailboxes.",
             value_of(supervision.mailbox_depth_total));
}

void add_publishing(family_list& list, const ports::publishing_counters& publishing) {
  list.counter("busbar_records_published_total", "Records handed to the log.",
               value_of(publishing.records));
  list.counter("busbar_published_bytes_total", "Bytes handed to the log.",
               value_of(publishing.bytes));
  add_refusals(list, "busbar_publish_refused_total", "Records that the log refused, by reason.",
               publishing.refused);
  list.counter("busbar_journal_entries_total", "Events and facts that passed through the journal.",
               value_of(publishing.journal_entries));
  list.counter("busbar_profiles_lost_total",
               "Stations whose charging profiles could not be read back from the changelog.",
               value_of(publishing.profiles_lost));
}

} // namespace

void add_engine_families(family_list& list, const ports::engine_counters& counters) {
  add_ingest(list, counters.ingest);
  add_planning(list, counters.planning);
  add_sessions(list, counters.sessions);
  add_supervision(list, counters.supervision);
  add_publishing(list, counters.publishing);
}

} // namespace busbar::adapters::metrics
