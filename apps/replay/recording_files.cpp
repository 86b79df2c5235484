#include "apps/replay/recording_files.hpp"

#include "recording/block.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <tuple>
#include <utility>

namespace busbar::apps::replay {

namespace {

namespace fs = std::filesystem;

domain::result<std::vector<std::uint8_t>> bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return domain::error{domain::errc::unavailable, path + ": cannot be read"};
  return std::vector<std::uint8_t>(std::istreambuf_iterator<char>(in), {});
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

domain::result<recording::recording_head> head_of(const std::string& path) {
  const auto bytes = bytes_of(path);
  if (!bytes) return bytes.failure();
  recording::block_reader blocks{bytes.value()};
  if (!blocks.has_mark())
    return domain::error{domain::errc::wrong_identifier,
                         path + ": is no recording that this version reads"};
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

} // namespace

found_recordings find_recordings(const std::string& folder, const std::string& site) {
  found_recordings out;
  std::vector<recording_file> files;
  for (const auto& path : paths_below(folder)) {
    auto head = head_of(path);
    if (!head) out.faults.add(head.failure().message);
    else if (site.empty() || head.value().site.text() == site)
      files.push_back({path, std::move(head.value())});
  }
  std::ranges::sort(files, {}, [](const recording_file& file) {
    return std::tuple{file.head.site.text(), file.head.segment, file.head.part};
  });
  for (auto& file : files) {
    if (out.segments.empty() || !goes_on(out.segments.back(), file.head))
      out.segments.emplace_back();
    out.segments.back().files.push_back(std::move(file));
  }
  if (files.empty() && out.faults.empty())
    out.faults.add(folder + ": holds no recording" + (site.empty() ? "" : " of site " + site));
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
