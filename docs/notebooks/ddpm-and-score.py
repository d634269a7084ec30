# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # DDPM과 스코어가 같은 것인지 재어 보기
#
# - **무엇을 알게 되나** DDPM의 사슬이 SDE를 잘게 자른 것이고, 잡음 예측이 곧 스코어라는 것을 숫자와 그림으로 확인합니다.
# - **먼저 알아야 할 것** 참고 글 [DDPM과 스코어, 한 표로](../answers/ddpm-and-score.md).
# - **읽는 시간** 10분. CPU에서 돌리면 1분쯤
#
# 이 노트북은 프로젝트가 쓴 참고 글이며, 모임의 누가 쓴 것이 아닙니다.
#
# ## 같은 잡음
#
# VP SDE의 $\alpha(t)$를 $T$개로 자르면 DDPM의 $\bar\alpha_t$가 됩니다. $\sqrt{\bar\alpha_t}$와 $\alpha(t)$의 차이, 그리고 $T \beta_t$와 $\beta(t)$의 차이를 잽니다.

# %%
import torch

from studykit.diffusion import DDPM, ScoreModel, VPSDE

sde = VPSDE()
for T in (10, 100, 1000):
    chain = sde.schedule(T)
    t = torch.arange(T + 1, dtype=torch.float64) / T
    alpha = (chain.alpha_bar.sqrt() - sde.alpha(t)).abs().max()
    beta = ((T * chain.beta[1:] - sde.beta(t[1:])) / sde.beta(t[1:])).abs().max()
    print(f"T = {T:4d}   alpha differs by {alpha:.1e}, beta by at most {beta:.1%}")

# %% [markdown]
# $\bar\alpha_t$는 언제나 같고, $\beta$는 자르는 수가 많을수록 가까워집니다.
#
# ## 같은 신경망
#
# 참 스코어를 아는 평면의 데이터로 두 모델을 만듭니다. 하나는 스코어를 그대로 쓰고, 하나는 $\epsilon_\theta = -\sigma s$로 바꾸어 DDPM에 넣습니다.

# %%
from studykit.datasets.toys import GAUSSIANS

T = 200
chain = sde.schedule(T)


def score(x, t):
    return GAUSSIANS.diffused(sde.alpha(t[0]).item(), sde.sigma(t[0]).item()).score(x)


def eps(x_t, step):
    t = step.double() / T
    return -sde.sigma(t)[:, None].to(x_t) * score(x_t, t).to(x_t)


continuous, discrete = ScoreModel(sde, score), DDPM(eps, chain)
x = torch.randn(4, 2, generator=torch.Generator().manual_seed(0))
for step in (1, 50, 200):
    t = torch.full((4,), step / T, dtype=torch.float64)
    gap = (continuous.score(x, t) - discrete.score(x, t)).abs().max()
    print(f"t = {step / T:.3f}   largest difference of the scores {gap:.1e}")

# %% [markdown]
# ## 같은 걸음
#
# DDPM의 되돌아오는 한 걸음(Ho et al. (2020), 식 11)과 역방향 SDE를 한 걸음 푼 것(Song et al. (2021), 식 6)은 $\beta_t^2$만큼만 다릅니다. 그래서 걸음을 반으로 줄이면 차이는 4분의 1이 됩니다.

# %%
def gap(T):
    chain, one = sde.schedule(T), torch.ones(1, 1, dtype=torch.float64)
    beta = chain.beta[T // 2]
    mean, _ = DDPM(lambda x, step: 0.3 * x, chain).p_mean_variance(one, torch.tensor([T // 2]))
    s = -0.3 / (1 - chain.alpha_bar[T // 2]).sqrt()
    return (mean - (1 + beta / 2 + beta * s)).abs().item()


for T in (250, 500, 1000, 2000):
    print(f"T = {T:4d}   difference {gap(T):.2e}   of the one before {gap(T) / gap(T // 2):.3f}")

# %% [markdown]
# ## 같은 그림
#
# 두 모델에서 같은 표본 추출기로, 같은 난수로 뽑습니다. 왼쪽이 연속, 오른쪽이 DDPM입니다.

# %%
from PIL import Image

from studykit.diffusion.samplers import ancestral, ddim
from studykit.evaluation import point_plot

T = 200
for sampler in (ancestral, ddim):
    a, b = (sampler(model, (2000, 2), T, seed=0) for model in (continuous, discrete))
    print(f"{sampler.__name__:10s} mean distance of the two samples {(a - b).norm(dim=1).mean():.4f}")
row = Image.new("L", (480, 240))
row.paste(point_plot(a, side=240), (0, 0))
row.paste(point_plot(b, side=240), (240, 0))
row

# %% [markdown]
# ## 배운 모델에서도
#
# 함께 온 두 모델은 같은 네트워크와 예산으로 Fashion-MNIST를 배웠습니다. 하나는 DDPM의 사슬로, 하나는 VP SDE로 배웠는데 같은 난수에서 출발하면 닮은 옷이 나옵니다. 위가 DDPM, 아래가 VP입니다.

# %%
from studykit.diffusion.samplers import dpm_solver
from studykit.evaluation import image_grid
from studykit.pretrained import load

images = [
    load(name).sample(8, seed=3, sampler=dpm_solver, steps=15)
    for name in ("ddpm-fashion-mnist", "vp-fashion-mnist")
]
image_grid(torch.cat(images), columns=8, zoom=2)

# %% [markdown]
# ## 이어서 해 보기
#
# - `dpm_solver`를 `ancestral`로 바꾸면 두 줄이 여전히 닮았나요? 걸으면서 더하는 잡음은 두 모델이 같습니다.
# - 숫자로 견준 보고서: [비교](../results/index.md)
# - 표와 증명: [DDPM과 스코어, 한 표로](../answers/ddpm-and-score.md)
