// How <shoal-view> looks. Colours are variables, so that the two themes are two lists and an embedder can set them from
// outside. Paper, ink and soft are those of src/plot/theme.h, so that guides and controls are of one piece.

const kLight = `
  --paper: #ffffff; --panel: #ffffff; --ink: #1f2328; --soft: #59626e; --line: #dfe3e7; --press: #f0f2f4;
  --accent: #0b6b78; --wrong: #a8261c; --wrong-paper: #fdf1ef;
  color-scheme: light;`;
const kDark = `
  --paper: #0f1216; --panel: #171b20; --ink: #e8ebef; --soft: #a0a8b3; --line: #2a3037; --press: #20262d;
  --accent: #5cc7d0; --wrong: #ff9d90; --wrong-paper: #2b1b1a;
  color-scheme: dark;`;

export const kStyle = `
:host { ${kLight}
  --type: ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
  display: grid; grid-template: auto minmax(0, 1fr) auto / minmax(0, 1fr);
  position: relative; min-height: 320px; overflow: hidden;
  background: var(--paper); color: var(--ink); font: 14px/1.45 var(--type); font-variant-numeric: tabular-nums;
}
@media (prefers-color-scheme: dark) { :host(:not([theme="light"])) { ${kDark} } }
:host([theme="dark"]) { ${kDark} }
:host([hidden]) { display: none; }
/* Without a picture there is nothing to choose and nothing to tell. */
:host([bare]) .controls, :host([bare]) .caption { display: none; }
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
p, h2 { margin: 0; }
.icon { fill: none; stroke: currentColor; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; display: block; }

/* Controls */
button, select, input { font: inherit; color: inherit; }
button { cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.quiet { display: inline-flex; align-items: center; justify-content: center; gap: 6px; min-width: 34px; height: 34px;
  padding: 0 9px; border: 1px solid transparent; border-radius: 7px; background: none; color: var(--soft);
  transition: background 120ms, color 120ms; }
.quiet:hover, .quiet[aria-expanded="true"] { background: var(--press); color: var(--ink); }
.primary { height: 42px; padding: 0 20px; border: 0; border-radius: 9px; background: var(--accent); color: var(--panel);
  font-weight: 600; transition: filter 120ms; }
.primary:hover { filter: brightness(1.08); }
.controls { grid-row: 1; display: flex; align-items: flex-end; gap: 14px 28px; padding: 16px 24px 14px; border-bottom: 1px solid var(--line); }
.axes, .colors { display: flex; align-items: flex-end; gap: 8px; }
.colors { gap: 12px; }
.filter { position: relative; flex: 1 1 240px; min-width: 0; }
.field { display: grid; gap: 5px; min-width: 0; }
.field label { color: var(--soft); font-size: 12px; line-height: 1; letter-spacing: 0.01em; }
select, input { width: 100%; height: 34px; padding: 0 10px; border: 1px solid var(--line); border-radius: 7px;
  background-color: var(--panel); text-overflow: ellipsis; transition: border-color 120ms; }
select { appearance: none; min-width: 116px; padding-right: 28px; background-repeat: no-repeat;
  background-image: linear-gradient(45deg, transparent 50%, var(--soft) 50%), linear-gradient(-45deg, transparent 50%, var(--soft) 50%);
  background-position: right 15px center, right 11px center; background-size: 4px 4px; cursor: pointer; }
select:hover, input:hover { border-color: var(--soft); }
select:disabled { color: var(--soft); cursor: default; }
input { font-family: var(--mono); font-size: 13px; }
input::placeholder { color: var(--soft); opacity: 0.8; font-family: var(--type); }
input[aria-invalid="true"] { border-color: var(--wrong); }
.filter-error { position: absolute; z-index: 3; top: calc(100% + 7px); left: 0; right: 0; padding: 8px 11px; border-radius: 7px;
  border: 1px solid var(--wrong); background: var(--wrong-paper); color: var(--wrong); font-size: 13px; box-shadow: 0 6px 20px #0002; }
.caret { position: absolute; top: -9px; left: calc(11px + var(--at, 0) * 1ch); font: 13px/1 var(--mono);
  transform: scale(0.9); transform-origin: left; }

/* Stage */
.middle { grid-row: 2; position: relative; display: grid; min-width: 0; min-height: 0; }
.middle > * { grid-area: 1 / 1; min-width: 0; }
.stage { position: relative; min-height: 0; outline-offset: -3px; touch-action: none; cursor: crosshair; overflow: hidden;
  user-select: none; -webkit-user-select: none; }
.stage[dragging] { cursor: grabbing; }
.stage canvas, .stage > svg { position: absolute; left: 0; top: 0; display: block; }
.stage > svg { pointer-events: none; overflow: visible; }
.stage[blank] canvas, .stage[blank] > svg { visibility: hidden; }
.progress { position: absolute; z-index: 1; left: 0; right: 0; top: 0; height: 2px; border: 0; background: none; appearance: none; width: 100%; }
.progress::-webkit-progress-bar { background: none; }
.progress::-webkit-progress-value { background: var(--accent); transition: width 160ms linear; }
.progress::-moz-progress-bar { background: var(--accent); }
.progress:indeterminate { background: linear-gradient(90deg, transparent, var(--accent), transparent) 0 0 / 40% 100% no-repeat;
  animation: seek 1.1s ease-in-out infinite; }
@keyframes seek { from { background-position: -60% 0; } to { background-position: 160% 0; } }

/* What takes the stage's place */
.over { position: absolute; z-index: 2; inset: 0; display: grid; place-content: center; justify-items: center; gap: 14px; padding: 32px;
  text-align: center; background: var(--paper); }
.over h2 { font-size: 26px; font-weight: 600; letter-spacing: -0.015em; line-height: 1.2; text-wrap: balance; }
.over p { max-width: 56ch; color: var(--soft); text-wrap: pretty; }
.over ul { margin: 0; padding: 0 0 0 1.2em; max-width: 56ch; text-align: left; color: var(--soft); }
.over li { margin: 6px 0; }
.over code { font: 13px var(--mono); color: var(--ink); }
.over .primary { margin-top: 8px; }
.empty::before { content: ""; position: absolute; inset: 24px; border: 1.5px dashed color-mix(in srgb, var(--soft) 45%, transparent); border-radius: 16px; pointer-events: none; }
.mark { color: var(--accent); margin-bottom: 14px; }
.drop { z-index: 5; background: color-mix(in srgb, var(--paper) 88%, transparent); pointer-events: none; }
.drop::before { content: ""; position: absolute; inset: 16px; border: 2px solid var(--accent); border-radius: 14px; }

/* Caption */
.caption { grid-row: 3; display: flex; align-items: center; gap: 4px 14px; min-height: 52px; padding: 8px 14px 8px 24px; border-top: 1px solid var(--line); }
.caption .rows { font-weight: 600; }
.caption .more { flex: 1; min-width: 0; color: var(--soft); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.tools, .zoom { display: flex; gap: 2px; }
.zoom { padding-right: 10px; margin-right: 8px; border-right: 1px solid var(--line); }
.note { position: absolute; z-index: 2; left: 24px; bottom: 14px; max-width: min(70ch, calc(100% - 48px)); padding: 9px 14px; border-radius: 8px;
  border: 1px solid var(--wrong); background: var(--wrong-paper); color: var(--wrong); }

/* Panels */
.panel { position: absolute; z-index: 4; right: 14px; bottom: 60px; width: min(410px, calc(100% - 28px)); max-height: calc(100% - 140px);
  overflow: auto; padding: 16px 20px; border: 1px solid var(--line); border-radius: 12px; background: var(--panel); box-shadow: 0 10px 36px #0002; }
.panel table { width: 100%; border-collapse: collapse; }
.panel caption { padding-bottom: 8px; text-align: left; font-weight: 600; }
.panel th, .panel td { padding: 5px 0; border-top: 1px solid var(--line); text-align: left; font-weight: 400; vertical-align: top; }
.panel th { color: var(--soft); padding-right: 16px; white-space: nowrap; }
.panel td { text-align: right; }
.panel:focus-visible { outline-offset: 0; }
kbd { display: inline-block; min-width: 22px; padding: 1px 6px; border: 1px solid var(--line); border-radius: 5px; background: var(--press);
  font: 12px/1.5 var(--mono); text-align: center; color: var(--ink); }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

/* Guides */
.guides text { fill: var(--ink); font-family: var(--type); }
.guides .soft { fill: var(--soft); }

:host([narrow]) .controls { flex-wrap: wrap; padding: 12px 16px; gap: 12px 14px; }
:host([narrow]) .axes { flex: 1 1 260px; }
:host([narrow]) .axes .field, :host([narrow]) .colors .field { flex: 1; }
:host([narrow]) .colors { flex: 1 1 220px; }
:host([narrow]) .filter { order: 3; flex: 1 1 100%; }
:host([narrow]) select { min-width: 0; }
:host([narrow]) .caption { padding: 8px 16px; flex-wrap: wrap; gap: 2px 14px; }
:host([narrow]) .caption .more { flex: 1 1 100%; }
:host([narrow]) .caption .tools { margin-left: -9px; }
:host([narrow]) .over { padding: 48px 36px; }
:host([narrow]) .empty::before { inset: 14px; }

@media (prefers-reduced-motion: reduce) {
  *, ::before, ::after { transition: none !important; }
  .progress:indeterminate { animation: none; background: var(--accent); opacity: 0.5; }
}
@media (forced-colors: active) { .primary, .quiet { border: 1px solid; } }
`;
