"""Configuration files: what is read, and what is said about mistakes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studykit.diffusion import ChainConfig, Recipe, default_recipe
from studykit.errors import ConfigError
from studykit.networks import UNetConfig
from studykit.training import TrainingConfig, config_from_dict, config_to_dict, read_config


def read(tmp_path, text):
    path = tmp_path / "ddpm.toml"
    path.write_text(text, encoding="utf-8")
    return read_config(path, Recipe())


def said(tmp_path, text):
    with pytest.raises(ConfigError) as caught:
        read(tmp_path, text)
    return str(caught.value).replace(str(tmp_path), "")


def test_what_the_file_leaves_out_keeps_its_default(tmp_path):
    assert read(tmp_path, "") == Recipe()
    config = read(
        tmp_path,
        """
        seed = 3
        [diffusion]
        T = 1000            # the paper's
        beta_1 = 1e-4
        beta_T = 0.02
        variance = "beta_tilde"
        [network]
        multipliers = [1, 2, 2]
        dropout = 0         # a whole number does for a number
        attention = []
        """,
    )
    assert config == Recipe(
        seed=3,
        diffusion=ChainConfig(T=1000, beta_1=1e-4, beta_T=0.02, variance="beta_tilde"),
        network=UNetConfig(multipliers=(1, 2, 2), dropout=0.0, attention=()),
    )
    assert isinstance(config.network.dropout, float)


def test_a_configuration_survives_plain_data():
    config = replace(Recipe(seed=5), training=TrainingConfig(steps=7, learning_rate=0.1))
    plain = config_to_dict(config)
    assert plain["training"]["steps"] == 7
    assert isinstance(plain["network"]["multipliers"], list)
    assert config_from_dict(plain, Recipe()) == config


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "seed = 0\n\n[training]\nstpes = 5\n",
            "/ddpm.toml:4: unknown key 'training.stpes'\n  mend: write 'steps'",
        ),
        (
            "[trainning]\nsteps = 5\n",
            "/ddpm.toml:1: unknown key 'trainning'\n  mend: write 'training'",
        ),
        (
            "# none is near\nzzz = 5\n",
            (
                "/ddpm.toml:2: unknown key 'zzz'\n"
                "  mend: the keys here are model, data, seed, diffusion, network, training"
            ),
        ),
        (
            '[training]\nsteps = 5\nlearning_rate = "fast"\n',
            (
                "/ddpm.toml:3: 'training.learning_rate' is 'fast', expected a number\n"
                "  mend: give 'learning_rate' a number"
            ),
        ),
        (
            "training.steps = 5.0\n",
            (
                "/ddpm.toml:1: 'training.steps' is 5.0, expected a whole number\n"
                "  mend: give 'steps' a whole number"
            ),
        ),
        (
            "seed = true\n",
            (
                "/ddpm.toml:1: 'seed' is True, expected a whole number\n"
                "  mend: give 'seed' a whole number"
            ),
        ),
        (
            "[network]\nmultipliers = [1, 'two']\n",
            (
                "/ddpm.toml:2: 'network.multipliers' is 'two', expected a whole number\n"
                "  mend: give 'multipliers' a whole number"
            ),
        ),
        (
            "[network]\nattention = 4\n",
            (
                "/ddpm.toml:2: 'network.attention' is 4, "
                "expected a list, each item a whole number\n"
                "  mend: give 'attention' a list, each item a whole number"
            ),
        ),
        (
            "[diffusion]\nvariance = 'gamma'\n",
            (
                "/ddpm.toml:2: 'diffusion.variance' is 'gamma', "
                "expected one of 'beta', 'beta_tilde', 'learned'\n"
                "  mend: give 'variance' one of 'beta', 'beta_tilde', 'learned'"
            ),
        ),
        (
            "training = 5\n",
            "/ddpm.toml:1: 'training' is 5, expected a table\n  mend: give 'training' a table",
        ),
        (
            "[network]\nimage_size = 9\n",
            (
                "/ddpm.toml:1: image_size = 9 cannot be halved so often: "
                "multipliers (1, 2) has too many levels\n  mend: change these values"
            ),
        ),
    ],
)
def test_a_mistake_is_placed_named_and_mended(tmp_path, text, message):
    assert said(tmp_path, text) == message


def test_a_table_is_read_as_the_kind_that_stands_there(tmp_path):
    path = tmp_path / "ve.toml"
    path.write_text("[diffusion]\nsigma_max = 12\n", encoding="utf-8")
    run = read_config(path, default_recipe("ve", "digits"))
    assert (run.model, run.diffusion.sigma_max, run.diffusion.sigma_min) == ("ve", 12.0, 0.01)
    path.write_text("[diffusion]\nbeta_T = 0.1\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"unknown key 'diffusion\.beta_T'"):
        read_config(path, default_recipe("ve", "digits"))


def test_a_schedule_that_cannot_be_is_a_mistake_in_the_file(tmp_path):
    assert said(tmp_path, "[diffusion]\nbeta_T = 2.0\n").startswith("/ddpm.toml:1: beta must be")


def test_what_is_no_toml_is_placed(tmp_path):
    message = said(tmp_path, "seed = 0\nsteps: 5\n")
    assert message.startswith("/ddpm.toml:2:6: no TOML: ")
    assert "mend: write `key = value`" in message
    # The end of the file, which tomllib gives no line for.
    assert said(tmp_path, "seed =").startswith("/ddpm.toml:1")


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ConfigError, match=r"absent\.toml: cannot be read"):
        read_config(tmp_path / "absent.toml", Recipe())
    (tmp_path / "latin.toml").write_bytes(b"seed = 0 # \xe9\n")
    with pytest.raises(ConfigError, match=r"latin\.toml: cannot be read"):
        read_config(tmp_path / "latin.toml", Recipe())
