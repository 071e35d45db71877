// What is measured of an adapter is found again, and what is broken is not.
#include "gpu/native/calibration.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include <gtest/gtest.h>

namespace shoal::gpu {
namespace {

namespace fs = std::filesystem;

TEST(Calibration, MeasuresCallsAndFindsThemAgain) {
  const fs::path folder = fs::temp_directory_path() / ("shoal_calibration_" + std::to_string(getpid()));
  const std::string file = (folder / "calibration.json").string();
  Capabilities adapter;
  adapter.name = "an adapter";
  adapter.driver = "a driver";
  const auto measured = calibrate_call_costs("software", adapter, file);
  ASSERT_TRUE(measured) << measured.error().message();
  // Each of these does something. What the first write to a texture does beside other writes may drown in the
  // noise.
  const std::pair<const char*, CallCost> all[] = {{"compute_pass", measured->compute_pass},
                                                  {"render_pass", measured->render_pass},
                                                  {"submission", measured->submission},
                                                  {"compute_pipeline", measured->compute_pipeline},
                                                  {"bind_group", measured->bind_group},
                                                  {"texture_view", measured->texture_view},
                                                  {"sampler", measured->sampler},
                                                  {"draw", measured->draw},
                                                  {"storage_draw", measured->storage_draw},
                                                  {"instance", measured->instance},
                                                  {"state", measured->state},
                                                  {"first_write", measured->first_write},
                                                  {"write", measured->write.back().cost},
                                                  {"mapped_at_creation", measured->mapped_at_creation.back().cost},
                                                  {"staged", measured->staged.back().cost}};
  for (const auto& [name, cost] : all) EXPECT_GT(cost.whole_us, 0) << name;
  EXPECT_GT(measured->map_us, 0);
  EXPECT_GT(measured->depth_ns_per_byte, 0);
  EXPECT_GT(measured->samples_ns_per_byte, 0);
  EXPECT_GT(measured->zeroing_ns_per_byte, 0);
  EXPECT_GT(measured->depth_test_ns_per_byte, 0);
  // What an adapter does beside each draw whose fragments are shown a storage buffer is no less than beside others.
  EXPECT_GT(measured->storage_draw.whole_us, measured->instance.whole_us);
  // Moving megabytes costs more than moving some bytes.
  EXPECT_GT(measured->copy.back().cost.whole_us, measured->copy.front().cost.whole_us);
  EXPECT_GT(measured->write.back().cost.whole_us, measured->write.front().cost.whole_us);

  const auto known = known_call_costs("an adapter", "a driver", file);
  ASSERT_TRUE(known);
  EXPECT_DOUBLE_EQ(known->submission.whole_us, measured->submission.whole_us);
  ASSERT_EQ(known->staged.size(), measured->staged.size());
  EXPECT_DOUBLE_EQ(known->staged[1].cost.call_us, measured->staged[1].cost.call_us);
  EXPECT_FALSE(known_call_costs("an adapter", "another driver", file));
  EXPECT_FALSE(known_roofs("an adapter", "a driver", file));  // nobody measured them

  std::ifstream in(file);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  text.replace(text.find("\"barrier\""), 9, "\"another\"");
  std::ofstream(file) << text;
  EXPECT_FALSE(known_call_costs("an adapter", "a driver", file));
  std::ofstream(file) << text.substr(0, text.size() / 2);
  EXPECT_FALSE(known_call_costs("an adapter", "a driver", file));
  fs::remove_all(folder);
}

}  // namespace
}  // namespace shoal::gpu
