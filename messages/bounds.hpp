#pragma once
// The bounds of every message, as the schemas state them (messages/schema/*.fbs).

#include <cstddef>
#include <cstdint>

namespace busbar::messages::bounds {

inline constexpr std::size_t id_bytes_max = 64;
inline constexpr std::size_t subject_bytes_max = 128;
/// Texts for people. Encoders cut them here, at a character's end.
inline constexpr std::size_t text_bytes_max = 1'024;
inline constexpr std::size_t topic_bytes_max = 249;
/// A host name, a colon and a port.
inline constexpr std::size_t address_bytes_max = 260;
/// Entries of any vector in a batch; a larger site is sent as several records.
inline constexpr std::size_t batch_entries_max = 16'384;
/// Connectors of one site state: its record may have 4 MiB.
inline constexpr std::size_t told_entries_max = 131'072;
inline constexpr std::size_t planner_memory_bytes_max = 2'097'152;
/// Nodes of a site file.
inline constexpr std::size_t nodes_max = 4'096;
inline constexpr std::size_t profile_memory_bytes_max = 65'536;
inline constexpr std::size_t dead_letter_bytes_max = 65'536;
inline constexpr std::size_t record_key_bytes_max = 1'024;

/// 9999-12-31T23:59:59.999999Z.
inline constexpr std::int64_t time_us_max = 253'402'300'799'999'999;
inline constexpr std::int64_t connector_ma_max = 2'000'000;
inline constexpr std::int64_t connector_w_max = 2'000'000;
inline constexpr std::int64_t connector_mv_max = 2'000'000;
inline constexpr std::int64_t node_ma_max = 20'000'000;
inline constexpr std::int64_t node_w_max = 1'000'000'000;
inline constexpr std::int64_t node_mv_max = 100'000'000;
inline constexpr std::int64_t frequency_mhz_min = 40'000;
inline constexpr std::int64_t frequency_mhz_max = 70'000;
inline constexpr std::int64_t temperature_mc_min = -60'000;
inline constexpr std::int64_t temperature_mc_max = 250'000;
inline constexpr std::int64_t register_wh_max = 1'000'000'000'000'000;
inline constexpr std::int64_t session_wh_max = 1'000'000'000;
inline constexpr std::int64_t wanted_wh_max = 10'000'000;
inline constexpr std::int64_t cost_micro_max = 1'000'000'000'000'000;
/// Sums over a site; a line that nothing limits carries this value.
inline constexpr std::int64_t site_ma_max = 1'000'000'000'000;
inline constexpr std::int64_t lease_s_max = 86'400;
/// Periods of one charging profile; stations allow fewer (ChargingScheduleMaxPeriods).
inline constexpr std::size_t profile_periods_max = 1'024;
/// Years 0000 to 9999, the dateTimes of a charging profile.
inline constexpr std::int64_t profile_time_s_min = -62'167'219'200;
inline constexpr std::int64_t profile_time_s_max = 253'402'300'800;

} // namespace busbar::messages::bounds
