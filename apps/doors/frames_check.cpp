#include "apps/doors/frames_check.hpp"

#include "ocpp/v16/message_check.hpp"
#include "ocpp/wire/frame_reader.hpp"
#include "text/json_writer.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

namespace busbar::apps::doors {
namespace {

namespace v16 = ocpp::v16;
namespace wire = ocpp::wire;
using text::json_writer;

class frames_checker {
public:
  explicit frames_checker(v16::tolerance_set tolerances) : tolerances_(tolerances) {
    json_.begin_object().key("frames").begin_array();
  }

  void line(std::size_t number, std::string_view text) {
    json_.begin_object().member("line", number);
    const auto read = reader_.read(text);
    if (const auto* fault = std::get_if<wire::frame_fault>(&read)) no_frame(*fault);
    else frame(std::get<wire::frame>(read));
    json_.end_object();
  }

  frames_verdict finish() {
    json_.end_array().member("accepted", accepted_).member("refused", refused_);
    json_.member("ignored", ignored_).end_object();
    return {json_.take(), refused_};
  }

private:
  void no_frame(const wire::frame_fault& fault) {
    if (!fault.message_id.empty()) json_.member("id", fault.message_id);
    refuse({{fault.code, "", fault.description}});
  }

  void frame(const wire::frame& read) {
    if (read.kind == wire::frame_kind::unknown) {
      ++ignored_;
      json_.member("verdict", "ignored");
      return;
    }
    json_.member("id", read.message_id);
    switch (read.kind) {
    case wire::frame_kind::call: return call(read);
    case wire::frame_kind::result: return result(read);
    default: return error(read);
    }
  }

  void call(const wire::frame& read) {
    json_.member("type", "call").member("action", read.action);
    const auto which = v16::action_from(read.action);
    if (which) {
      called_.insert_or_assign(std::string(read.message_id), *which);
      return verdict_of(v16::check(*which, v16::direction::request, read.payload, tolerances_));
    }
    refuse({{wire::error_code::not_implemented, "", "no action of OCPP 1.6"}});
  }

  void result(const wire::frame& read) {
    json_.member("type", "result");
    const auto which = called(read);
    if (!which) return accept();
    json_.member("action", v16::name_of(*which));
    verdict_of(v16::check(*which, v16::direction::response, read.payload, tolerances_));
  }

  void error(const wire::frame& read) {
    json_.member("type", "error");
    if (const auto which = called(read)) json_.member("action", v16::name_of(*which));
    json_.member("means", v16::name_of(wire::error_code_from(read.error_code)));
    accept();
  }

  std::optional<v16::action> called(const wire::frame& read) {
    const auto found = called_.find(std::string(read.message_id));
    return found == called_.end() ? std::nullopt : std::optional{found->second};
  }

  void accept() {
    ++accepted_;
    json_.member("verdict", "accepted");
  }

  void verdict_of(const v16::verdict& found) {
    if (found.is_accepted()) accept();
    else refuse(found.faults);
    if (found.used.empty()) return;
    json_.key("taken").begin_array();
    for (const auto& each : v16::all_tolerances())
      if (found.used.has(each.is)) json_.value(each.name);
    json_.end_array();
  }

  void refuse(const std::vector<v16::call_error>& faults) {
    ++refused_;
    json_.member("verdict", "refused").key("faults").begin_array();
    for (const auto& fault : faults) write_fault(fault);
    json_.end_array();
  }

  void write_fault(const v16::call_error& fault) {
    json_.begin_object().member("error", v16::name_of(fault.code));
    json_.member("pointer", fault.pointer).member("description", fault.detail).end_object();
  }

  v16::tolerance_set tolerances_;
  wire::frame_reader reader_;
  std::map<std::string, v16::action> called_;
  json_writer json_;
  std::size_t accepted_ = 0;
  std::size_t refused_ = 0;
  std::size_t ignored_ = 0;
};

} // namespace

frames_verdict check_frames(std::string_view text, v16::tolerance_set tolerances) {
  frames_checker checker(tolerances);
  std::size_t number = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    auto line = text.substr(0, end);
    ++number;
    if (line.find_first_not_of(" \t\r") != line.npos) checker.line(number, line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return checker.finish();
}

} // namespace busbar::apps::doors
