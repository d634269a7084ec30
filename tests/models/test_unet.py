"""The UNet's shapes, its start, and the scale of its time."""

from __future__ import annotations

import math

import pytest
import torch

from studykit.networks import UNet, UNetConfig, time_embedding
from studykit.networks.layers import Dropout, UpsamplingConv, group_norm


def test_time_embedding_against_the_formula():
    embedding = time_embedding(torch.tensor([1, 500, 1000]), 8)
    for row, t in zip(embedding, (1, 500, 1000), strict=True):
        omega = [10000 ** (-k / 3) for k in range(4)]
        expected = [math.sin(t * w) for w in omega] + [math.cos(t * w) for w in omega]
        assert row.tolist() == pytest.approx(expected, abs=1e-4)


def test_the_time_scale_tells_neighbouring_steps_apart():
    steps = time_embedding(torch.arange(1, 1001), 32)
    neighbours = (steps[1:] - steps[:-1]).norm(dim=1)
    assert neighbours.min() > 0.5
    # The same steps as fractions of T, the usual mistake, nearly coincide.
    fractions = time_embedding(torch.arange(1, 1001) / 1000, 32)
    assert (fractions[1:] - fractions[:-1]).norm(dim=1).max() < 0.01


@pytest.mark.parametrize(
    ("size", "channels", "config"),
    [
        (8, 1, {}),
        (2, 1, {"attention": ()}),
        (14, 1, {"attention": (7, 14)}),
        (28, 1, {"multipliers": (1, 2, 2), "attention": (7,)}),
        (32, 3, {"multipliers": (1, 2, 2, 2), "attention": (16,)}),
        (28, 1, {"patch": 2, "attention": (7,)}),
    ],
)
def test_the_noise_has_the_images_shape(size, channels, config):
    network = UNet(
        UNetConfig(image_size=size, image_channels=channels, channels=8, blocks=1, **config)
    )
    x_t = torch.randn(2, channels, size, size)
    assert network(x_t, torch.tensor([1, 1000])).shape == x_t.shape


def test_an_untrained_network_predicts_no_noise():
    network = UNet(UNetConfig(channels=8))
    assert torch.equal(
        network(torch.randn(2, 1, 8, 8), torch.tensor([1, 2])), torch.zeros(2, 1, 8, 8)
    )


def test_every_weight_takes_part_and_time_and_place_matter():
    torch.manual_seed(0)
    network = UNet(UNetConfig(channels=8, attention=(4,)))
    for weight in network.parameters():  # away from the zeros of the start
        torch.nn.init.normal_(weight, std=0.3)
    x_t, t = torch.randn(2, 1, 8, 8), torch.tensor([3, 700])
    network(x_t, t).square().sum().backward()

    unused = [name for name, p in network.named_parameters() if not p.grad.abs().max() > 0]
    assert unused == []
    assert not torch.allclose(network(x_t, t), network(x_t, torch.tensor([4, 701])))
    # One example's output does not depend on its neighbours in the batch.
    torch.testing.assert_close(network(x_t, t)[:1], network(x_t[:1], t[:1]), rtol=1e-3, atol=1e-3)


def test_a_pixel_reaches_the_whole_image_and_back():
    torch.manual_seed(0)
    network = UNet(UNetConfig(channels=8, attention=(4,)))
    for weight in network.parameters():
        torch.nn.init.normal_(weight, std=0.3)
    x_t = torch.randn(1, 1, 8, 8, requires_grad=True)
    network(x_t, torch.tensor([5]))[0, 0, 0, 0].backward()
    assert (x_t.grad != 0).all()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"image_size": 9}, "halved"),
        ({"image_size": 9, "patch": 2}, "patches of 2"),
        ({"image_size": 28, "multipliers": (1, 2, 4), "patch": 2}, "halved"),
        ({"classes": -1}, "negative"),
        ({"first_step": 2}, "0 or 1"),
        ({"image_size": 12, "multipliers": (1, 2, 4, 8), "attention": ()}, "halved"),
        ({"channels": 6}, "multiple of 4"),
        ({"channels": 0}, "multiple of 4"),
        ({"attention": (16,)}, r"feature maps are \(8, 4\)"),
        ({"dropout": 1.0}, "dropout"),
        ({"blocks": 0}, "start at 1"),
        ({"multipliers": ()}, "level"),
    ],
)
def test_a_shape_that_cannot_be_built_is_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        UNetConfig(**wrong)


def test_group_norm_fits_any_width():
    # Four channels a group until the paper's 32 groups are reached, then as near as divides.
    widths = (4, 32, 48, 96, 128, 144, 160, 256, 272)
    groups = [group_norm(width).num_groups for width in widths]
    assert groups == [1, 8, 12, 24, 32, 24, 32, 32, 17]
    UNet(UNetConfig(channels=12, multipliers=(1, 3)))


