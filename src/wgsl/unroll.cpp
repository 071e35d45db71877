#include "wgsl/unroll.h"

#include <algorithm>
#include <limits>
#include <set>

#include "base/text.h"
#include "wgsl/references.h"

namespace shoal::wgsl {
namespace {

constexpr i64 kMostTurns = 64;
constexpr size_t kMostBytes = 1'000'000;  // written out in one file, however loops are nested
constexpr i64 kMostU32 = std::numeric_limits<u32>::max();

class Unroller {
 public:
  Unroller(const Module& module, const std::vector<Edit>& edits, const FindConstant& find)
      : module_(module), find_(find), edits_(edits) {}

  Result<std::vector<Edit>> run() {
    // Loops inside others come later in the text, and are written out before them.
    for (u32 at = static_cast<u32>(module_.tokens.size()); at-- > 0;) {
      if (text(at) == "@" && text(at + 1) == "unroll") SHOAL_TRY(unroll(at));
    }
    return std::move(loops_);
  }

 private:
  struct Loop {
    std::string_view name;
    i64 begin = 0, end = 0, step = 1;
    u32 body = 0;  // the token of its brace
  };

  std::string_view text(u32 token) const {
    return token < module_.tokens.size() ? module_.text(token) : std::string_view();
  }
  Span span(u32 token) const {
    return module_.tokens[std::min(token, static_cast<u32>(module_.tokens.size()) - 1)].span;
  }

  bool is(u32 token, TokenKind kind) const {
    return token < module_.tokens.size() && module_.tokens[token].kind == kind;
  }

  Result<void> expect(u32& at, std::string_view token) const {
    if (text(at) == token) {
      ++at;
      return {};
    }
    return fail_at(*module_.source, span(at),
                   "'{}' is expected here: @unroll stands before for (var i = A; i < B; i++), or i += C, with "
                   "constants.",
                   token);
  }

  // Up to `end`, which is passed.
  Result<i64> constant(u32& at, std::string_view end) {
    const u32 begin = at;
    for (u32 depth = 0; at < module_.tokens.size() && (depth > 0 || text(at) != end); ++at) {
      if (text(at) == "(") ++depth;
      if (text(at) == ")") --depth;
      if (text(at) == ";" || text(at) == "{") break;
      if (!is_local(at)) continue;
      return fail_at(
          *module_.source, span(at),
          "'{}' is a name of the function here. The bounds of an unrolled loop are constants of modules.",
          text(at));
    }
    SHOAL_TRY_SET(const ConstantValue constant, evaluate_integer(module_, {begin, at}, find_));
    SHOAL_TRY(expect(at, end));
    const Span all{span(begin).begin, span(at - 2).end};
    if (constant.is_override) {
      return fail_at(
          *module_.source, all,
          "An override decides this bound, which nobody knows yet when loops are unrolled. Use a const.");
    }
    if (constant.value < 0 || constant.value > kMostU32) {
      return fail_at(*module_.source, all, "This is {}. The bounds of an unrolled loop are from 0 to {}.",
                     constant.value, kMostU32);
    }
    return constant.value;
  }

  // Declared inside the function that holds the token.
  bool is_local(u32 token) {
    if (!is(token, TokenKind::kIdentifier)) return false;
    const auto holds = [token](const Declaration& declaration) {
      return declaration.value.begin <= token && token < declaration.value.end;
    };
    if (function_ == nullptr || !holds(*function_)) {
      const auto found = std::ranges::find_if(module_.declarations, holds);
      if (found == module_.declarations.end()) return false;
      function_ = &*found;
      locals_ = local_names(module_, *function_);
    }
    return locals_.contains(text(token));
  }

  // From behind @unroll.
  Result<Loop> parse_loop(u32 at) {
    Loop loop;
    for (const std::string_view token : {"for", "(", "var"}) SHOAL_TRY(expect(at, token));
    if (!is(at, TokenKind::kIdentifier)) return fail_at(*module_.source, span(at), "A name is expected here.");
    loop.name = text(at++);
    SHOAL_TRY(expect(at, "="));
    if (is(at, TokenKind::kInteger) && !text(at).ends_with('u')) {
      return fail_at(*module_.source, span(at),
                     "The variable of an unrolled loop is a u32, and {} is none. Add a u.", text(at));
    }
    SHOAL_TRY_SET(loop.begin, constant(at, ";"));
    for (const std::string_view token : {loop.name, std::string_view("<")}) SHOAL_TRY(expect(at, token));
    SHOAL_TRY_SET(loop.end, constant(at, ";"));
    SHOAL_TRY(expect(at, loop.name));
    if (text(at) == "++") {
      ++at;
      SHOAL_TRY(expect(at, ")"));
    } else {
      SHOAL_TRY(expect(at, "+="));
      SHOAL_TRY_SET(loop.step, constant(at, ")"));
    }
    loop.body = at;
    SHOAL_TRY(expect(at, "{"));
    return loop;
  }

