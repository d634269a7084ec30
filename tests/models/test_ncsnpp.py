"""NCSN++ and DDPM++ against a second implementation, and their filters against diffusers'."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
import torch
from diffusers.models.downsampling import FirDownsample2D
from diffusers.models.upsampling import FirUpsample2D
from torch import nn
from torch.nn import functional as F

from studykit.networks import PRESETS, NCSNpp, NCSNppConfig
from studykit.networks.ncsnpp import (
    FourierFeatures,
    _FilterDouble,
    _FilterDoubleConv,
    _FilterHalf,
    _FilterHalfConv,
)
from studykit.pretrained.published import fill
from studykit.pretrained.score_sde import CONFIGS, _names

TINY = NCSNppConfig(image_size=8, channels=8, multipliers=(1, 2, 2), blocks=1, attention=(4,))


# --- a second implementation ----------------------------------------------------------------------
# After the description of the layers in score_sde_pytorch, whose names for the weights it has. It
# shares nothing with ours: it is one list of modules and an interpreter of it, with the filter as
# zeros between pixels and a plain convolution.


def resample(x, up, fir):
    if not fir:
        return x.repeat_interleave(2, 2).repeat_interleave(2, 3) if up else F.avg_pool2d(x, 2)
    if up:
        wide = x.new_zeros(*x.shape[:2], 2 * x.shape[2], 2 * x.shape[3])
        wide[:, :, ::2, ::2] = x
        return 4 * filtered(wide, (2, 1))
    return filtered(x, (1, 1))[:, :, ::2, ::2]


def filtered(x, pad):
    """Convolve each channel with (1, 3, 3, 1) in both directions, `pad` zeros before and after."""
    taps = torch.tensor([1, 3, 3, 1], dtype=x.dtype) / 8
    B, C, H, W = x.shape
    flat = F.pad(x, (*pad, *pad)).reshape(B * C, 1, H + sum(pad), W + sum(pad))
    out = F.conv2d(F.conv2d(flat, taps.reshape(1, 1, 4, 1)), taps.reshape(1, 1, 1, 4))
    return out.reshape(B, C, *out.shape[2:])


def norm(channels):
    return nn.GroupNorm(min(channels // 4, 32), channels, eps=1e-6)


def rescaled(c, total):
    return total / math.sqrt(2) if c.skip_rescale else total


class Res(nn.Module):
    def __init__(self, c, i, o, how=None):
        super().__init__()
        self.c, self.how = c, how
        self.GroupNorm_0, self.Conv_0 = norm(i), nn.Conv2d(i, o, 3, padding=1)
        self.Dense_0 = nn.Linear(4 * c.channels, o)
        self.GroupNorm_1, self.Conv_1 = norm(o), nn.Conv2d(o, o, 3, padding=1)
        if i != o or how:
            self.Conv_2 = nn.Conv2d(i, o, 1)

    def forward(self, x, temb):
        h = F.silu(self.GroupNorm_0(x))
        if self.how:
            x, h = (resample(each, self.how == "up", self.c.fir) for each in (x, h))
        h = self.Conv_0(h) + self.Dense_0(F.silu(temb))[..., None, None]
        h = self.Conv_1(F.silu(self.GroupNorm_1(h)))
        return rescaled(self.c, h + (self.Conv_2(x) if hasattr(self, "Conv_2") else x))


class Nin(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.W, self.b = nn.Parameter(torch.zeros(n, n)), nn.Parameter(torch.zeros(n))

    def forward(self, x):
        return torch.einsum("bchw,cd->bdhw", x, self.W) + self.b[:, None, None]


class Attn(nn.Module):
    def __init__(self, c, n):
        super().__init__()
        self.c, self.GroupNorm_0 = c, norm(n)
        self.NIN_0, self.NIN_1, self.NIN_2, self.NIN_3 = (Nin(n) for _ in range(4))

    def forward(self, x):
        h = self.GroupNorm_0(x)
        q, k, v = (each(h).flatten(2) for each in (self.NIN_0, self.NIN_1, self.NIN_2))
        share = torch.einsum("bcq,bck->bqk", q, k).div(math.sqrt(q.shape[1])).softmax(-1)
        return rescaled(self.c, x + self.NIN_3(torch.einsum("bqk,bck->bcq", share, v).view_as(x)))


class Holder(nn.Module):
    """A layer under a name, as in `all_modules.5.Conv2d_0.weight`."""

    def __init__(self, name, layer):
        super().__init__()
        self.add_module(name, layer)

    def forward(self, x):
        return next(self.children())(x)


class Frequencies(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.W = nn.Parameter(16 * torch.randn(n), requires_grad=False)


class Reference(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.c, self.program, self.modules_ = c, [], []
        n, top = c.channels, len(c.multipliers) - 1
        scales = torch.linspace(math.log(c.sigma_max), math.log(c.sigma_min), c.num_scales).exp()
        self.register_buffer("sigmas", scales)

        def add(what, layer):
            self.program.append(what)
            self.modules_.append(layer)

        embedded = n
        if c.embedding == "fourier":
            add("frequencies", Frequencies(n))
            embedded = 2 * n
        add("dense", nn.Linear(embedded, 4 * n))
        add("dense", nn.Linear(4 * n, 4 * n))
        add("first", nn.Conv2d(c.image_channels, n, 3, padding=1))
        kept, width, pyramid = [n], n, c.image_channels
        named = "Conv2d_0" if c.fir else "Conv_0"
        for level, times in enumerate(c.multipliers):
            for _ in range(c.blocks):
                add("res", Res(c, width, n * times))
                width = n * times
                if c.image_size >> level in c.attention:
                    add("attn", Attn(c, width))
                self.program.append("keep")
                self.modules_.append(None)
                kept.append(width)
            if level < top:
                add("res", Res(c, width, width, "down"))
                if c.progressive_input == "input_skip":
                    add("input_skip", Holder("Conv_0", nn.Conv2d(c.image_channels, width, 1)))
                if c.progressive_input == "residual":
                    add("input_residual", Holder(named, nn.Conv2d(pyramid, width, 3)))
                    pyramid = width
                self.program.append("keep")
                self.modules_.append(None)
                kept.append(width)
        add("res", Res(c, width, width))
        add("attn", Attn(c, width))
        add("res", Res(c, width, width))
        pyramid = None
        for level in reversed(range(top + 1)):
            for _ in range(c.blocks + 1):
                add("take", Res(c, width + kept.pop(), n * c.multipliers[level]))
                width = n * c.multipliers[level]
            if c.image_size >> level in c.attention:
                add("attn", Attn(c, width))
            if c.progressive == "output_skip" or (c.progressive == "residual" and level == top):
                add("norm", norm(width))
                out = c.image_channels if c.progressive == "output_skip" else width
                add("output_skip", nn.Conv2d(width, out, 3, padding=1))
            elif c.progressive == "residual":
                add("output_residual", Holder(named, nn.Conv2d(pyramid, width, 3)))
            pyramid = width
            if level:
                add("res", Res(c, width, width, "up"))
        if c.progressive != "output_skip":
            add("norm", norm(width))
            add("last", nn.Conv2d(width, c.image_channels, 3, padding=1))
        self.all_modules = nn.ModuleList(layer for layer in self.modules_ if layer is not None)

    def forward(self, x, t):
        c = self.c
        if c.embedding == "fourier":
            sigma, angle = t, t.log()[:, None] * self.all_modules[0].W * 2 * math.pi
        else:
            sigma, half = self.sigmas[t.long()], c.channels // 2
            angle = t.float()[:, None] * 10000 ** (-torch.arange(half) / (half - 1))
        temb = torch.cat([angle.sin(), angle.cos()], 1).to(x.dtype)
        first = True
        shown = h = x if c.centered else 2 * x - 1
        kept, output, normed = [], None, None
        for what, layer in zip(self.program, self.modules_, strict=True):
            if what == "dense":
                temb, first = layer(temb if first else F.silu(temb)), False
            elif what == "first":
                h = layer(h)
                kept.append(h)
            elif what == "res":
                h = layer(h, temb)
            elif what == "attn":
                h = layer(h)
            elif what == "keep":
                kept.append(h)
            elif what == "take":
                h = layer(torch.cat([h, kept.pop()], 1), temb)
            elif what == "input_skip":
                shown = resample(shown, False, c.fir)
                h = h + layer(shown)
            elif what == "input_residual":
                wide = filtered(shown, (2, 2)) if c.fir else F.pad(shown, (0, 1, 0, 1))
                conv = next(layer.children())
                shown = h = rescaled(c, h + F.conv2d(wide, conv.weight, conv.bias, stride=2))
            elif what == "norm":
                normed = F.silu(layer(h))
            elif what == "output_skip":
                small = layer(normed)
                if output is not None:
                    small = small + resample(output, True, c.fir)
                output = small
            elif what == "output_residual":
                conv = next(layer.children())
                if c.fir:
                    B, C, H, W = output.shape
                    wide = output.new_zeros(B, C, 2 * H + 3, 2 * W + 3)
                    wide[:, :, 2 : 2 * H + 2 : 2, 2 : 2 * W + 2 : 2] = output
                    wide = 4 * filtered(F.conv2d(wide, conv.weight), (1, 1))
                    wide = wide + conv.bias[:, None, None]
                else:
                    wide = resample(output, True, False)
                    wide = F.conv2d(wide, conv.weight, conv.bias, padding=1)
                output = h = rescaled(c, h + wide)
            elif what == "last":
                h = layer(normed)
        h = output if c.progressive == "output_skip" else h
        return h / sigma[:, None, None, None] if c.scale_by_sigma else h


def random_reference(config):
    """Weights away from their start, so that every one of them matters."""
    reference = Reference(config)
    with torch.no_grad():
        for weight in (p for p in reference.parameters() if p.requires_grad):
            nn.init.normal_(weight, std=weight[0].numel() ** -0.5 if weight.ndim > 1 else 0.3)
    return reference.eval()


def loaded(reference):
    network = NCSNpp(reference.c)
    tensors = {k: v for k, v in reference.state_dict().items() if k != "sigmas"}
    names = _names(network)
    if "sigmas" in names:
        tensors["sigmas"] = reference.sigmas
    fill(network, names, tensors, file="reference")
    return network


@pytest.mark.parametrize("progressive", ["none", "output_skip", "residual"])
@pytest.mark.parametrize("progressive_input", ["none", "input_skip", "residual"])
@pytest.mark.parametrize("fir", [True, False])
def test_every_combination_is_the_same_function(progressive, progressive_input, fir):
    torch.manual_seed(0)
    config = replace(TINY, fir=fir, progressive=progressive, progressive_input=progressive_input)
    reference = random_reference(config)
    network = loaded(reference)
    x, sigma = torch.rand(3, 3, 8, 8), torch.tensor([0.01, 1.0, 50.0])
    torch.testing.assert_close(network(x, sigma), reference(x, sigma), rtol=1e-4, atol=5e-5)


@pytest.mark.parametrize(
    "options",
    [
        {"embedding": "positional"},  # the noise scales by their number, from the largest on
        {"embedding": "positional", "scale_by_sigma": False, "centered": True, "fir": False},
        {"scale_by_sigma": False, "skip_rescale": False},
        {"blocks": 2, "attention": (8, 2), "image_channels": 1},
    ],
)
def test_other_options_are_the_same_function(options):
    torch.manual_seed(0)
    reference = random_reference(replace(TINY, **options))
    network = loaded(reference)
    x = torch.randn(3, reference.c.image_channels, 8, 8)
    t = torch.tensor([1.0, 3.0, 999.0])
    torch.testing.assert_close(network(x, t), reference(x, t), rtol=1e-4, atol=5e-5)


@pytest.mark.parametrize("name", list(CONFIGS))
def test_every_published_configuration_has_the_weights_of_its_layout(name):
    # On the device "meta" a network has names and shapes but no numbers: the large ones cost
    # nothing.
    with torch.device("meta"):
        loaded(Reference(CONFIGS[name].network))


def test_the_filters_are_diffusers():
    torch.manual_seed(0)
    h = torch.randn(2, 5, 6, 6)
    torch.testing.assert_close(_FilterHalf()(h), FirDownsample2D(5, 5)(h))
    torch.testing.assert_close(_FilterDouble()(h), FirUpsample2D(5, 5)(h))
    for ours, theirs in (
        (_FilterHalfConv(5, 3), FirDownsample2D(5, 3, use_conv=True)),
        (_FilterDoubleConv(5, 3), FirUpsample2D(5, 3, use_conv=True)),
    ):
        ours.load_state_dict(theirs.Conv2d_0.state_dict())
        torch.testing.assert_close(ours(h), theirs(h))


def test_frequencies_do_not_train_and_tell_noise_scales_apart():
    torch.manual_seed(0)
    features = FourierFeatures(128, scale=16.0)
    assert list(features.parameters()) == []
    sigmas = torch.logspace(-2, math.log10(50), 1000)
    embedded = features(sigmas.log())
    assert embedded.square().sum(1).allclose(torch.tensor(128.0))
    # Neighbours among a thousand noise scales are far apart, and not only neighbours.
    assert torch.pdist(embedded[::50]).min() > 5
    assert (embedded[1:] - embedded[:-1]).norm(dim=1).min() > 2


@pytest.mark.parametrize("name", ["ncsnpp_cifar10", "ddpmpp_cifar10", "ncsnpp_256"])
def test_an_untrained_network_says_nothing_and_trains(name):
    torch.manual_seed(0)
    small = {"channels": 8, "blocks": 1, "image_size": 64, "attention": (16,)}
    network = NCSNpp(replace(PRESETS[name], **small))
    x, t = torch.rand(2, 3, 64, 64), torch.tensor([1.0, 20.0])
    assert torch.equal(network(x, t), torch.zeros_like(x))

    for weight in network.parameters():  # away from the zeros of the start
        nn.init.normal_(weight, std=0.1)
    network(x, t).square().sum().backward()
    unused = [name for name, p in network.named_parameters() if not p.grad.abs().max() > 0]
    assert unused == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"image_size": 36}, "halved"),
        ({"channels": 6}, "multiple of 4"),
        ({"attention": (64,)}, "feature maps are"),
        ({"blocks": 0}, "start at 1"),
        ({"multipliers": ()}, "level"),
        ({"dropout": 1.0}, "dropout"),
        ({"embedding": "learned"}, "must be one of"),
        ({"progressive": "input_skip"}, "must be one of"),
        ({"sigma_min": 60.0}, "sigma_min"),
    ],
)
def test_a_shape_that_cannot_be_built_is_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        NCSNppConfig(**wrong)
