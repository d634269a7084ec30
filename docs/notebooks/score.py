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
# # 스코어를 따라 걷기
#
# - **무엇을 알게 되나** 스코어가 무엇인지 그림으로 보고, 랑주뱅·역방향 SDE·확률 흐름을 같은 데이터에서 견줄 수 있습니다.
# - **먼저 알아야 할 것** 참고 글 [스코어 기반 모델, 해석과 식](../answers/score.md).
# - **읽는 시간** 10분. CPU에서 돌리면 1분쯤
#
# 이 노트북은 프로젝트가 쓴 참고 글이며, 모임의 누가 쓴 것이 아닙니다.
#
# 논문: Song et al. (2021)
#
# 평면 위의 정규분포 여덟 개를 데이터로 씁니다. 잡음을 섞은 분포도, 그 스코어도 정확히 아는 데이터라서 무엇이 맞고 틀린지 잴 수 있습니다.

# %%
import torch

from studykit.datasets.toys import GAUSSIANS, toy
from studykit.evaluation import point_plot

data = toy("gaussians", 5000, seed=0)
print(f"{len(GAUSSIANS.means)} Gaussians, {len(data)} points")
point_plot(data, side=240)

# %% [markdown]
# ## 스코어
#
# 스코어(score)는 $\nabla_x \log p(x)$, 곧 **확률이 가장 빨리 커지는 방향**입니다. 데이터 가까이에서는 가장 가까운 봉우리를 가리키고, 봉우리 위에서는 $0$입니다.

# %%
peak, right = GAUSSIANS.means[:1], torch.tensor([[0.1, 0.0]])
for name, x in (("on a peak", peak), ("to its right", peak + right), ("farther", peak + 2 * right)):
    print(f"{name:13s} {GAUSSIANS.score(x)[0].numpy().round(2) + 0.0}")

# %% [markdown]
# ## 랑주뱅 동역학: 옆 봉우리로 못 간다
#
# 스코어를 따라 조금 가고 잡음을 조금 더하기를 되풀이합니다(식 2). 한 봉우리에서 출발하면 그 봉우리만 채웁니다. 봉우리 사이에는 확률이 거의 없어 건너지 못하기 때문입니다.

# %%
torch.manual_seed(0)
x = GAUSSIANS.means[:1].repeat(2000, 1)
step = 0.001
for _ in range(300):
    x = x + step * GAUSSIANS.score(x) + (2 * step) ** 0.5 * torch.randn_like(x)
nearest = torch.cdist(x, GAUSSIANS.means).argmin(dim=1)
print(f"peaks reached: {len(nearest.unique())} of {len(GAUSSIANS.means)}")
point_plot(x, side=240)

# %% [markdown]
# ## 잡음을 섞으면 이어진다
#
# 시간 $t$에 따라 잡음을 섞는 SDE를 둡니다(식 11의 VP). 잡음이 커질수록 봉우리들이 하나로 합쳐지고, 끝에는 표준정규분포가 됩니다. 왼쪽부터 $t = 0.05, 0.2, 0.5, 1$입니다.

# %%
from PIL import Image

from studykit.diffusion import ScoreModel, VPSDE

sde = VPSDE()


def diffused(t):
    return GAUSSIANS.diffused(sde.alpha(t).item(), sde.sigma(t).item())


def side_by_side(pictures):
    row = Image.new("L", (sum(each.width for each in pictures), pictures[0].height))
    for i, each in enumerate(pictures):
        row.paste(each, (i * each.width, 0))
    return row


times = torch.tensor([0.05, 0.2, 0.5, 1.0], dtype=torch.float64)
side_by_side([point_plot(diffused(t).sample(3000), side=160) for t in times])

# %% [markdown]
# ## 거꾸로 가기: 두 가지 길
#
# 스코어를 알면 잡음에서 데이터로 되돌아올 수 있습니다. 역방향 SDE는 걸으면서 잡음을 더하고(식 6), 확률 흐름 ODE는 더하지 않습니다(식 13). 가는 길은 달라도 시간마다 분포는 같습니다. 왼쪽이 역방향 SDE, 오른쪽이 확률 흐름입니다.

# %%
from studykit.diffusion.samplers import heun, predictor_corrector

model = ScoreModel(sde, lambda x, t: diffused(t[0]).score(x))
backward = predictor_corrector(model, (2000, 2), 300, seed=0)
flow = heun(model, (2000, 2), 50, seed=0)
for name, x in (("data", data), ("reverse SDE", backward), ("probability flow", flow)):
    share = torch.cdist(x.double(), GAUSSIANS.means).argmin(dim=1).bincount() / len(x)
    print(f"{name:17s} std {x.std(dim=0).numpy().round(2)}   shares {share.numpy().round(2)}")
side_by_side([point_plot(x, side=240) for x in (backward, flow)])

# %% [markdown]
# 여덟 봉우리가 모두 나왔고 몫도 데이터와 비슷합니다. 랑주뱅만으로는 못 하던 일입니다.
#
# ## 확률도 잴 수 있다
#
# 확률 흐름을 데이터에서 잡음 쪽으로 풀면 로그 우도를 얻습니다(식 39). 참값을 아는 데이터라 견줄 수 있습니다.

# %%
from studykit.diffusion import likelihood

points = data[:5].double()
found = likelihood.log_likelihood(model, points)
for name, value in (("exact", GAUSSIANS.log_prob(points)), ("by the flow", found.nats)):
    print(f"{name:12s} {value.numpy().round(2)}")

# %% [markdown]
# ## 스코어를 모를 때: 배우기
#
# 실제로는 스코어를 모르니 신경망이 배웁니다(식 7, 잡음 제거 스코어 매칭). 작은 신경망을 1500걸음만 가르치고 참 스코어와 견줍니다. $t$가 작을수록, 곧 봉우리가 뾰족할수록 어렵습니다.

# %%
from dataclasses import replace

from studykit.diffusion import default_recipe, train_diffusion

recipe = default_recipe("vp", "gaussians")
recipe = replace(recipe, training=replace(recipe.training, steps=1500))
trained = train_diffusion((toy("gaussians", 10_000),), recipe)
for t in times:
    x = diffused(t).sample(1000, seed=1)
    with torch.no_grad():
        learned = trained.model.score(x.float(), t.repeat(1000))
    true = diffused(t).score(x)
    error = (learned - true).square().sum() / true.square().sum()
    print(f"t = {t:.2f}   relative squared error {error:.3f}")

# %%
learned = trained.sample(2000, seed=0, sampler=heun, steps=50)
point_plot(learned, side=240)

# %% [markdown]
# 여덟 봉우리가 아니라 고리가 나왔습니다. 위의 숫자가 말해 주듯 잡음이 큰 때의 스코어는 거의 맞혔지만, $t$가 작을 때의 뾰족한 스코어는 아직 배우지 못했습니다. 봉우리를 가르는 것은 마지막 걸음들입니다. `steps`를 늘려 보세요.
#
# ## 이어서 해 보기
#
# - `VPSDE`를 `VESDE(sigma_max=8.0)`이나 `SubVPSDE()`로 바꿔 보세요. 스코어를 아는 앞의 칸들은 그대로 돕니다.
# - `predictor_corrector`의 걸음을 300에서 30으로 줄이면 무엇이 먼저 무너지나요?
# - 식이 어디서 나왔는지: [스코어 기반 모델, 해석과 식](../answers/score.md)
