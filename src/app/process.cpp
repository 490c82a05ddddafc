#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <sys/resource.h>

#include "app/metrics.h"

namespace gridward::app {
namespace {

/// The fields of /proc/self/stat from the third on (proc(5)); the second, the name, may hold spaces.
std::vector<double> read_stat() {
  std::ifstream file("/proc/self/stat");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  std::vector<double> out;
  std::size_t at = text.rfind(')') + 2;
  for (std::size_t end = 0; at < text.size(); at = end + 1) {
    end = std::min(text.find(' ', at), text.size());
    out.push_back(std::strtod(text.substr(at, end - at).c_str(), nullptr));
  }
  return out;
}

/// One field by its number in proc(5).
double stat_field(std::size_t number) {
  const auto fields = read_stat();
  return number - 3 < fields.size() ? fields[number - 3] : 0;
}

double ticks_a_second() { return static_cast<double>(::sysconf(_SC_CLK_TCK)); }

/// When the machine began, in seconds since 1970.
double boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string word; file >> word;)
    if (word == "btime") {
      double at = 0;
      file >> at;
      return at;
    }
  return 0;
}

double open_descriptors() {
  std::error_code unreadable;
  const std::filesystem::directory_iterator all("/proc/self/fd", unreadable);
  return static_cast<double>(std::distance(begin(all), end(all)));
}

double most_descriptors() {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? static_cast<double>(limit.rlim_cur) : 0;
}

}  // namespace

void watch_process(Metrics& metrics) {
  metrics.watch("gridward_build_info", "This binary; always 1.", {{"version", GRIDWARD_VERSION}, {"compiler", __VERSION__}}, [] { return 1.0; });
  metrics.watch("process_cpu_seconds_total", "Processor time, of user and system.", {}, [] { return (stat_field(14) + stat_field(15)) / ticks_a_second(); }, Metrics::Kind::counter);
  metrics.watch("process_resident_memory_bytes", "Resident memory.", {}, [] { return stat_field(24) * static_cast<double>(::sysconf(_SC_PAGESIZE)); });
  metrics.watch("process_virtual_memory_bytes", "Virtual memory.", {}, [] { return stat_field(23); });
  metrics.watch("process_threads", "Threads.", {}, [] { return stat_field(20); });
  metrics.watch("process_start_time_seconds", "When it began, in seconds since 1970.", {}, [at = boot_time() + stat_field(22) / ticks_a_second()] { return at; });
  metrics.watch("process_open_fds", "Open descriptors.", {}, open_descriptors);
  metrics.watch("process_max_fds", "Most open descriptors.", {}, most_descriptors);
}

}  // namespace gridward::app
