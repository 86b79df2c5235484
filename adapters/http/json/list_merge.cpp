#include "adapters/http/json/list_merge.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace busbar::adapters::http::json {

namespace {

using value = nlohmann::ordered_json;

struct read_part {
  std::string node;
  value list;
};

/// An item, and the part that it is of.
struct found_item {
  std::string key;
  std::size_t part = 0;
  value item;
};

domain::error no_list(const std::string& node) {
  return {domain::errc::malformed, "engine node '" + node + "': its answer is no list"};
}

std::string text_in(const value& item, const char* name) {
  const auto found = item.find(name);
  return found != item.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

bool is_list(const value& list) {
  return list.is_object() && list.contains("items") && list["items"].is_array() &&
         list.contains("total") && list["total"].is_number_unsigned() &&
         std::ranges::all_of(list["items"], [](const value& item) { return item.is_object(); });
}

/// One list under construction.
class merging {
public:
  merging(const list_merge& how, std::vector<read_part> parts)
      : how_(how), parts_(std::move(parts)) {}

  value page(const std::vector<std::string>& incomplete) {
    take_items();
    if (how_.order == list_order::by_driver) keep_latest();
    else keep_owners();
    std::ranges::stable_sort(items_, {}, &found_item::key);
    std::ranges::move(last_, std::back_inserter(items_));
    value made = value::object();
    made["items"] = cut();
    join_members(made);
    const auto total = total_of_all();
    made["total"] = total;
    const auto end = how_.page.offset + how_.page.limit;
    made["next"] = end < total ? value(std::to_string(end)) : value(nullptr);
    if (!incomplete.empty()) made["incomplete"] = incomplete;
    return made;
  }

private:
  void take_items() {
    const char* key = how_.order == list_order::by_driver ? "driver" : "site";
    for (std::size_t part = 0; part < parts_.size(); ++part)
      for (auto& item : parts_[part].list["items"]) {
        const bool is_last =
            how_.order == list_order::open_by_site && text_in(item, "state") != "open";
        if (is_last && part > 0) continue;
        found_item found{text_in(item, key), part, std::move(item)};
        (is_last ? last_ : items_).push_back(std::move(found));
      }
  }

  /// Of each site the items of one part.
  void keep_owners() {
    std::map<std::string, std::set<std::size_t>> parts_of;
    for (const auto& each : items_)
      if (!each.key.empty()) parts_of[each.key].insert(each.part);
    std::map<std::string, std::size_t> shown;
    for (const auto& [site, parts] : parts_of) {
      if (parts.size() < 2) continue;
      const auto owner = how_.owner_of ? how_.owner_of(site) : std::string{};
      const auto own = std::ranges::find_if(
          parts, [&](std::size_t part) { return parts_[part].node == owner; });
      shown[site] = own == parts.end() ? *parts.begin() : *own;
    }
    drop([&](const found_item& each) {
      const auto found = shown.find(each.key);
      return found != shown.end() && found->second != each.part;
    });
  }

  void keep_latest() {
    std::map<std::string, std::pair<std::string, std::size_t>> latest;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      // RFC 3339 in UTC and of one length: later is greater.
      auto since = text_in(items_[i].item, "since");
      const auto [known, is_new] = latest.try_emplace(items_[i].key, std::pair{since, i});
      if (!is_new && since > known->second.first) known->second = {std::move(since), i};
    }
    drop([&](const found_item& each) {
      return latest.at(each.key).second != static_cast<std::size_t>(&each - items_.data());
    });
  }

  template <class IsDropped> void drop(IsDropped is_dropped) {
    std::vector<found_item> kept;
    for (auto& each : items_)
      if (is_dropped(each)) ++dropped_;
      else kept.push_back(std::move(each));
    items_ = std::move(kept);
  }

  value cut() {
    value shown = value::array();
    const auto end = std::min<std::uint64_t>(items_.size(), how_.page.offset + how_.page.limit);
    for (auto i = how_.page.offset; i < end; ++i) shown.push_back(std::move(items_[i].item));
    return shown;
  }

  void join_members(value& made) {
    for (const auto& part : parts_)
      for (const auto& [name, member] : part.list.items()) {
        if (name == "items" || name == "total" || name == "next" || name == "incomplete") continue;
        auto& own = made[name];
        if (own.is_null()) own = member;
        else if (own.is_array() && member.is_array())
          for (const auto& each : member) own.push_back(each);
      }
  }

  [[nodiscard]] std::uint64_t total_of_all() const {
    std::uint64_t total = 0;
    for (const auto& part : parts_) total += part.list["total"].get<std::uint64_t>();
    return total - std::min<std::uint64_t>(total, dropped_);
  }

  const list_merge& how_;
  std::vector<read_part> parts_;
  std::vector<found_item> items_;
  /// After all others, in their order.
  std::vector<found_item> last_;
  std::uint64_t dropped_ = 0;
};

} // namespace

domain::result<std::string> merge_lists(const list_merge& how, const std::vector<list_part>& parts,
                                        const std::vector<std::string>& incomplete) {
  std::vector<read_part> read;
  for (const auto& part : parts) {
    auto list = value::parse(part.text, nullptr, false);
    if (!is_list(list)) return no_list(part.node);
    read.push_back({part.node, std::move(list)});
  }
  return merging{how, std::move(read)}.page(incomplete).dump(
      -1, ' ', false, value::error_handler_t::replace);
}

} // namespace busbar::adapters::http::json
