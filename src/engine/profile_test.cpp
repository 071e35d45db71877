// A profile's numbers, and its timeline as others read it.
#include "engine/profile.h"

#include <gtest/gtest.h>

#include <map>
#include <tuple>

#include <nlohmann/json.hpp>

namespace shoal::engine {
namespace {

Profile example() {
  Profile profile;
  profile.adapter = "abacus \xff";
  profile.roofs = gpu::Roofs{.read_bytes_per_s = 4e9};
  profile.spans = {
      {"host", "open file", 1000, 2}, {"decoder 1", "column \xff, chunk 0", 1001.5, 3}, {"host", "read", 1002, 8}};
  // "encode" began as soon as it was submitted, so the GPU's clock is 950 ms behind; "measure" waited for 1 ms.
  profile.runs = {{"measure", 55, 1, 100, 1004}, {"encode", 57, 2, 200, 1007}};
  return profile;
}

TEST(Profile, HoldsBytesAgainstTheReadRoof) {
  const gpu::PassTime pass{.label = "measure", .ms = 2, .passes = 4, .bytes = 4'000'000};
  EXPECT_DOUBLE_EQ(bytes_per_s(pass), 2e9);
  EXPECT_DOUBLE_EQ(share_of_read_roof(example(), pass), 0.5);
  EXPECT_EQ(bytes_per_s({}), 0);
  EXPECT_EQ(share_of_read_roof({}, pass), 0);
}

TEST(Profile, NoPassBeginsBeforeItWasSubmitted) {
  EXPECT_DOUBLE_EQ(gpu_clock_shift_ms(example().runs), 950);
  EXPECT_EQ(gpu_clock_shift_ms({}), 0);
}

TEST(Profile, TheTimelineHasATrackForEachAndRealStarts) {
  const auto document = nlohmann::json::parse(chrome_trace(example()));
  std::map<int, std::string> tracks;
  std::map<std::string, std::tuple<std::string, double, double>> events;
  for (const auto& event : document["traceEvents"]) {
    if (event["name"] == "thread_name") tracks[event["tid"].get<int>()] = event["args"]["name"].get<std::string>();
    if (event["ph"] != "X") continue;
    events[event["name"].get<std::string>()] = {tracks[event["tid"].get<int>()], event["ts"].get<double>(),
                                                event["dur"].get<double>()};
  }
  using Event = std::tuple<std::string, double, double>;
  EXPECT_EQ(events.size(), 5u);
  EXPECT_EQ(events["open file"], Event("host", 0, 2000));
  EXPECT_EQ(events["column \xef\xbf\xbd, chunk 0"], Event("decoder 1", 1500, 3000));
  EXPECT_EQ(events["read"], Event("host", 2000, 8000));
  EXPECT_EQ(events["measure"], Event("GPU", 5000, 1000));
  EXPECT_EQ(events["encode"], Event("GPU", 7000, 2000));
}

TEST(Profile, AnEmptyTimelineIsOne) {
  const auto document = nlohmann::json::parse(chrome_trace({}));
  EXPECT_EQ(document["traceEvents"].size(), 1u);
}

}  // namespace
}  // namespace shoal::engine
