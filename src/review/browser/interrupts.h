// Ctrl-C, and a polite request to end, while a browser runs: what was recorded until then is kept.
#pragma once

#include <array>
#include <csignal>

namespace shoal::review {

// Signals are noticed and do nothing else as long as one of these lives; one at a time.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  // Whether one came since then.
  static bool came();

 private:
  std::array<void (*)(int), 3> before_{};
};

}  // namespace shoal::review
