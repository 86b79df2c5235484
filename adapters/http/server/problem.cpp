#include "adapters/http/server/problem.hpp"

#include "domain/fault_list.hpp"
#include "text/json_writer.hpp"

#include <algorithm>
#include <array>

namespace busbar::adapters::http::server {

namespace {

struct known_status {
  unsigned status;
  const char* phrase;
  const char* code;
};

constexpr std::array known_statuses{
    known_status{200, "OK", ""},
    known_status{202, "Accepted", ""},
    known_status{204, "No Content", ""},
    known_status{304, "Not Modified", ""},
    known_status{400, "Bad Request", "malformed"},
    known_status{401, "Unauthorized", "unauthenticated"},
    known_status{403, "Forbidden", "forbidden"},
    known_status{404, "Not Found", "unknown_reference"},
    known_status{405, "Method Not Allowed", "method_not_allowed"},
    known_status{408, "Request Timeout", "timeout"},
    known_status{409, "Conflict", "conflict"},
    known_status{413, "Content Too Large", "body_too_large"},
    known_status{414, "URI Too Long", "target_too_long"},
    known_status{415, "Unsupported Media Type", "unsupported_media_type"},
    known_status{421, "Misdirected Request", "elsewhere"},
    known_status{422, "Unprocessable Content", "out_of_range"},
    known_status{429, "Too Many Requests", "full"},
    known_status{431, "Request Header Fields Too Large", "head_too_large"},
    known_status{500, "Internal Server Error", "internal"},
    known_status{502, "Bad Gateway", "bad_answer"},
    known_status{503, "Service Unavailable", "unavailable"},
    known_status{504, "Gateway Timeout", "timeout"},
};

const known_status& find(unsigned status) {
  for (const known_status& known : known_statuses)
    if (known.status == status) return known;
  return find(500);
}

unsigned status_of(domain::errc code) {
  using domain::errc;
  switch (code) {
  case errc::forbidden: return 403;
  case errc::unknown_reference: return 404;
  case errc::unsafe:
  case errc::duplicate:
  case errc::stale:
  case errc::wrong_topology:
  case errc::conflict: return 409;
  case errc::too_large: return 413;
  case errc::full: return 429;
  case errc::unavailable: return 503;
  case errc::timeout: return 504;
  default: return 422;
  }
}

/// The first `listed` of `faults`.
void write_faults(text::json_writer& json, const std::vector<input_fault>& faults,
                  std::size_t listed) {
  json.key("errors").begin_array();
  for (std::size_t i = 0; i < listed; ++i) {
    json.begin_object().member("pointer", domain::shortened(faults[i].pointer, 200));
    json.member("detail", domain::shortened(faults[i].detail, 400)).end_object();
  }
  json.end_array();
  if (listed < faults.size()) json.member("errors_total", faults.size());
}

std::string problem_text(unsigned status, const char* code, const std::string& detail,
                         const std::string& path, const std::vector<input_fault>& faults,
                         std::size_t listed) {
  text::json_writer json;
  json.begin_object().member("type", std::string("urn:busbar:problem:") + code);
  json.member("title", find(status).phrase).member("status", status);
  json.member("detail", domain::shortened(detail, 4'000));
  json.member("instance", domain::shortened(path, 2'048)).member("code", code);
  if (!faults.empty()) write_faults(json, faults, listed);
  return json.end_object().take();
}

response make_problem(unsigned status, const char* code, const std::string& detail,
                      const std::string& path, const std::vector<input_fault>& faults) {
  auto listed = std::min(faults.size(), listed_faults_max);
  auto text = problem_text(status, code, detail, path, faults, listed);
  // A byte may become six in JSON.
  for (; text.size() > problem_bytes_max && listed > 0; listed /= 2)
    text = problem_text(status, code, detail, path, faults, listed / 2);
  response answer = json_response(std::move(text), status);
  answer.content_type = "application/problem+json";
  if (status == 429 || status == 503) answer.headers.push_back({"Retry-After", "1"});
  return answer;
}

} // namespace

const char* phrase_of(unsigned status) { return find(status).phrase; }

response problem(unsigned status, const std::string& detail, const std::string& path,
                 const std::vector<input_fault>& faults) {
  return make_problem(status, find(status).code, detail, path, faults);
}

response problem(const domain::error& failure, const std::string& path) {
  return make_problem(status_of(failure.code), domain::name_of(failure.code), failure.message, path,
                      {});
}

} // namespace busbar::adapters::http::server
