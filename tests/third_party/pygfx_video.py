"""A film: every frame brings a new picture to one texture, as pygfx's gallery has it, drawn offscreen and read back."""
import hashlib

import numpy as np
import pygfx as gfx
from rendercanvas.offscreen import RenderCanvas


def main():
    canvas = RenderCanvas(size=(160, 120), pixel_ratio=1)
    renderer = gfx.renderers.WgpuRenderer(canvas)
    scene = gfx.Scene()
    random = np.random.default_rng(3)
    texture = gfx.Texture(random.integers(0, 255, (64, 64, 4), dtype=np.uint8), dim=2)
    scene.add(gfx.Image(gfx.Geometry(grid=texture), gfx.ImageBasicMaterial(clim=(0, 255))))
    camera = gfx.OrthographicCamera(64, 64)
    camera.local.position = (32, 32, 0)

    def move(frame):
        texture.data[:] = random.integers(0, 255, (64, 64, 4), dtype=np.uint8)
        texture.update_full()

    canvas.request_draw(lambda: renderer.render(scene, camera))
    digest = hashlib.sha256()
    for frame in range(6):
        move(frame)
        digest.update(np.asarray(canvas.draw()).tobytes())
    print(digest.hexdigest())


main()
