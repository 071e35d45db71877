#include "wgsl/conditions.h"

#include <algorithm>
#include <array>

namespace shoal::wgsl {
namespace {

// Deeper than anyone nests; bounds the recursion on hostile input.
constexpr u32 kMaxDepth = 64;

class ConditionParser {
 public:
  ConditionParser(const Source& source, const std::vector<Token>& tokens, TokenRange range,
                  const FeatureNames& enabled, FeatureNames& mentioned)
      : source_(source),
        tokens_(tokens),
        at_(range.begin),
        end_(range.end),
        enabled_(enabled),
        mentioned_(mentioned) {}

  Result<bool> run() {
    SHOAL_TRY_SET(bool value, expression(0));
    if (peek() == ",") ++at_;  // WGSL allows a trailing comma in any attribute
    if (at_ != end_) return unexpected();
    return value;
  }

 private:
  std::string_view peek() const { return at_ < end_ ? source_.slice(tokens_[at_].span) : std::string_view(); }

  std::unexpected<Error> unexpected() const {
    return fail_at(source_, tokens_[at_].span,
                   "A condition cannot have {} here. Write names, true, false, !, &&, || and parentheses.",
                   at_ < end_ ? fmt::format("'{}'", peek()) : std::string("its end"));
  }

  Result<bool> expression(u32 depth) {
    SHOAL_TRY_SET(bool value, operand(depth));
    std::string_view joint = peek();
    if (joint != "&&" && joint != "||") return value;
    while (peek() == "&&" || peek() == "||") {
      if (peek() != joint) {
        return fail_at(source_, tokens_[at_].span,
                       "'&&' and '||' stand side by side. Add parentheses to say which binds.");
      }
      ++at_;
      SHOAL_TRY_SET(bool right, operand(depth));
      value = joint == "&&" ? value && right : value || right;
    }
    return value;
  }

  Result<bool> operand(u32 depth) {
    if (depth > kMaxDepth) {
      return fail_at(source_, tokens_[at_].span, "This condition nests deeper than {} levels. Simplify it.",
                     kMaxDepth);
    }
    if (peek() == "!") {
      ++at_;
      SHOAL_TRY_SET(bool value, operand(depth + 1));
      return !value;
    }
    if (peek() == "(") {
      ++at_;
      SHOAL_TRY_SET(bool value, expression(depth + 1));
      if (peek() != ")") return unexpected();
      ++at_;
      return value;
    }
    if (peek() == "true" || peek() == "false") return source_.slice(tokens_[at_++].span) == "true";
    if (at_ == end_ || tokens_[at_].kind != TokenKind::kIdentifier) return unexpected();
    std::string name(source_.slice(tokens_[at_++].span));
    mentioned_.insert(name);
    return enabled_.contains(name);
  }

  const Source& source_;
  const std::vector<Token>& tokens_;
  u32 at_;
  u32 end_;
  const FeatureNames& enabled_;
  FeatureNames& mentioned_;
};

// The attributes before one node, and which of them is conditional.
struct AttributeList {
  u32 begin = 0;
  u32 end = 0;
  std::string_view keyword;  // "if", "elif", "else", or empty
  TokenRange conditional;    // its tokens from @ on
  TokenRange condition;      // inside its parentheses
};

class Walker {
 public:
  Walker(const Source& source, const std::vector<Token>& tokens, const FeatureNames& enabled)
      : source_(source), tokens_(tokens), enabled_(enabled) {}

  Result<ConditionalSource> run() {
    SHOAL_TRY(walk({0, static_cast<u32>(tokens_.size())}, 0));
    return std::move(result_);
  }

 private:
  std::string_view text(u32 i) const {
    return i < tokens_.size() ? source_.slice(tokens_[i].span) : std::string_view();
  }
  Span span(u32 begin, u32 end) const { return {tokens_[begin].span.begin, tokens_[end - 1].span.end}; }

  Result<AttributeList> attributes_at(u32 i) {
    AttributeList list{.begin = i, .end = i, .keyword = {}, .conditional = {}, .condition = {}};
    while (text(i) == "@") {
      u32 begin = i;
      std::string_view name = text(i + 1);
      bool conditional = name == "if" || name == "elif" || name == "else";
      i = std::min<u32>(i + 2, static_cast<u32>(tokens_.size()));
      TokenRange arguments{i, i};
      if (text(i) == "(" && name != "else") {
        SHOAL_TRY_SET(u32 after, after_matching_bracket(source_, tokens_, i));
        arguments = {i + 1, after - 1};
        i = after;
      } else if (conditional && name != "else") {
        return fail_at(source_, span(begin, i), "@{} needs a condition in parentheses, like @{}(subgroups).", name,
                       name);
      }
      if (conditional) {
        if (!list.keyword.empty()) {
          return fail_at(source_, span(begin, i), "@{} follows @{} on the same item. Join the conditions with &&.",
                         name, list.keyword);
        }
        list.keyword = name;
        list.conditional = {begin, i};
        list.condition = arguments;
      }
      list.end = i;
    }
    return list;
  }

