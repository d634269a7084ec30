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
# # DDPM으로 숫자 그리기
#
# - **무엇을 알게 되나** DDPM을 8×8 손글씨 숫자로 처음부터 끝까지 학습하고, 뽑은 숫자가 알아볼 만한지와 베낀 것은 아닌지 재는 법을 압니다.
# - **먼저 알아야 할 것** 참고 글 [DDPM, 식 하나씩](../answers/ddpm.md).
# - **읽는 시간** 15분. CPU에서 돌리면 1분쯤
#
# 이 노트북은 프로젝트가 쓴 참고 글이며, 모임의 누가 쓴 것이 아닙니다.
#
# 논문: Ho et al. (2020)
#
# 확산 모델(diffusion model)은 그림에 잡음을 조금씩 섞어 완전한 잡음으로 만든 뒤, 그 길을 거꾸로 걷는 법을 배웁니다. 식 번호는 모두 논문의 번호이고, 걸음(step)은 논문처럼 $t = 1, \ldots, T$로 셉니다. $x_0$은 데이터입니다.

# %%
import torch

from studykit.datasets import digits
from studykit.diffusion import default_recipe, train_diffusion
from studykit.evaluation import DigitJudge, image_grid

images, labels = digits("train")
print(f"{len(images)} images of shape {tuple(images.shape[1:])}, in [{images.min():g}, {images.max():g}]")
image_grid(images[:40], columns=10)

# %% [markdown]
# ## 정방향 과정: 그림을 잡음으로
#
# 정방향 과정(forward process)은 걸음마다 값을 조금 줄이고 분산이 $\beta_t$인 정규 잡음을 더합니다(식 2). 배울 것은 없고, 얼마나 섞을지만 잡음 스케줄(noise schedule) $\beta_1, \ldots, \beta_T$로 정해 둡니다.
#
# $$q(x_t \mid x_{t-1}) = \mathcal{N}\left(x_t;\ \sqrt{1 - \beta_t}\, x_{t-1},\ \beta_t I\right)$$
#
# 독립인 두 정규 잡음을 더하면 다시 정규 잡음이므로, 중간을 거치지 않고 $x_0$에서 $x_t$로 한 번에 갈 수 있습니다(식 4). $\alpha_t = 1 - \beta_t$, $\bar\alpha_t = \prod_{s=1}^{t} \alpha_s$라고 하면
#
# $$x_t = \sqrt{\bar\alpha_t}\, x_0 + \sqrt{1 - \bar\alpha_t}\, \epsilon, \qquad \epsilon \sim \mathcal{N}(0, I)$$
#
# 논문은 $T = 1000$에 $\beta_t$를 $10^{-4}$에서 $0.02$까지 직선으로 늘립니다. 여기서는 걸음을 $250$개로 줄이는 대신 $\beta_t$를 네 배로 키웠습니다. 끝에 남는 신호 $\bar\alpha_T$는 거의 같고, 표본을 뽑는 시간은 4분의 1이 됩니다.

# %%
from dataclasses import replace

recipe = default_recipe("ddpm", "digits")
schedule = recipe.diffusion.chain
times = [0, 10, 25, 50, 75, 100, 150, 250]
for t in times:
    print(f"t = {t:3d}   alpha_bar = {schedule.alpha_bar[t]:.5f}")

# %%
from studykit.diffusion import DDPM

eps = torch.randn(6, 1, 8, 8, generator=torch.Generator().manual_seed(0))
forward = DDPM(lambda x_t, t: x_t, schedule)  # q_sample does not ask the network
rows = [forward.q_sample(images[:6], torch.full((6,), t), eps) for t in times]
image_grid(torch.stack(rows, dim=1).flatten(0, 1), columns=len(times))

