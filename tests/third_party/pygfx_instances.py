"""Many boxes of one geometry, each in its own place, as pygfx's gallery has it, drawn offscreen and read back."""
import hashlib

import numpy as np
import pygfx as gfx
from rendercanvas.offscreen import RenderCanvas


def main():
    canvas = RenderCanvas(size=(160, 120), pixel_ratio=1)
    renderer = gfx.renderers.WgpuRenderer(canvas)
    scene = gfx.Scene()
    boxes = gfx.InstancedMesh(gfx.box_geometry(0.2, 0.2, 0.2), gfx.MeshPhongMaterial(color="#88aa44"), 100)
    for i in range(100):
        matrix = np.eye(4, dtype=np.float32)
        matrix[:3, 3] = (i % 10 * 0.4 - 1.8, i // 10 * 0.4 - 1.8, 0)
        boxes.set_matrix_at(i, matrix)
    scene.add(boxes, gfx.AmbientLight(), gfx.DirectionalLight())
    camera = gfx.PerspectiveCamera(60, 4 / 3)
    camera.local.z = 4

    def move(frame):
        boxes.local.rotation = (np.sin(0.1 * frame), 0, 0, np.cos(0.1 * frame))

    canvas.request_draw(lambda: renderer.render(scene, camera))
    digest = hashlib.sha256()
    for frame in range(6):
        move(frame)
        digest.update(np.asarray(canvas.draw()).tobytes())
    print(digest.hexdigest())


main()
