"""A volume, rendered by the maximum along each ray, as pygfx's gallery has it, drawn offscreen and read back."""
import hashlib

import numpy as np
import pygfx as gfx
from rendercanvas.offscreen import RenderCanvas


def main():
    canvas = RenderCanvas(size=(160, 120), pixel_ratio=1)
    renderer = gfx.renderers.WgpuRenderer(canvas)
    scene = gfx.Scene()
    grid = np.random.default_rng(4).random((24, 24, 24), dtype=np.float32)
    volume = gfx.Volume(gfx.Geometry(grid=gfx.Texture(grid, dim=3)), gfx.VolumeMipMaterial(clim=(0, 1)))
    scene.add(volume)
    camera = gfx.PerspectiveCamera(60, 4 / 3)
    camera.local.position = (12, 12, 60)

    def move(frame):
        volume.local.rotation = (0, np.sin(0.05 * frame), 0, np.cos(0.05 * frame))

    canvas.request_draw(lambda: renderer.render(scene, camera))
    digest = hashlib.sha256()
    for frame in range(6):
        move(frame)
        digest.update(np.asarray(canvas.draw()).tobytes())
    print(digest.hexdigest())


main()
