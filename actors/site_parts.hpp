#pragma once
// The parts of a site's model that actors own and pass messages to, by their short names.

#include "site/bay_report.hpp"
#include "site/connector_table.hpp"
#include "site/conversation.hpp"
#include "site/held_commands.hpp"
#include "site/plan_orders.hpp"
#include "site/profile_settings.hpp"
#include "site/session_facts.hpp"
#include "site/site_desk.hpp"
#include "site/site_layout.hpp"
#include "site/station_work.hpp"
#include "site/table_settings.hpp"

namespace busbar::actors {

using site::bay_index;
using site::bay_report;
using site::branch_index;
using site::branch_name;
using site::clock_news;
using site::connector_notes;
using site::connector_table;
using site::conversation;
using site::conversation_terms;
using site::denied;
using site::direct_order;
using site::drop_superseded;
using site::keep_what_counts;
using site::lay_out;
using site::node_sum;
using site::notebook;
using site::notice_kind;
using site::plan_order;
using site::plan_orders;
using site::profile_errand;
using site::profile_settings_of;
using site::session_change;
using site::session_notes;
using site::session_pointer;
using site::site_desk;
using site::site_layout;
using site::station_effects;
using site::station_facts;
using site::station_notice;
using site::station_notices;
using site::station_order;
using site::station_orders;
using site::station_outcome;
using site::station_request;
using site::table_settings;

} // namespace busbar::actors
