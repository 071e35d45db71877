#include "engine/navigation.h"

#include <gtest/gtest.h>

namespace shoal::engine {
namespace {

TEST(Navigation, AnAxisThatShowsAllHasNoViewOfItsOwn) {
  const plot::Domain all = plot::float_domain(0, 100);
  const AxisView close = zoom_axis(all, 0.5, 0.5, all);
  ASSERT_TRUE(close);
  EXPECT_NEAR(close->float_low, 25, 1e-9);
  EXPECT_NEAR(close->float_high, 75, 1e-9);
  EXPECT_FALSE(zoom_axis(*close, 0.5, 4, all));
}

TEST(Navigation, ADragOfStepsBelowABandMovesWholeBands) {
  const plot::Domain all = plot::integer_domain(0, 99), from = plot::integer_domain(40, 49);
  AxisView view = from;
  AxisDrag drag;
  for (int i = 0; i < 30; ++i) view = drag.move(view, 0.01, all);  // 0.1 bands each
  ASSERT_TRUE(view);
  EXPECT_EQ(static_cast<i64>(view->low), 43);
  EXPECT_EQ(static_cast<i64>(view->high), 53);
  drag.end();
  view = drag.move(view, 0.06, all);
  EXPECT_EQ(static_cast<i64>(view->low), 44) << "a new drag begins where the last one ended, rounded";
}

TEST(Navigation, TheWayBackFromAnEndBeginsAtOnce) {
  const plot::Domain all = plot::integer_domain(0, 99);
  AxisView view = plot::integer_domain(80, 89);
  AxisDrag drag;
  view = drag.move(view, 20, all);
  EXPECT_EQ(static_cast<i64>(view->high), 100);
  view = drag.move(view, -0.2, all);
  EXPECT_EQ(static_cast<i64>(view->high), 98);
}

TEST(Navigation, AnAxisThatShowsAllDoesNotMove) {
  AxisDrag drag;
  EXPECT_FALSE(drag.move(std::nullopt, 0.5, plot::integer_domain(0, 99)));
}

}  // namespace
}  // namespace shoal::engine
