#include "review/html_page.h"

#include "base/text.h"

namespace shoal::review {
namespace {

// Colours of spans and series are tokens, so that a chart follows the light; --c0 to --c8 are in the order of
// SpanKind.
constexpr std::string_view kStyle = R"(
:root{color-scheme:light dark;--bg:#fff;--card:#f4f5f7;--line:#d5d9df;--text:#1d2126;--dim:#5d6672;--bad:#b3372a;--warn:#96690a;
--c0:#c9ced6;--c1:#2f6fb0;--c2:#8a5fb5;--c3:#3d8b6e;--c4:#b8720f;--c5:#c04a3a;--c6:#5e7d1e;--c7:#1a8a9a;--c8:#a8488c}
@media(prefers-color-scheme:dark){:root{--bg:#14171b;--card:#1e2329;--line:#363d46;--text:#e2e6ea;--dim:#9aa4b0;--bad:#f0806f;--warn:#e0ae4a;
--c0:#3a424c;--c1:#5b9bdc;--c2:#b08adb;--c3:#62bd9b;--c4:#e0a046;--c5:#ec7a69;--c6:#98b955;--c7:#4bbfd0;--c8:#d980bd}}
*{box-sizing:border-box}
body{font:16px/1.5 system-ui,sans-serif;max-width:72rem;margin:0 auto;padding:1rem;color:var(--text);background:var(--bg)}
h1{font-size:1.5rem;margin:.5rem 0;overflow-wrap:anywhere}h2{font-size:1.15rem;margin:2rem 0 .5rem}h3{font-size:1rem;margin:0}
p{margin:.4rem 0}.dim{color:var(--dim)}.note{border-left:3px solid var(--warn);padding-left:.7rem}
article{border:1px solid var(--line);border-left:6px solid var(--c0);border-radius:4px;padding:.7rem 1rem;margin:.7rem 0;background:var(--card)}
article.medium{border-left-color:var(--warn)}article.high{border-left-color:var(--bad)}
.head{display:flex;gap:.5rem 1rem;align-items:baseline;flex-wrap:wrap}.head .gain{margin-left:auto;font-variant-numeric:tabular-nums}
.tag{font-size:.8rem;color:var(--dim)}
pre{overflow-x:auto;background:var(--bg);border:1px solid var(--line);border-radius:4px;padding:.5rem;font-size:.82rem;margin:.4rem 0}
summary{cursor:pointer;color:var(--dim);font-size:.9rem}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{text-align:right;padding:.3rem .6rem;border-bottom:1px solid var(--line);white-space:nowrap}
th{font-weight:600;color:var(--dim)}th:first-child,td:first-child{text-align:left}
.bar{display:inline-block;height:.6em;background:var(--c7);vertical-align:baseline;margin-right:.4em}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.85rem;margin:.4rem 0}
.legend i{display:inline-block;width:.8em;height:.8em;margin-right:.4em;border-radius:2px;vertical-align:-.05em}
svg{display:block;width:100%;background:var(--card);border:1px solid var(--line);border-radius:4px}
#timeline{position:relative}canvas{display:block;width:100%;height:216px;border:1px solid var(--line);border-radius:4px;background:var(--card);touch-action:pan-y;cursor:grab}
.tools{display:flex;gap:.4rem;margin:.4rem 0;align-items:center;flex-wrap:wrap}
button{font:inherit;font-size:.9rem;min-width:2.4rem;padding:.25rem .6rem;border:1px solid var(--line);border-radius:4px;background:var(--card);color:var(--text);cursor:pointer}
#hover{font-size:.85rem;color:var(--dim);min-height:1.5em;overflow-wrap:anywhere}
)";

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += static_cast<unsigned char>(c) < ' ' && c != '\n' ? ' ' : c;
    }
  }
  return out;
}

std::string html_head(std::string_view title) {
  return fmt::format(
      "<!doctype html>\n<html lang='en'><head><meta charset='utf-8'>\n"
      "<meta name='viewport' content='width=device-width,initial-scale=1'>\n<title>{0}</title>\n"
      "<style>{1}</style></head>\n<body>\n<h1>{0}</h1>\n",
      html_escaped(title), kStyle);
}

std::string html_passes(const TraceProfile& profile) {
  std::string out = "<h2>Passes</h2>\n";
  if (profile.lines.empty()) return out + "<p>The program has no passes.</p>\n";
  if (!profile.no_times.empty()) {
    out += fmt::format("<p class='note'>{}</p>\n", html_escaped(profile.no_times));
  } else {
    out += fmt::format(
        "<p class='dim'>A frame takes {:.2f} ms; its passes take {:.2f} ms of GPU time, replayed on {}.",
        profile.frame_ms, profile.gpu_frame_ms, html_escaped(profile.replayed_on));
    if (profile.roofs) {
      out += fmt::format(
          " The roof is what that adapter reads at best, {:.2f} GB/s; the share counts each byte that a pass binds "
          "once, and none is given where a pass binds more than it can have moved.",
          profile.roofs->read_bytes_per_s / 1e9);
    }
    out += "</p>\n";
  }
  out +=
      "<div class='scroll'><table><tr><th>Pass</th><th>Kind</th><th>Times</th><th>Median ms</th><th>Of GPU "
      "time</th><th>Binds</th><th>Of the roof</th></tr>\n";
  constexpr size_t kMostLines = 200;
  for (size_t i = 0; i < std::min(profile.lines.size(), kMostLines); ++i) {
    const PassLine& line = profile.lines[i];
    const bool is_timed = line.timed > 0;
    out += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                       line.label.empty() ? "without a label" : html_escaped(line.label.substr(0, 60)),
                       line.draws ? "render" : "compute", group_thousands(line.passes),
                       is_timed ? fmt::format("{:.3f}", line.median_ms) : "–",
                       is_timed ? fmt::format("<span class='bar' style='width:{:.2f}rem'></span>{:.1f} %",
                                              4 * line.share, 100 * line.share)
                                : "–",
                       line.bytes ? format_bytes(*line.bytes) : "–",
                       line.roof_share ? fmt::format("{:.0f} %", 100 * *line.roof_share) : "–");
  }
  out += "</table></div>\n";
  if (profile.lines.size() > kMostLines) {
    out += fmt::format("<p class='dim'>{} labels more take less time.</p>\n", profile.lines.size() - kMostLines);
  }
  return out;
}

}  // namespace shoal::review
