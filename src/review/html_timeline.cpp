// The timeline of a report: spans as data, and a script that draws what is looked at.
#include <iterator>
#include <map>

#include "base/json_writer.h"
#include "base/text.h"
#include "review/html_page.h"

namespace shoal::review {
namespace {

constexpr std::string_view kScript = R"js(
(() => {
  const data = JSON.parse(document.getElementById("spans").textContent);
  const box = document.getElementById("timeline"), canvas = box.querySelector("canvas"), g = canvas.getContext("2d");
  const hover = document.getElementById("hover"), hint = hover.textContent;
  const gutter = 54, axis = 24, flags = 20, all = data.span || 1;
  let from = 0, to = all, colors = [];
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const width = () => canvas.clientWidth - gutter;
  const x = (ms) => gutter + ((ms - from) / (to - from)) * width();
  const msAt = (px) => from + ((px - gutter) / width()) * (to - from);
  const laneAt = (py) => Math.floor((py - axis - flags) / laneHeight());
  const laneHeight = () => (canvas.clientHeight - axis - flags) / data.lanes.length;
  const text = (ms) => (ms < 1 ? (ms * 1000).toFixed(1) + " µs" : ms < 1000 ? ms.toFixed(2) + " ms" : (ms / 1000).toFixed(2) + " s");

  function look(a, b) {
    const size = Math.min(all, Math.max(b - a, all / 1e5, 1e-3));
    from = Math.min(Math.max(0, a), all - size);
    to = from + size;
    requestAnimationFrame(draw);
  }
  const zoom = (by, at) => look(at - (at - from) * by, at + (to - at) * by);

  function drawAxis(h) {
    const rough = (to - from) / Math.max(2, width() / 110), power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough);
    g.fillStyle = css("--dim");
    g.strokeStyle = css("--line");
    for (let ms = Math.ceil(from / step) * step; ms <= to; ms += step) {
      g.beginPath();
      g.moveTo(x(ms), axis - 6);
      g.lineTo(x(ms), h);
      g.stroke();
      const label = text(ms);
      if (x(ms) + g.measureText(label).width < canvas.clientWidth) g.fillText(label, x(ms) + 3, 14);
    }
  }
  function drawLane(lane, top, height) {
    g.fillStyle = css("--text");
    g.fillText(lane.name, 8, top + height / 2 + 4);
    let drawn = -1;
    for (const [kind, begin, ms, , name] of lane.spans) {
      if (begin + ms < from || begin > to) continue;
      const left = Math.max(gutter, x(begin)), right = Math.min(canvas.clientWidth, Math.max(x(begin + ms), left + 1));
      if (right - drawn < 0.5) continue;
      drawn = right;
      g.fillStyle = colors[kind];
      const gap = kind === 0 && right - left > 3 ? 1 : 0;
      g.fillRect(left, top + 3, right - left - gap, height - 6);
      if (right - left < 60) continue;
      g.save();
      g.beginPath();
      g.rect(left, top, right - left - 4, height);
      g.clip();
      g.fillStyle = kind === 0 ? css("--text") : css("--bg");
      g.fillText(data.names[name], left + 5, top + height / 2 + 4);
      g.restore();
    }
  }
  function drawMarks(h) {
    for (const [number, at] of data.marks) {
      if (at < from || at > to) continue;
      g.strokeStyle = g.fillStyle = css("--bad");
      g.globalAlpha = 0.5;
      g.beginPath();
      g.moveTo(x(at), axis + 16);
      g.lineTo(x(at), h);
      g.stroke();
      g.globalAlpha = 1;
      g.beginPath();
      g.arc(x(at), axis + 9, 8, 0, 7);
      g.fill();
      g.fillStyle = css("--bg");
      g.fillText(number, x(at) - g.measureText(number).width / 2, axis + 13);
    }
  }
  function draw() {
    const w = canvas.clientWidth, h = canvas.clientHeight, ratio = devicePixelRatio || 1;
    canvas.width = w * ratio;
    canvas.height = h * ratio;
    g.setTransform(ratio, 0, 0, ratio, 0, 0);
    g.font = "12px system-ui,sans-serif";
    colors = data.kinds.map((_, i) => css("--c" + i));
    drawAxis(h);
    data.lanes.forEach((lane, i) => drawLane(lane, axis + flags + i * laneHeight(), laneHeight()));
    drawMarks(h);
  }

  function markAt(px, py) {
    return py < axis + flags && py > axis - 2 ? data.marks.find(([, at]) => Math.abs(x(at) - px) < 10) : undefined;
  }
  function say(px, py) {
    const mark = markAt(px, py), lane = data.lanes[laneAt(py)], reach = (to - from) / width();
    if (mark) return void (hover.textContent = mark[0] + ". " + mark[2]);
    const at = msAt(px), span = lane && px > gutter && lane.spans.findLast(([, b, ms]) => at >= b - reach && at <= b + ms + reach);
    if (!span) return void (hover.textContent = hint);
    const [kind, begin, ms, count, name] = span, what = data.names[name];
    hover.textContent = what + (count > 1 ? " and " + (count - 1) + " more" : "") + (what === data.kinds[kind] ? "" : ", " + data.kinds[kind]) +
      ": " + text(ms) + " from " + text(begin);
  }

  const held = new Map();
  let moved = 0;
  canvas.onpointerdown = (e) => {
    held.set(e.pointerId, e.offsetX);
    canvas.setPointerCapture(e.pointerId);
    moved = 0;
  };
  canvas.onpointermove = (e) => {
    if (!held.has(e.pointerId)) return say(e.offsetX, e.offsetY);
    const before = held.get(e.pointerId), dx = e.offsetX - before;
    moved += Math.abs(dx);
    const other = [...held].find(([id]) => id !== e.pointerId);
    if (other) {
      const was = Math.abs(before - other[1]) || 1, is = Math.abs(e.offsetX - other[1]) || 1;
      zoom(was / is, msAt((e.offsetX + other[1]) / 2));
    } else {
      const by = (dx / width()) * (to - from);
      look(from - by, to - by);
    }
    held.set(e.pointerId, e.offsetX);
  };
  canvas.onpointerup = canvas.onpointercancel = (e) => {
    held.delete(e.pointerId);
    const mark = moved < 4 && markAt(e.offsetX, e.offsetY);
    if (mark) document.getElementById("finding-" + mark[0])?.scrollIntoView({ behavior: "smooth" });
    else say(e.offsetX, e.offsetY);
  };
  canvas.ondblclick = (e) => zoom(0.5, msAt(e.offsetX));
  canvas.addEventListener("wheel", (e) => {
    if (!e.ctrlKey && !e.metaKey && Math.abs(e.deltaX) <= Math.abs(e.deltaY)) return; // the page scrolls
    e.preventDefault();
    if (e.ctrlKey || e.metaKey) return zoom(Math.exp(e.deltaY / 300), msAt(e.offsetX));
    const by = (e.deltaX / width()) * (to - from);
    look(from + by, to + by);
  }, { passive: false });
  const keys = { "+": () => zoom(0.5, (from + to) / 2), "-": () => zoom(2, (from + to) / 2), 0: () => look(0, all),
    ArrowLeft: () => look(from - (to - from) / 5, to - (to - from) / 5), ArrowRight: () => look(from + (to - from) / 5, to + (to - from) / 5) };
  canvas.onkeydown = (e) => keys[e.key] && (e.preventDefault(), keys[e.key]());
  for (const button of box.querySelectorAll("button")) button.onclick = () => keys[button.dataset.key]();
  addEventListener("resize", draw);
  matchMedia("(prefers-color-scheme:dark)").addEventListener("change", draw);
  draw();
})();
)js";

