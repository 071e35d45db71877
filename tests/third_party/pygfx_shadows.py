"""A torus that throws its shadow on a plane, as pygfx's gallery has it, drawn offscreen and read back."""
import hashlib

import numpy as np
import pygfx as gfx
from rendercanvas.offscreen import RenderCanvas


def main():
    canvas = RenderCanvas(size=(160, 120), pixel_ratio=1)
    renderer = gfx.renderers.WgpuRenderer(canvas)
    scene = gfx.Scene()
    ring = gfx.Mesh(gfx.torus_knot_geometry(1, 0.3, 64, 8), gfx.MeshPhongMaterial(color="#cc5533"))
    floor = gfx.Mesh(gfx.plane_geometry(8, 8), gfx.MeshPhongMaterial(color="#888888"))
    floor.local.z = -2
    ring.cast_shadow = floor.receive_shadow = True
    light = gfx.DirectionalLight(cast_shadow=True)
    light.local.position = (2, 2, 5)
    scene.add(ring, floor, light, gfx.AmbientLight())
    camera = gfx.PerspectiveCamera(60, 4 / 3)
    camera.local.z = 6

    def move(frame):
        ring.local.rotation = (0, np.sin(0.1 * frame), 0, np.cos(0.1 * frame))

    canvas.request_draw(lambda: renderer.render(scene, camera))
    digest = hashlib.sha256()
    for frame in range(6):
        move(frame)
        digest.update(np.asarray(canvas.draw()).tobytes())
    print(digest.hexdigest())


main()
