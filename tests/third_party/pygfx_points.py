"""A cloud of points with sizes and colours of their own, as pygfx's gallery has it, drawn offscreen and read back."""
import hashlib

import numpy as np
import pygfx as gfx
from rendercanvas.offscreen import RenderCanvas


def main():
    canvas = RenderCanvas(size=(160, 120), pixel_ratio=1)
    renderer = gfx.renderers.WgpuRenderer(canvas)
    scene = gfx.Scene()
    random = np.random.default_rng(1)
    places = random.normal(0, 0.5, (2000, 3)).astype(np.float32)
    geometry = gfx.Geometry(positions=places, sizes=random.uniform(1, 8, 2000).astype(np.float32),
                            colors=random.random((2000, 4), dtype=np.float32))
    cloud = gfx.Points(geometry, gfx.PointsMaterial(color_mode="vertex", size_mode="vertex"))
    scene.add(cloud)
    camera = gfx.PerspectiveCamera(60, 4 / 3)
    camera.local.z = 3

    def move(frame):
        cloud.local.rotation = (0, np.sin(0.1 * frame), 0, np.cos(0.1 * frame))

    canvas.request_draw(lambda: renderer.render(scene, camera))
    digest = hashlib.sha256()
    for frame in range(6):
        move(frame)
        digest.update(np.asarray(canvas.draw()).tobytes())
    print(digest.hexdigest())


main()
