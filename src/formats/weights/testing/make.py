"""Writes the small files beside it with the programs whose formats are read (PyTorch, h5py, ONNX); values count up."""

import os
from collections import OrderedDict

import h5py
import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

here = os.path.dirname(os.path.abspath(__file__))
path = lambda name: os.path.join(here, name)
count = lambda *shape: torch.arange(int(np.prod(shape)), dtype=torch.float32).reshape(shape)

module = torch.nn.Sequential(torch.nn.Conv2d(2, 3, 3), torch.nn.BatchNorm2d(3))
with torch.no_grad():
    for value in module.state_dict().values():
        value.copy_(torch.arange(value.numel()).reshape(value.shape))
state = module.state_dict()
state["transposed"] = count(2, 3).t()
state["strided"] = count(4, 6)[1::2, 1::2]
state["shared"] = state["0.bias"]
state["half"] = torch.tensor([1.5, -2.0, 6e-8], dtype=torch.float16)
state["bfloat"] = torch.tensor([1.5, -2.0, 3e38], dtype=torch.bfloat16)
state["double"] = torch.tensor([0.1], dtype=torch.float64)
state["long"] = torch.tensor([-3, 2**40])
state["parameter"] = torch.nn.Parameter(count(2))
torch.save(state, path("state.pth"))
torch.save(state, path("state-legacy.pth"), _use_new_zipfile_serialization=False)
inner = OrderedDict(("module." + name, value) for name, value in list(state.items())[:6])
nested = {"epoch": 3, "optimizer": {"state": {0: {"step": torch.tensor(1.0)}}}, "model": inner, "best": 0.5}
torch.save(nested, path("checkpoint.pth"))
torch.save(module, path("whole-model.pth"))

with h5py.File(path("keras.h5"), "w") as file:
    for name in ("conv1", "bn1"):
        group = file.create_group("model_weights/%s/%s" % (name, name))
        for array in ("kernel:0", "bias:0") if name == "conv1" else ("gamma:0", "moving_mean:0"):
            shape = (3, 3, 2, 3) if array == "kernel:0" else (3,)
            group.create_dataset(array, data=np.arange(np.prod(shape), dtype="f4").reshape(shape))
    packed = file.create_group("model_weights/packed/packed")
    packed.create_dataset(
        "kernel:0",
        data=np.arange(7 * 5, dtype="f4").reshape(7, 5),
        chunks=(2, 3),
        compression="gzip",
        shuffle=True,
        fletcher32=True,
    )
    packed.create_dataset("bias:0", data=np.array([1, -2], ">i2"))
    packed.create_dataset("empty:0", shape=(3,), dtype="f8")
    file.create_group("optimizer_weights").create_dataset("iter:0", data=np.int64(4))
with h5py.File(path("keras3.weights.h5"), "w") as file:
    layers = {"conv2d": ("conv1", 2), "batch_normalization": ("bn1", 4), "batch_normalization_1": (b"bn2", 3)}
    for group, (name, arrays) in layers.items():
        variables = file.create_group("layers/%s/vars" % group)
        variables.attrs["name"] = np.bytes_(name) if isinstance(name, bytes) else name
        for i in range(arrays):
            variables.create_dataset(str(i), data=np.full(2, i, "f4"))
with h5py.File(path("newer.h5"), "w", libver="latest") as file:
    file.create_dataset("kernel", data=np.zeros(3, "f4"))

initializers = [
    numpy_helper.from_array(count(3, 2, 1, 1).numpy(), "conv1.weight"),
    helper.make_tensor("floats", TensorProto.FLOAT, [2, 2], [1.0, 2.0, 3.0, 4.5]),
    helper.make_tensor("halves", TensorProto.FLOAT16, [2], [1.5, -2.0]),
    helper.make_tensor("longs", TensorProto.INT64, [3], [-1, 2, 300]),
    helper.make_tensor("names", TensorProto.STRING, [1], [b"text"]),
]
graph = helper.make_graph([], "graph", [], [], initializers)
onnx.save(helper.make_model(graph), path("model.onnx"))
outside = numpy_helper.from_array(count(64).numpy(), "outside")
graph = helper.make_graph([], "graph", [], [], [outside])
onnx.save_model(
    helper.make_model(graph),
    path("outside.onnx"),
    save_as_external_data=True,
    location="outside.bin",
    size_threshold=0,
)
