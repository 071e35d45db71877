#include "review/browser/interrupts.h"

namespace shoal::review {
namespace {

constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};

volatile std::sig_atomic_t g_came = 0;

}  // namespace

Interrupts::Interrupts() {
  g_came = 0;
  for (size_t i = 0; i < kSignals.size(); ++i) {
    before_[i] = std::signal(kSignals[i], [](int) { g_came = 1; });
    // What its parent had ignored (nohup) goes on being.
    if (before_[i] == SIG_IGN) std::signal(kSignals[i], SIG_IGN);
  }
}

Interrupts::~Interrupts() {
  for (size_t i = 0; i < kSignals.size(); ++i) std::signal(kSignals[i], before_[i]);
}

bool Interrupts::came() { return g_came != 0; }

}  // namespace shoal::review
