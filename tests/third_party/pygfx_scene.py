"""A scene as pygfx's gallery has them: a lit, rotating mesh and a line, drawn offscreen and read back."""
import hashlib

import numpy as np
import pygfx as gfx
from rendercanvas.offscreen import RenderCanvas


def main():
    canvas = RenderCanvas(size=(160, 120), pixel_ratio=1)
    renderer = gfx.renderers.WgpuRenderer(canvas)
    scene = gfx.Scene()
    cube = gfx.Mesh(gfx.box_geometry(2, 2, 2), gfx.MeshPhongMaterial(color="#336699"))
    line = gfx.Line(gfx.Geometry(positions=np.array([[-2, -1, 2], [0, 1.5, 2], [2, -1, 2]], dtype=np.float32)),
                    gfx.LineMaterial(thickness=4, color="#ffaa00"))
    scene.add(cube, line, gfx.AmbientLight(), gfx.DirectionalLight())
    camera = gfx.PerspectiveCamera(70, 4 / 3)
    camera.local.z = 4
    canvas.request_draw(lambda: renderer.render(scene, camera))
    digest = hashlib.sha256()
    for frame in range(3):
        cube.local.rotation = (0, np.sin(0.2 * frame), 0, np.cos(0.2 * frame))
        digest.update(np.asarray(canvas.draw()).tobytes())
    print(digest.hexdigest())


main()
