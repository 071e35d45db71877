// The explorer page: one <shoal-view> that fills it, and its choices kept in the address so that it can be reloaded and
// passed on.

import type { ViewState } from "./messages";
import { ShoalView } from "./shoal_view";

const kKept = ["x", "y", "filter", "scheme", "scale"] as const;

const address = new URL(location.href);
const view = new ShoalView();
for (const name of ["src", "theme", "tier", "memory", "x-range", "y-range", ...kKept]) {
  const value = address.searchParams.get(name);
  if (value !== null) view.setAttribute(name, value);
}

view.addEventListener("statechange", (event) => {
  const state = (event as CustomEvent<ViewState>).detail;
  document.title = `${view.fileName} · shoal`;
  if (state.status !== "ready") return;
  for (const name of kKept) {
    const value = state[name];
    if (value === "") address.searchParams.delete(name);
    else address.searchParams.set(name, value);
  }
  if (address.href !== location.href) history.replaceState(null, "", address);
});

// A file dropped beside the view must not replace the page.
for (const type of ["dragover", "drop"]) window.addEventListener(type, (event) => event.preventDefault());

document.querySelector("main")!.append(view);
