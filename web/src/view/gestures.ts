// Wheel, pointers, touch and keys on the stage, said as commands to the core. Places are in canvas pixels.

import type { UiCommand } from "../messages";

export interface Gestures {
  /** The commands' own unit: device pixels per CSS pixel. */
  scale(): number;
  /** The plot's middle and size in CSS pixels of the stage, for keys, which point nowhere. */
  plotArea(): { x: number; y: number; width: number; height: number };
  send(command: UiCommand): void;
}

const kWheelZoomPerPixel = 0.0016;
// Pinching on a touchpad arrives as a wheel with ctrl and much smaller steps.
const kPinchZoomPerPixel = 0.01;
const kPixelsPerLine = 16;
const kKeyZoom = 1.4;
const kKeyPan = 0.1;
const kKeyPanFar = 0.5;

export function zoomBy(gestures: Gestures, factor: number, atX?: number, atY?: number): void {
  const area = gestures.plotArea();
  const scale = gestures.scale();
  const x = (atX ?? area.x + area.width / 2) * scale;
  const y = (atY ?? area.y + area.height / 2) * scale;
  gestures.send({ zoom: { x, y, factor } });
}

export function zoomStep(gestures: Gestures, direction: 1 | -1): void {
  zoomBy(gestures, kKeyZoom ** direction);
}

export function listenForGestures(stage: HTMLElement, gestures: Gestures): void {
  const place = (event: MouseEvent): { x: number; y: number } => {
    const box = stage.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const pan = (dx: number, dy: number): void => {
    const scale = gestures.scale();
    if (dx !== 0 || dy !== 0) gestures.send({ pan: { dx: dx * scale, dy: dy * scale } });
  };

  stage.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * kPixelsPerLine;
      const { x, y } = place(event);
      zoomBy(gestures, Math.exp(-pixels * (event.ctrlKey ? kPinchZoomPerPixel : kWheelZoomPerPixel)), x, y);
    },
    { passive: false },
  );

  // One pointer drags; two pan with their middle and zoom with their distance.
  const pointers = new Map<number, { x: number; y: number }>();
  const middle = (): { x: number; y: number; distance: number } => {
    const [a, b = a] = [...pointers.values()];
    return { x: (a!.x + b!.x) / 2, y: (a!.y + b!.y) / 2, distance: Math.hypot(a!.x - b!.x, a!.y - b!.y) };
  };
  stage.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    stage.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, place(event));
    stage.toggleAttribute("dragging", true);
  });
  stage.addEventListener("pointermove", (event) => {
    if (!pointers.has(event.pointerId)) return;
    const before = middle();
    pointers.set(event.pointerId, place(event));
    const after = middle();
    pan(after.x - before.x, after.y - before.y);
    if (before.distance > 0 && after.distance > 0) {
      zoomBy(gestures, after.distance / before.distance, after.x, after.y);
    }
  });
  const release = (event: PointerEvent): void => {
    pointers.delete(event.pointerId);
    stage.toggleAttribute("dragging", pointers.size > 0);
  };
  stage.addEventListener("pointerup", release);
  stage.addEventListener("pointercancel", release);
  stage.addEventListener("dblclick", () => gestures.send({ reset: true }));

  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const area = gestures.plotArea();
    const share = event.shiftKey ? kKeyPanFar : kKeyPan;
    // An arrow moves the view that way, so the picture goes the other.
    const keys: Record<string, () => void> = {
      ArrowLeft: () => pan(area.width * share, 0),
      ArrowRight: () => pan(-area.width * share, 0),
      ArrowUp: () => pan(0, area.height * share),
      ArrowDown: () => pan(0, -area.height * share),
      "+": () => zoomStep(gestures, 1),
      "=": () => zoomStep(gestures, 1),
      "-": () => zoomStep(gestures, -1),
      "0": () => gestures.send({ reset: true }),
      Home: () => gestures.send({ reset: true }),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
