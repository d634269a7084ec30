"""Weights that others have published, and those that come with studykit, as models to sample.

```python
from studykit import pretrained

model = pretrained.load("google/ddpm-cifar10-32")
images = model.sample(16, progress=True)
```
"""

from studykit.pretrained.loading import load, load_run, load_vae, shipped
from studykit.pretrained.published import Pretrained

__all__ = ["Pretrained", "load", "load_run", "load_vae", "shipped"]