# %% [markdown]
# 왼쪽 끝이 데이터($t = 0$), 오른쪽 끝이 $t = T$입니다. 마지막 열에서는 어느 숫자였는지 알 수 없습니다.
#
# ## 역방향 과정: 잡음을 그림으로
#
# 한 걸음이 충분히 작으면 거꾸로 가는 걸음도 정규분포에 가깝습니다. 그래서 역방향 과정(reverse process)을 평균만 배우는 정규분포로 둡니다(식 1).
#
# $$p_\theta(x_{t-1} \mid x_t) = \mathcal{N}\left(x_{t-1};\ \mu_\theta(x_t, t),\ \sigma_t^2 I\right)$$
#
# $x_0$을 안다면 정답은 닫힌 꼴로 나옵니다. 베이즈 정리로 얻는 정방향 과정의 사후 분포(posterior)입니다(식 6, 7).
#
# $$q(x_{t-1} \mid x_t, x_0) = \mathcal{N}\left(x_{t-1};\ \tilde\mu_t,\ \tilde\beta_t I\right), \qquad
# \tilde\mu_t = \frac{\sqrt{\bar\alpha_{t-1}}\, \beta_t}{1 - \bar\alpha_t} x_0 + \frac{\sqrt{\alpha_t}\,(1 - \bar\alpha_{t-1})}{1 - \bar\alpha_t} x_t, \qquad
# \tilde\beta_t = \frac{1 - \bar\alpha_{t-1}}{1 - \bar\alpha_t} \beta_t$$
#
# 첫 걸음에서는 $\bar\alpha_0 = 1$이므로 $\tilde\mu_1 = x_0$, $\tilde\beta_1 = 0$입니다. 이 첨자를 하나 밀려 쓰는 것이 흔한 실수입니다.
#
# DDPM의 신경망은 $x_0$이나 평균 대신 **섞인 잡음** $\epsilon$을 맞힙니다. 잡음을 알면 $x_0$도 평균도 정해집니다(식 11).
#
# $$\mu_\theta(x_t, t) = \frac{1}{\sqrt{\alpha_t}} \left( x_t - \frac{\beta_t}{\sqrt{1 - \bar\alpha_t}}\, \epsilon_\theta(x_t, t) \right)$$
#
# 손실은 변분 상한(variational bound)에서 걸음마다 붙는 가중치를 떼어 낸, 단순한 제곱 오차입니다(식 14).
#
# $$L_\text{simple}(\theta) = \mathbb{E}_{t, x_0, \epsilon} \left\| \epsilon - \epsilon_\theta\left(\sqrt{\bar\alpha_t}\, x_0 + \sqrt{1 - \bar\alpha_t}\, \epsilon,\ t\right) \right\|^2$$
#
# ## 학습
#
# 신경망은 작은 UNet(`studykit.networks.UNet`)입니다. 여기서는 기다리지 않도록 기본 설정보다 채널을 반으로, 걸음을 2,000에서 300으로 줄였습니다. 기본 설정은 명령 `studykit train ddpm --data digits`로 돌립니다. 손실이 1이면 아무것도 맞히지 못한다는 뜻입니다.

# %%
losses = []
recipe = replace(
    recipe,
    network=replace(recipe.network, channels=16),
    training=replace(recipe.training, steps=300, warmup=50, learning_rate=3e-3, ema_decay=0.98),
)
trained = train_diffusion((images,), recipe, on_step=lambda step: losses.append(step.loss))

part = len(losses) // 10
for start in range(0, len(losses), part):
    mean = sum(losses[start : start + part]) / part
    print(f"steps {start + 1:5d}-{start + part:5d}   mean loss {mean:.4f}")

# %% [markdown]
# ## 표본 뽑기
#
# 알고리즘 2(ancestral sampling)는 $x_T \sim \mathcal{N}(0, I)$에서 시작해 다음을 $t = T, \ldots, 1$에서 되풀이합니다.
#
# $$x_{t-1} = \mu_\theta(x_t, t) + \sigma_t z, \qquad z \sim \mathcal{N}(0, I)\ (t > 1), \quad z = 0\ (t = 1)$$
#
# 마지막 걸음에는 잡음을 더하지 않습니다. 분산은 $\sigma_t^2 = \beta_t$입니다. 논문은 $\tilde\beta_t$도 결과가 비슷했다고 적고 있으며, `variance = "beta_tilde"`로 바꿔 볼 수 있습니다.

