"""Cosmos3 behind Triton."""
# ruff: noqa: E402 - the embedded interpreter knows no virtual environment: its folders have to be named before anything is imported

import os
import site

for _folder in filter(None, os.environ.get("KINORA_SITE_PACKAGES", "").split(os.pathsep)):
    site.addsitedir(_folder)  # minds .pth files too: editable installs are one

from kinora_diffusion.serving import serve
from kinora_engine.contract import Engine, Instance
from kinora_engine.triton import Boundary


class TritonPythonModel(Boundary):
    def load(self, instance: Instance) -> Engine:
        return serve(instance)
