#include "review/record/python_stack.h"

#include <dlfcn.h>

#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace shoal::review {
namespace {

constexpr size_t kMostFrames = 32;

// Of CPython 3.9 and later, found in the process: nothing of Python is needed to build or load the recorder.
struct PythonApi {
  int (*is_initialized)() = nullptr;
  void* (*this_thread_state)() = nullptr;
  int (*ensure)() = nullptr;
  void (*release)(int) = nullptr;
  void* (*current_frame)() = nullptr;
  void* (*back_of)(void*) = nullptr;
  void* (*code_of)(void*) = nullptr;
  int (*line_of)(void*) = nullptr;
  void* (*attribute)(void*, const char*) = nullptr;
  const char* (*utf8)(void*) = nullptr;
  void (*give_up)(void*) = nullptr;
  void (*clear_error)() = nullptr;
  bool is_there = false;

  PythonApi() {
    const auto find = [](auto& function, const char* name) {
      function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(RTLD_DEFAULT, name));
      return function != nullptr;
    };
    is_there = find(is_initialized, "Py_IsInitialized") &&
               find(this_thread_state, "PyGILState_GetThisThreadState") && find(ensure, "PyGILState_Ensure") &&
               find(release, "PyGILState_Release") && find(current_frame, "PyEval_GetFrame") &&
               find(back_of, "PyFrame_GetBack") && find(code_of, "PyFrame_GetCode") &&
               find(line_of, "PyFrame_GetLineNumber") && find(attribute, "PyObject_GetAttrString") &&
               find(utf8, "PyUnicode_AsUTF8") && find(give_up, "Py_DecRef") && find(clear_error, "PyErr_Clear");
  }
};

std::string text_attribute(const PythonApi& python, void* object, const char* name) {
  void* value = python.attribute(object, name);
  const char* text = value == nullptr ? nullptr : python.utf8(value);
  std::string copy = text == nullptr ? "" : text;
  if (text == nullptr) python.clear_error();
  if (value != nullptr) python.give_up(value);
  return copy;
}

// Takes the reference to `code` over.
const PythonCode* known_code(const PythonApi& python, void* code) {
  // Beside the interpreter's own lock, which some builds have not. Never destroyed, as the recording.
  static auto* const mutex = new std::mutex;
  static auto* const codes = new std::unordered_map<void*, std::unique_ptr<PythonCode>>;
  const std::lock_guard lock(*mutex);
  if (const auto found = codes->find(code); found != codes->end()) {
    python.give_up(code);
    return found->second.get();
  }
  return codes
      ->emplace(code, std::make_unique<PythonCode>(PythonCode{text_attribute(python, code, "co_name"),
                                                              text_attribute(python, code, "co_filename")}))
      .first->second.get();
}

}  // namespace

std::span<const PythonFrame> python_stack() {
  static const PythonApi python;
  if (!python.is_there || python.is_initialized() == 0 || python.this_thread_state() == nullptr) return {};
  // On the heap, never freed: a thread may call until its very end.
  thread_local std::vector<PythonFrame>* frames = nullptr;
  if (frames == nullptr) frames = new std::vector<PythonFrame>;
  frames->clear();
  const int state = python.ensure();
  void* frame = python.current_frame();  // borrowed
  for (bool is_ours = false; frame != nullptr; is_ours = true) {
    void* const code = python.code_of(frame);
    frames->push_back({known_code(python, code), python.line_of(frame)});
    void* const back = frames->size() < kMostFrames ? python.back_of(frame) : nullptr;
    if (is_ours) python.give_up(frame);
    frame = back;
  }
  python.release(state);
  return *frames;
}

}  // namespace shoal::review
