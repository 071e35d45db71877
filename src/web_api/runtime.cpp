// What the C++ library needs of a system, without one. Without these it would import fd_write and its kin from
// WASI, only to print the message of an abort that nobody reads. Not part of link-time optimisation: the optimiser
// calls these by name after it has decided what is used.
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <new>

#include "web_api/panic.h"

// wasi-libc's stdio ends here. Nothing is ever open.
extern "C" {
int __imported_wasi_snapshot_preview1_fd_write(int, int, int, int) { return 8; /* EBADF */ }
int __imported_wasi_snapshot_preview1_fd_close(int) { return 8; }
int __imported_wasi_snapshot_preview1_fd_seek(int, long long, int, int) { return 8; }
int __imported_wasi_snapshot_preview1_fd_fdstat_get(int, int) { return 8; }
[[noreturn]] void __imported_wasi_snapshot_preview1_proc_exit(int) { __builtin_trap(); }

void abort() { shoal::web_api::panic("The core aborted."); }
// Debian's compiler-rt (128-bit division) was built with a stack protector.
extern const unsigned __stack_chk_guard;
const unsigned __stack_chk_guard = 0x5a0e15ca;
[[noreturn]] void __stack_chk_fail() { shoal::web_api::panic("The stack was overwritten."); }

// nlohmann-json writes \u escapes with it, and nothing else calls it: hexadecimal with a width is all it can. The
// whole of printf is 4 KB gzipped.
int snprintf(char* out, size_t size, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  size_t used = 0;
  const auto put = [&](char c) {
    if (used + 1 < size) out[used] = c;
    ++used;
  };
  for (; *format != '\0'; ++format) {
    if (*format != '%') {
      put(*format);
      continue;
    }
    // "%04x" or "%.4X"
    const int digits = format[2] - '0';
    const bool is_upper = format[3] == 'X';
    if ((format[1] != '0' && format[1] != '.') || (format[3] != 'x' && !is_upper)) {
      shoal::web_api::panic("snprintf was called for more than hexadecimal digits.");
    }
    const unsigned value = va_arg(arguments, unsigned);
    for (int digit = digits - 1; digit >= 0; --digit) {
      const unsigned four = (value >> (4 * digit)) & 15u;
      put((is_upper ? "0123456789ABCDEF" : "0123456789abcdef")[four]);
    }
    format += 3;
  }
  va_end(arguments);
  if (size > 0) out[used < size ? used : size - 1] = '\0';
  return static_cast<int>(used);
}

// What libc++abi and fmt say before they abort.
int fprintf(FILE*, const char* format, ...) { shoal::web_api::panic(format); }
[[noreturn]] void abort_message(const char* format, ...) { shoal::web_api::panic(format); }
[[noreturn]] void __cxa_pure_virtual() { shoal::web_api::panic("A pure virtual function was called."); }
}

_LIBCPP_BEGIN_NAMESPACE_STD
// The format alone says which check of the library failed; filling it in would bring all of printf.
[[noreturn]] void __libcpp_verbose_abort(const char* format, ...) { shoal::web_api::panic(format); }
_LIBCPP_END_NAMESPACE_STD

void* operator new(size_t size) {
  if (void* memory = malloc(size == 0 ? 1 : size)) return memory;
  shoal::web_api::panic("The page's memory is full.");
}
void* operator new[](size_t size) { return operator new(size); }
void* operator new(size_t size, const std::nothrow_t&) noexcept { return malloc(size == 0 ? 1 : size); }
void* operator new[](size_t size, const std::nothrow_t&) noexcept { return malloc(size == 0 ? 1 : size); }
void* operator new(size_t size, std::align_val_t alignment) {
  if (void* memory = aligned_alloc(static_cast<size_t>(alignment), size)) return memory;
  shoal::web_api::panic("The page's memory is full.");
}
void operator delete(void* memory) noexcept { free(memory); }
void operator delete[](void* memory) noexcept { free(memory); }
void operator delete(void* memory, size_t) noexcept { free(memory); }
void operator delete[](void* memory, size_t) noexcept { free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { free(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { free(memory); }