// Within a script element no text may end it.
std::string script_safe(const std::string& json) {
  std::string out;
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

std::string data_of(const Timeline& timeline, const std::vector<TimelineMark>& marks) {
  std::map<std::string, size_t> numbers;
  std::vector<std::string_view> names;
  JsonWriter json;
  const auto ms_text = [](double ms) { return fmt::format("{:.4f}", ms); };
  json.begin_object().key("span").raw(ms_text(timeline.span_ms)).key("kinds").begin_array();
  for (size_t i = 0; i < kSpanKindCount; ++i) json.value(kind_name(static_cast<SpanKind>(i)));
  json.end_array().key("lanes").begin_array();
  for (size_t lane = 0; lane < kLaneCount; ++lane) {
    if (static_cast<Lane>(lane) == Lane::kGpu && !timeline.has_gpu) continue;
    json.begin_object().member("name", lane_name(static_cast<Lane>(lane))).key("spans").begin_array();
    for (const Span& span : timeline.spans) {
      if (static_cast<size_t>(span.lane) != lane) continue;
      const auto [name, is_new] = numbers.try_emplace(span.name, names.size());
      if (is_new) names.push_back(name->first);
      json.raw(fmt::format("[{},{},{},{},{}]", static_cast<int>(span.kind), ms_text(span.begin_ms),
                           ms_text(span.ms), span.count, name->second));
    }
    json.end_array().end_object();
  }
  json.end_array().key("names").begin_array();
  for (const std::string_view name : names) json.value(name);
  json.end_array().key("marks").begin_array();
  for (const TimelineMark& mark : marks) {
    json.begin_array().value(std::to_string(mark.number)).raw(ms_text(mark.at_ms)).value(mark.text).end_array();
  }
  json.end_array().end_object();
  return script_safe(json.text());
}

}  // namespace

std::string html_timeline(const Timeline& timeline, const std::vector<TimelineMark>& marks) {
  std::string out =
      "<h2>Timeline</h2>\n<div id='timeline'><canvas tabindex='0' role='img' aria-label='Frames, host, queue and "
      "GPU over "
      "time'></canvas>\n<div class='tools'><button data-key='+' title='closer'>+</button><button data-key='-' "
      "title='farther'>"
      "–</button><button data-key='0'>all</button></div>\n<p id='hover'>Drag to move; pinch, Ctrl and wheel, or "
      "the buttons to "
      "zoom.</p></div>\n<p class='legend'>";
  for (size_t kind = 0; kind < kSpanKindCount; ++kind) {
    if (!timeline.has_gpu && kind >= static_cast<size_t>(SpanKind::kCompute)) break;
    out += fmt::format("<span><i style='background:var(--c{})'></i>{}</span> ", kind,
                       kind_name(static_cast<SpanKind>(kind)));
  }
  out += "</p>\n<p class='dim'>";
  out += timeline.has_gpu
             ? "Host and queue are as recorded. GPU passes are as long as their replay took, and lie behind their "
               "submission and each other: when the GPU began with them is not in a trace."
             : "Host and queue are as recorded. For the GPU's passes, replay the trace: --measure.";
  out += fmt::format(
      "</p>\n<noscript><p class='note'>The timeline is drawn by a script, which this browser does not "
      "run.</p></noscript>\n"
      "<script type='application/json' id='spans'>{}</script>\n<script>{}</script>\n",
      data_of(timeline, marks), kScript);
  return out;
}

}  // namespace shoal::review
