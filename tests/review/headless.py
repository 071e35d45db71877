"""What each of these programs begins with: a device, a picture to draw into, a frame's end without a window."""
import hashlib
import sys

import wgpu

CLEAN = "clean" in sys.argv[1:]


def open_device():
    return wgpu.gpu.request_adapter_sync(power_preference="high-performance").request_device_sync()


def make_picture(device, width=256, height=256):
    return device.create_texture(label="picture", size=(width, height, 1), format="rgba8unorm",
                                 usage=wgpu.TextureUsage.RENDER_ATTACHMENT | wgpu.TextureUsage.COPY_SRC)


def end_frame(device):
    device._poll_wait()  # wgpu-py 0.32 declares on_submitted_work_done otherwise than its library


def print_picture(device, picture):
    pixels = device.queue.read_texture({"texture": picture}, {"bytes_per_row": picture.width * 4, "rows_per_image": picture.height},
                                       picture.size)
    print(hashlib.sha256(pixels).hexdigest())


def print_buffer(device, buffer):
    print(hashlib.sha256(device.queue.read_buffer(buffer)).hexdigest())
