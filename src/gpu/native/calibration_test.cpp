// What is measured of an adapter is found again, and what is broken is not.
#include "gpu/native/calibration.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

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
  // Each of these does something.
  for (const CallCost& cost :
       {measured->compute_pass, measured->render_pass, measured->submission, measured->compute_pipeline,
        measured->bind_group, measured->draw, measured->state, measured->write.back().cost,
        measured->mapped_at_creation.back().cost, measured->staged.back().cost}) {
    EXPECT_GT(cost.whole_us, 0);
  }
  EXPECT_GT(measured->map_us, 0);
  EXPECT_GT(measured->depth_ns_per_byte, 0);
  EXPECT_GT(measured->samples_ns_per_byte, 0);
  EXPECT_GT(measured->zeroing_ns_per_byte, 0);
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