def busy(network):
    """Move every weight away from the zeros of the start."""
    torch.manual_seed(0)
    for weight in network.parameters():
        torch.nn.init.normal_(weight, std=0.2)
    return network


def test_classes_matter_and_none_is_a_class_of_its_own():
    network = busy(UNet(UNetConfig(channels=8, classes=3)))
    x_t, t = torch.randn(1, 1, 8, 8).expand(4, 1, 8, 8), torch.full((4,), 10)
    told = network(x_t, t, torch.tensor([0, 1, 2, 3]))
    assert torch.pdist(told.flatten(1)).min() > 1e-3
    torch.testing.assert_close(network(x_t, t), told[3:].expand(4, 1, 8, 8))
    # A time may be a fraction.
    torch.testing.assert_close(network(x_t, t.double()), network(x_t, t))


def test_a_class_is_refused_by_a_network_without_classes():
    network = UNet(UNetConfig(channels=8))
    with pytest.raises(ValueError, match="no classes"):
        network(torch.zeros(1, 1, 8, 8), torch.tensor([1]), torch.tensor([0]))


def test_learned_variance_doubles_the_channels():
    network = UNet(UNetConfig(image_channels=3, channels=8, learned_variance=True, patch=2))
    assert network(torch.randn(2, 3, 8, 8), torch.tensor([1, 2])).shape == (2, 6, 8, 8)


def test_patches_go_back_where_they_came_from():
    # Without its inner layers the network is the first and the last convolution; as identities
    # they show that each pixel returns to its place.
    network = UNet(UNetConfig(image_channels=1, channels=4, multipliers=(1,), patch=2))
    for conv in (network.first, network.last[2]):
        torch.nn.init.dirac_(conv.weight)
        torch.nn.init.zeros_(conv.bias)
    x = torch.arange(64.0).reshape(1, 1, 8, 8)
    shuffled = network.first(torch.nn.functional.pixel_unshuffle(x, 2))
    assert shuffled[0, :, 0, 0].tolist() == [0, 1, 8, 9]

    # A change in one patch reaches no other place of the output but through the convolutions:
    # the gradient of a pixel is largest at the pixel.
    network.last[0], network.last[1] = torch.nn.Identity(), torch.nn.Identity()
    for layer in [*network.down, *network.middle, *network.up]:
        layer.forward = lambda h, time: h[:, :4]
    torch.testing.assert_close(network(x, torch.tensor([1])), x)


def test_the_digits_network_starts_from_the_weights_it_was_measured_with():
    # Results in the docs came from these numbers: building the layers in another order would
    # change what a seed means.
    torch.manual_seed(0)
    network = UNet(UNetConfig())
    total = sum(weight.double().abs().sum().item() for weight in network.parameters())
    assert total == pytest.approx(12835.485726933624, rel=1e-9)


@pytest.mark.parametrize("size", [1, 5, 8])
def test_upsampling_and_convolution_are_one_transposed_convolution(size):
    layer = busy(UpsamplingConv(5, 3)).double()
    upsample, conv = layer
    h = torch.randn(2, 5, size, size + 1, dtype=torch.float64, requires_grad=True)
    torch.testing.assert_close(layer(h), conv(upsample(h)))
    # So are the gradients, of the weights too.
    sought = [h, *layer.parameters()]
    fused = torch.autograd.grad(layer(h).square().sum(), sought)
    apart = torch.autograd.grad(conv(upsample(h)).square().sum(), sought)
    torch.testing.assert_close(fused, apart)


@pytest.mark.parametrize("p", [0.1, 0.5])
def test_dropout_drops_each_place_alike_and_keeps_the_mean(p):
    torch.manual_seed(0)
    layer = Dropout(p)
    h = torch.ones(400_001, requires_grad=True)
    out = layer(h)
    dropped = out == 0
    # Four neighbours come from one random number: each is dropped as often, and by itself.
    four = dropped[:-1].double().reshape(-1, 4)
    assert four.mean(0).tolist() == pytest.approx([p] * 4, abs=0.005)
    covariance = torch.cov(four.T)
    assert covariance.fill_diagonal_(0).abs().max() < 0.005
    torch.testing.assert_close(
        out[~dropped], torch.full_like(out[~dropped], 1 / (1 - p)), rtol=1e-4, atol=0
    )
    out.sum().backward()
    assert torch.equal(h.grad, out)

    assert not torch.equal(layer(h), out)
    assert torch.equal(layer.eval()(h), h)
    assert torch.equal(Dropout(0.0)(h), h)


def test_weights_that_count_from_zero_get_the_step_before():
    from_one = busy(UNet(UNetConfig(channels=8)))
    from_zero = busy(UNet(UNetConfig(channels=8, first_step=0)))
    x_t, t = torch.randn(3, 1, 8, 8), torch.tensor([2, 500, 1000])
    torch.testing.assert_close(from_zero(x_t, t), from_one(x_t, t - 1))
