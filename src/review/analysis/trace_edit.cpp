#include "review/analysis/trace_edit.h"
#include "gpu/decode.gen.h"

#include <deque>
#include <type_traits>

#include "review/analysis/object_ids.h"

namespace shoal::review {
namespace {

using namespace gpu;

// Puts other ids into a command. Lists of ids need memory of their own, which `lists` keeps.
class Renamer {
 public:
  explicit Renamer(const std::unordered_map<u32, u32>& renamed) : renamed_(renamed) {}

  template <class Item>
  bool rename(Item& item) {
    bool is_changed = false;
    Item::visit(item, [&](auto&... fields) {
      [[maybe_unused]] size_t i = 0;
      ((is_changed = this->rename_field(fields, Item::kTypes[i++]) || is_changed), ...);
    });
    return is_changed;
  }

 private:
  u32 other(u32 id) const {
    const auto found = renamed_.find(id);
    return found == renamed_.end() ? id : found->second;
  }

  template <class T>
  bool rename_field(T& field, std::string_view type) {
    if constexpr (std::is_same_v<T, u32>) {
      if (!is_object_id(type) || other(field) == field) return false;
      field = other(field);
      return true;
    } else if constexpr (std::is_same_v<T, std::span<const u32>>) {
      if (!type.starts_with("list id ")) return false;
      bool is_changed = false;
      std::vector<u32>& list = lists_.emplace_back(field.begin(), field.end());
      for (u32& id : list) {
        is_changed = is_changed || other(id) != id;
        id = other(id);
      }
      field = list;
      return is_changed;
    } else if constexpr (requires { T::kFields; }) {
      return rename(field);
    } else if constexpr (requires { field.begin()->kFields; }) {
      bool is_changed = false;
      for (auto& inner : field) is_changed = rename(inner) || is_changed;
      return is_changed;
    } else {
      return false;
    }
  }

  const std::unordered_map<u32, u32>& renamed_;
  std::deque<std::vector<u32>> lists_;
};

}  // namespace

EditedTrace apply(const TraceModel& model, const TraceEdit& edit) {
  EditedTrace edited{.trace = model.trace(), .words = {}};
  edited.words.reserve(edited.trace.records.size());  // spans point into them
  u32 step = 0;
  for (TraceRecord& record : edited.trace.records) {
    if (record.kind != TraceKind::kStream) continue;
    std::vector<u32> words;
    words.reserve(record.words.size());
    bool is_changed = false;
    size_t word = 0, call_begin = 0, call_end = 0;  // the call that belongs to the command at hand
    const auto copy = [&](size_t from, size_t to) {
      words.insert(words.end(), record.words.begin() + static_cast<std::ptrdiff_t>(from),
                   record.words.begin() + static_cast<std::ptrdiff_t>(to));
    };
    (void)decode_commands(record.words, [&]<class Command>(const Command& command) {
      const size_t head = word;
      word += record.words[head] >> 8;
      if constexpr (std::is_same_v<Command, Call>) {
        call_begin = head;
        call_end = word;
        return;
      }
      const auto other = edit.replaced.find(step++);
      if (other != edit.replaced.end()) {
        is_changed = true;
        if (!other->second.empty()) copy(call_begin, call_end);
        words.insert(words.end(), other->second.begin(), other->second.end());
      } else {
        copy(call_begin, call_end);
        bool is_renamed = false;
        if (!edit.renamed.empty()) {
          Command renamed = command;
          Renamer renamer(edit.renamed);
          if (renamer.rename(renamed)) {
            is_renamed = is_changed = true;
            WireWriter(words).write(renamed);
          }
        }
        if (!is_renamed) copy(head, word);
      }
      call_begin = call_end = 0;
    });
    if (!is_changed) continue;
    record.words = edited.words.emplace_back(std::move(words));
  }
  return edited;
}

}  // namespace shoal::review
