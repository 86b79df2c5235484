#include "apps/replay/recording_files.hpp"

#include "recording/block.hpp"
#include "text/suggestion.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <tuple>
#include <utility>

namespace busbar::apps::replay {

namespace {

namespace fs = std::filesystem;

domain::result<std::vector<std::uint8_t>> bytes_of(const std::string& path) {
  std::error_code failed;
  // Of a regular file alone: it is opened afterwards, because the far end of a pipe may never come.
  const auto size = fs::file_size(path, failed);
  std::ifstream in;
  if (!failed) in.open(path, std::ios::binary);
  if (failed || !in) return domain::error{domain::errc::unavailable, path + ": cannot be read"};
  std::vector<std::uint8_t> bytes(size);
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
  // Shorter where it was cut meanwhile.
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  return bytes;
}

std::vector<std::string> paths_below(const std::string& folder) {
  std::error_code failed;
  if (fs::is_regular_file(folder, failed)) return {folder};
  std::vector<std::string> paths;
  for (fs::recursive_directory_iterator at(folder, failed), end; !failed && at != end;
       at.increment(failed))
    if (at->path().extension() == ".rec") paths.push_back(at->path().string());
  std::ranges::sort(paths);
  return paths;
}

/// What a file is whose first bytes are not those of this version.
domain::error not_read(const std::string& path, const std::vector<std::uint8_t>& bytes) {
  constexpr std::string_view format = "busbar.recording.";
  // The first line of a recording of any version is shorter.
  const std::string begin(bytes.begin(), bytes.begin() + std::min<std::ptrdiff_t>(
                                                             std::ssize(bytes), 64));
  const auto end = begin.find('\n');
  if (!begin.starts_with(format) || end == std::string::npos)
    return {domain::errc::wrong_identifier, path + ": is no recording of busbar"};
  const std::string_view own{recording::file_mark};
  const auto version = [&](std::string_view mark) {
    return std::string{mark.substr(format.size(), mark.find('\n') - format.size())};
  };
  return {domain::errc::wrong_identifier, path + ": is a recording of format " + version(begin) +
                                              "; this version of busbar reads format " +
                                              version(own)};
}

domain::result<recording::recording_head> head_of(const std::string& path) {
  const auto bytes = bytes_of(path);
  if (!bytes) return bytes.failure();
  recording::block_reader blocks{bytes.value()};
  if (!blocks.has_mark()) return not_read(path, bytes.value());
  const auto first = blocks.next();
  if (!first) return domain::error{domain::errc::malformed, path + ": ends before its head"};
  auto head = recording::decode_head(*first);
  if (!head)
    return domain::error{head.failure().code, path + ": " + head.failure().message};
  return head;
}

bool goes_on(const recording_segment& segment, const recording::recording_head& next) {
  const auto& last = segment.files.back().head;
  return last.site == next.site && last.segment == next.segment && last.part + 1 == next.part;
}

std::string sites_text(const std::vector<std::string>& sites) {
  std::string text;
  for (const auto& site : sites) text += (text.empty() ? "" : ", ") + site;
  return text;
}

/// The files below `folder`; what cannot be read goes to the faults, a head that was not written
/// whole to the notes.
std::vector<recording_file> files_below(const std::string& folder, found_recordings& out) {
  std::vector<recording_file> files;
  for (const auto& path : paths_below(folder)) {
    auto head = head_of(path);
    if (head) files.push_back({path, std::move(head.value())});
    else if (head.failure().code == domain::errc::malformed && path != folder)
      out.notes.push_back(head.failure().message + " and is left out");
    else out.faults.add(head.failure().message);
  }
  std::ranges::sort(files, {}, [](const recording_file& file) {
    return std::tuple{file.head.site.text(), file.head.segment, file.head.part};
  });
  return files;
}

} // namespace

found_recordings find_recordings(const std::string& folder, const std::string& site) {
  found_recordings out;
  std::error_code failed;
  if (!fs::exists(folder, failed)) {
    out.faults.add(folder + ": there is no such file or folder");
    return out;
  }
  std::vector<std::string> sites;
  for (auto& file : files_below(folder, out)) {
    const auto& name = file.head.site.text();
    if (sites.empty() || sites.back() != name) sites.push_back(name);
    if (!site.empty() && name != site) continue;
    if (out.segments.empty() || !goes_on(out.segments.back(), file.head))
      out.segments.emplace_back();
    out.segments.back().files.push_back(std::move(file));
  }
  if (!out.segments.empty() || !out.faults.empty()) return out;
  if (sites.empty()) out.faults.add(folder + ": holds no recording (files *.rec)");
  else
    out.faults.add("--site: " + site + ": is not recorded here" +
                   text::did_you_mean(site, sites) + "; recorded: " + sites_text(sites));
  return out;
}

domain::result<std::string>
read_blocks(const std::string& path, const std::function<bool(std::vector<std::uint8_t>)>& take) {
  const auto bytes = bytes_of(path);
  if (!bytes) return bytes.failure();
  recording::block_reader blocks{bytes.value()};
  static_cast<void>(blocks.next());
  while (auto block = blocks.next())
    if (!take(std::move(*block)))
      return domain::error{domain::errc::malformed,
                           path + ": a block does not fit the site that its head describes"};
  if (blocks.torn() == 0) return std::string{};
  return path + ": its last " + std::to_string(blocks.torn()) +
         " bytes were not written whole and are left out";
}

} // namespace busbar::apps::replay