# %%
from studykit.diffusion.samplers import ancestral, trajectory

walk = trajectory(ancestral, trained.model, (6, 1, 8, 8), steps=250, seed=1)
shown = [walk.states[250 - t] for t in reversed(times)]
image_grid(torch.stack(shown, dim=1).flatten(0, 1), columns=len(times))

# %% [markdown]
# 왼쪽에서 오른쪽으로 $t = 250 \to 0$입니다. 이제 200장을 50걸음으로 뽑아 앞의 100장을 봅니다. 사슬에서 사이를 뺀 것도 같은 꼴의 사슬이라 걸음을 건너뛸 수 있습니다. 대신 한 걸음이 커져 조금 거칠어집니다.

# %%
samples = trained.sample(200, seed=0, sampler=ancestral, steps=50)
image_grid(samples[:100])

# %% [markdown]
# ## 알아볼 만한 숫자인가
#
# 눈으로만 판단하지 않으려고, **진짜 숫자로만 배운 분류기**에게 묻습니다. 기준은 표본 200장 가운데 80 % 이상을 확신도(confidence) 0.9 이상으로 한 숫자라고 답하고, 열 가지 숫자가 모두 나오는 것입니다.
#
# 먼저 판정관 자신부터 확인합니다. 처음 보는 진짜 숫자를 얼마나 맞히는지, 숫자가 아닌 것(화소를 뒤섞은 숫자, 순수한 잡음)에는 확신하지 않는지를 봅니다. 그래야 이 기준이 무언가를 가려낸다고 말할 수 있습니다.

# %%
judge = DigitJudge()
print(f"accuracy on held-out digits: {judge.accuracy:.1%}")
print(f"confident on held-out digits: {judge.on_real.confident:.1%}")
print(f"confident on shuffled digits: {judge.on_shuffled.confident:.1%}")
print(f"confident on pure noise: {judge.on_noise.confident:.1%}")
print()
report = judge.judge(samples)
print(report)
print("recognisable" if report.recognisable else "not recognisable")

# %% [markdown]
# 짧게 배워서 기준에 못 미칩니다. 기본 설정으로 2,000걸음을 배우면 82 %쯤입니다([비교](../results/index.md)). 판정관이 확신하지 못한 표본은 이렇습니다.

# %%
highest, _ = judge.probabilities(samples).max(dim=1)
image_grid(samples[highest < 0.9][:30], columns=10)


# %% [markdown]
# ## 베낀 것은 아닌가
#
# 학습에 쓴 그림을 외워서 내놓아도 위 기준은 통과합니다. 그래서 표본마다 가장 가까운 학습 그림까지의 거리를 재고, 학습에 쓰지 않은 진짜 숫자에서 잰 거리와 견줍니다. 외웠다면 표본 쪽이 0에 가까워야 합니다.

# %%
def nearest(x):
    return torch.cdist(x.flatten(1), images.flatten(1)).min(dim=1).values


for name, x in (("samples", samples), ("held-out digits", digits("test").images)):
    quartiles = nearest(x).quantile(torch.tensor([0.25, 0.5, 0.75])).tolist()
    print(f"{name:16s}" + "   ".join(f"{q:.2f}" for q in quartiles))

# %% [markdown]
# 값은 사분위수(25 %, 50 %, 75 %)입니다.
#
# ## 이어서 해 보기
#
# ```sh
# studykit train ddpm --data digits --seed 1
# studykit sample runs/ddpm-digits/model.safetensors -n 25 --out digits.png
# ```
#
# 설정 파일로 논문의 스케줄을 그대로 쓸 수도 있습니다. `studykit train ddpm --data digits --config ddpm.toml`
#
# ```toml
# [diffusion]
# T = 1000
# beta_1 = 1e-4
# beta_T = 0.02
# ```
