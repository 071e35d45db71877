// What the C++ library needs of a system, without one. Without these it would import fd_write and its kin from
// WASI, only to print the message of an abort that nobody reads. Not part of link-time optimisation: the optimiser
// calls these by name after it has decided what is used.
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
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

[[noreturn]] void __cxa_pure_virtual() { shoal::web_api::panic("A pure virtual function was called."); }
}

namespace std {
inline namespace __1 {
[[noreturn]] void __libcpp_verbose_abort(const char* format, ...) noexcept {
  char message[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, sizeof message, format, arguments);
  va_end(arguments);
  shoal::web_api::panic(message);
}
}  // namespace __1
}  // namespace std

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
