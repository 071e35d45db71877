"""An image whose brightness changes, as pygfx's gallery has it, drawn offscreen and read back."""
import hashlib

import numpy as np
import pygfx as gfx
from rendercanvas.offscreen import RenderCanvas


def main():
    canvas = RenderCanvas(size=(160, 120), pixel_ratio=1)
    renderer = gfx.renderers.WgpuRenderer(canvas)
    scene = gfx.Scene()
    texels = np.random.default_rng(2).integers(0, 255, (64, 64), dtype=np.uint8)
    image = gfx.Image(gfx.Geometry(grid=gfx.Texture(texels, dim=2)), gfx.ImageBasicMaterial(clim=(0, 255)))
    scene.add(image)
    camera = gfx.OrthographicCamera(64, 64)
    camera.local.position = (32, 32, 0)

    def move(frame):
        image.material.clim = (0, 255 - 20 * frame)

    canvas.request_draw(lambda: renderer.render(scene, camera))
    digest = hashlib.sha256()
    for frame in range(6):
        move(frame)
        digest.update(np.asarray(canvas.draw()).tobytes())
    print(digest.hexdigest())


main()