  // The first block behind the statement's parentheses.
  Result<TokenRange> block_of(u32 at) const {
    while (text(at) != "{") {
      if (at >= module_.tokens.size()) return fail_at(*module_.source, span(at), "A block is missing here.");
      if (text(at) == "(") {
        SHOAL_TRY_SET(at, after_matching_bracket(*module_.source, module_.tokens, at));
      } else {
        ++at;
      }
    }
    SHOAL_TRY_SET(const u32 end, after_matching_bracket(*module_.source, module_.tokens, at));
    return TokenRange{at, end};
  }

  // Loops inside may jump as they like, and a switch may be left.
  Result<void> refuse_jumps(TokenRange range) const {
    u32 switch_end = range.begin;
    for (u32 at = range.begin; at < range.end; ++at) {
      const std::string_view word = text(at);
      if (word == "continue" || (word == "break" && at >= switch_end)) {
        return fail_at(*module_.source, span(at), "An unrolled loop has no '{}': write an if around the rest.",
                       word);
      }
      if (word == "switch" && at >= switch_end) {
        SHOAL_TRY_SET(const TokenRange block, block_of(at));
        switch_end = block.end;
      } else if (word == "for" || word == "while" || word == "loop") {
        SHOAL_TRY_SET(const TokenRange block, block_of(at));
        at = block.end - 1;
      }
    }
    return {};
  }

  Result<i64> turns_of(const Loop& loop, Span header) const {
    const i64 turns = loop.step == 0 ? 0 : std::max<i64>(0, (loop.end - loop.begin + loop.step - 1) / loop.step);
    if (loop.step == 0 || loop.begin + turns * loop.step > kMostU32) {
      return fail_at(*module_.source, header, "Steps of {} never end this loop. Choose others.", loop.step);
    }
    if (turns < 1 || turns > kMostTurns) {
      return fail_at(*module_.source, header,
                     "This loop goes round {} times, and @unroll writes out 1 to {}. Change its bounds, or leave "
                     "@unroll out.",
                     turns, kMostTurns);
    }
    return turns;
  }

  // The loop's text between its braces, the closing one included, with everything in it written out.
  std::string body_of(Span body) {
    std::vector<Edit> inside;
    std::ranges::copy_if(edits_, std::back_inserter(inside), [body](const Edit& edit) {
      return body.begin <= edit.span.begin && edit.span.begin < body.end;
    });
    for (; !loops_.empty() && loops_.back().span.begin < body.end; loops_.pop_back()) {
      inside.push_back(std::move(loops_.back()));
    }
    return apply_edits(*module_.source, body, std::move(inside));
  }

  Result<void> unroll(u32 at) {
    SHOAL_TRY_SET(const Loop loop, parse_loop(at + 2));
    SHOAL_TRY_SET(const u32 end, after_matching_bracket(*module_.source, module_.tokens, loop.body));
    SHOAL_TRY(refuse_jumps({loop.body + 1, end - 1}));
    const Span header{span(at).begin, span(loop.body - 1).end};
    SHOAL_TRY_SET(const i64 turns, turns_of(loop, header));
    const std::string_view all = module_.source->text;
    const size_t line = all.rfind('\n', header.begin) + 1;
    const std::string indent(all.substr(line, all.find_first_not_of(' ', line) - line));
    const std::string body = body_of({span(loop.body).end, span(end - 1).end});
    constexpr size_t kOwnBytes = 32;  // of a copy, beside what is counted here
    written_bytes_ += static_cast<size_t>(turns) * (body.size() + 2 * indent.size() + loop.name.size() + kOwnBytes);
    if (written_bytes_ > kMostBytes) {
      return fail_at(
          *module_.source, header,
          "With this loop the unrolled loops of this file come to {}, and {} are the most. Unroll fewer.",
          format_bytes(written_bytes_), format_bytes(kMostBytes));
    }
    std::string copies;
    for (i64 turn = 0; turn < turns; ++turn) {
      copies += fmt::format("{}{{\n{}  const {} = {}u;{}", turn == 0 ? "" : "\n" + indent, indent, loop.name,
                            loop.begin + turn * loop.step, body);
    }
    loops_.push_back({{header.begin, span(end - 1).end}, std::move(copies)});
    return {};
  }

  const Module& module_;
  const FindConstant& find_;
  const std::vector<Edit>& edits_;
  const Declaration* function_ = nullptr;  // the one last asked for, with the names declared in it
  std::set<std::string_view> locals_;
  std::vector<Edit> loops_;  // outermost so far, the last in the text first
  size_t written_bytes_ = 0;
};

}  // namespace

Result<std::vector<Edit>> unroll_edits(const Module& module, const std::vector<Edit>& edits,
                                       const FindConstant& find) {
  return Unroller(module, edits, find).run();
}

}  // namespace shoal::wgsl
