// The colours of guides on a light and on a dark page. Text keeps a contrast of at least 4.5 with the background.
#pragma once

#include "plot/color.h"

namespace shoal::plot {

struct Theme {
  bool is_dark = false;
  Rgba background, plot_background, grid, axis, text, muted_text;
};

constexpr Theme kLightTheme = {.is_dark = false,
                               .background = rgb(0xffffff),
                               .plot_background = rgb(0xffffff),
                               .grid = rgb(0xe9ebee),
                               .axis = rgb(0x8b929c),
                               .text = rgb(0x1f2328),
                               .muted_text = rgb(0x59626e)};
constexpr Theme kDarkTheme = {.is_dark = true,
                              .background = rgb(0x0f1216),
                              .plot_background = rgb(0x0f1216),
                              .grid = rgb(0x22272e),
                              .axis = rgb(0x6b7480),
                              .text = rgb(0xe8ebef),
                              .muted_text = rgb(0xa0a8b3)};

}  // namespace shoal::plot