  // The index after the node that starts at `i`, where its attributes have been passed.
  Result<u32> after_node(u32 i, u32 end, const AttributeList& list) {
    static constexpr auto kBraced = std::to_array<std::string_view>(
        {"fn", "struct", "loop", "for", "while", "switch", "continuing", "case", "default", "else", "if"});
    std::string_view first = i < end ? text(i) : std::string_view();
    if (first.empty() || first == "}" || first == ")" || first == "]" || first == ";" || first == ",") {
      return fail_at(source_, span(list.conditional.begin, list.conditional.end),
                     "Nothing follows @{} that it could hold.", list.keyword);
    }
    if (first == "{") return after_matching_bracket(source_, tokens_, i);
    if (text(i + 1) == ":" && tokens_[i].kind == TokenKind::kIdentifier) return after_member(i, end);
    if (std::ranges::find(kBraced, first) == kBraced.end()) return after_semicolon(i, end);
    SHOAL_TRY_SET(u32 after, after_block(i, end));
    while (first == "if") {
      SHOAL_TRY_SET(AttributeList next, attributes_at(after));
      if (text(next.end) != "else" || next.end >= end) break;
      SHOAL_TRY_SET(after, after_block(next.end, end));
    }
    return after;
  }

  // Past the first { ... } outside parentheses.
  Result<u32> after_block(u32 i, u32 end) {
    u32 begin = i;
    while (i < end && text(i) != "{") {
      if (text(i) == "(" || text(i) == "[") {
        SHOAL_TRY_SET(i, after_matching_bracket(source_, tokens_, i));
      } else {
        ++i;
      }
    }
    if (i >= end) return fail_at(source_, tokens_[begin].span, "'{}' has no block in braces.", text(begin));
    return after_matching_bracket(source_, tokens_, i);
  }

  Result<u32> after_semicolon(u32 i, u32 end) {
    u32 begin = i;
    while (i < end) {
      std::string_view token = text(i);
      if (token == ";") return i + 1;
      if (token == "}" || token == ")" || token == "]") break;
      if (token == "(" || token == "[" || token == "{") {
        SHOAL_TRY_SET(i, after_matching_bracket(source_, tokens_, i));
      } else {
        ++i;
      }
    }
    return fail_at(source_, tokens_[begin].span, "What starts here does not end in ';'.");
  }

  // A struct member or parameter: past its comma, or up to the bracket that closes the list.
  Result<u32> after_member(u32 i, u32 end) {
    while (i < end) {
      std::string_view token = text(i);
      if (token == ",") return i + 1;
      if (token == "}" || token == ")") return i;
      if (token == "(" || token == "[" || token == "{" || tokens_[i].kind == TokenKind::kTemplateOpen) {
        SHOAL_TRY_SET(i, after_matching_bracket(source_, tokens_, i));
      } else {
        ++i;
      }
    }
    return i;
  }

  Result<void> walk(TokenRange range, u32 depth) {
    u32 chain_end = range.begin;  // where an @elif or @else may follow
    bool in_chain = false;
    bool taken = false;  // by an earlier branch of the chain
    for (u32 i = range.begin; i < range.end;) {
      if (text(i) != "@") {
        result_.tokens.push_back(tokens_[i++]);
        continue;
      }
      SHOAL_TRY_SET(AttributeList list, attributes_at(i));
      if (list.keyword.empty()) {
        result_.tokens.insert(result_.tokens.end(), tokens_.data() + i, tokens_.data() + list.end);
        i = list.end;
        continue;
      }
      Span attribute = span(list.conditional.begin, list.conditional.end);
      if (depth == kMaxDepth) {
        return fail_at(source_, attribute, "Conditions nest deeper than {} levels here. Simplify them.", kMaxDepth);
      }
      if (list.keyword != "if" && !(in_chain && chain_end == i)) {
        return fail_at(source_, attribute, "@{} does not directly follow an item with @if or @elif.", list.keyword);
      }
      bool condition = true;
      if (list.keyword != "else") {
        SHOAL_TRY_SET(condition,
                      ConditionParser(source_, tokens_, list.condition, enabled_, result_.mentioned).run());
      }
      if (list.keyword == "if") taken = false;
      SHOAL_TRY_SET(u32 node_end, after_node(list.end, range.end, list));
      if (condition && !taken) {
        keep_attributes(list);
        result_.removals.push_back({attribute, RemovalKind::kAttribute});
        SHOAL_TRY(walk({list.end, node_end}, depth + 1));
        taken = true;
      } else {
        SHOAL_TRY(note_names({list.end, node_end}));
        SHOAL_TRY_SET(AttributeList next, attributes_at(node_end));
        bool opens_chain = list.keyword == "if" && (next.keyword == "elif" || next.keyword == "else");
        result_.removals.push_back(
            {span(list.begin, node_end), opens_chain ? RemovalKind::kNode : RemovalKind::kNodeAndCommentAbove});
      }
      i = chain_end = node_end;
      in_chain = list.keyword != "else";
    }
    return {};
  }

  void keep_attributes(const AttributeList& list) {
    for (u32 i = list.begin; i < list.end; ++i) {
      if (i < list.conditional.begin || i >= list.conditional.end) result_.tokens.push_back(tokens_[i]);
    }
  }

  // Names in conditions inside a removed node count as mentioned.
  Result<void> note_names(TokenRange range) {
    for (u32 i = range.begin; i < range.end; ++i) {
      if (text(i) != "@") continue;
      if (text(i + 1) != "if" && text(i + 1) != "elif") continue;
      SHOAL_TRY_SET(AttributeList list, attributes_at(i));
      SHOAL_TRY(ConditionParser(source_, tokens_, list.condition, enabled_, result_.mentioned).run());
    }
    return {};
  }

  const Source& source_;
  const std::vector<Token>& tokens_;
  const FeatureNames& enabled_;
  ConditionalSource result_;
};

}  // namespace

Result<ConditionalSource> resolve_conditions(const Source& source, const LexedSource& lexed,
                                             const FeatureNames& enabled) {
  return Walker(source, lexed.tokens, enabled).run();
}

}  // namespace shoal::wgsl
