"""Lines that wave: their points are changed in place, as pygfx's gallery has it, drawn offscreen and read back."""
import hashlib

import numpy as np
import pygfx as gfx
from rendercanvas.offscreen import RenderCanvas


def main():
    canvas = RenderCanvas(size=(160, 120), pixel_ratio=1)
    renderer = gfx.renderers.WgpuRenderer(canvas)
    scene = gfx.Scene()
    x = np.linspace(-2, 2, 200, dtype=np.float32)
    lines = []
    for i in range(5):
        points = np.stack([x, np.sin(3 * x + i), 0 * x], axis=1).astype(np.float32)
        lines.append(gfx.Line(gfx.Geometry(positions=points), gfx.LineMaterial(thickness=2 + i, color=(0.2 * i, 0.5, 1 - 0.2 * i, 1))))
    scene.add(*lines)
    camera = gfx.OrthographicCamera(4, 3)

    def move(frame):
        for i, line in enumerate(lines):
            line.geometry.positions.data[:, 1] = np.sin(3 * x + i + 0.2 * frame)
            line.geometry.positions.update_full()

    canvas.request_draw(lambda: renderer.render(scene, camera))
    digest = hashlib.sha256()
    for frame in range(6):
        move(frame)
        digest.update(np.asarray(canvas.draw()).tobytes())
    print(digest.hexdigest())


main()
