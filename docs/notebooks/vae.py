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
# # VAE의 잠재 공간 걷기
#
# - **무엇을 알게 되나** ELBO의 두 항이 서로 당기는 것을 보고, 잠재 변수 두 개짜리 VAE가 숫자를 어디에 두는지 압니다.
# - **먼저 알아야 할 것** 참고 글 [VAE, 식 하나씩](../answers/vae.md).
# - **읽는 시간** 10분. CPU에서 돌리면 1분쯤
#
# 이 노트북은 프로젝트가 쓴 참고 글이며, 모임의 누가 쓴 것이 아닙니다.
#
# 논문: Kingma & Welling (2014)

# %%
import torch

from studykit.autoencoders import latent_square
from studykit.datasets import digits
from studykit.evaluation import image_grid
from studykit.pretrained import load_vae

images, labels = digits("test")
vae = load_vae("vae-digits")
print(f"{len(images)} images that were not trained on, latent dimensions: {vae.network.latent}")

# %% [markdown]
# ## 되살리기
#
# 그림을 인코더에 넣어 $q_\phi(z \mid x)$의 가운데를 얻고, 디코더에 넣어 되살립니다. 위가 원래 그림, 아래가 되살린 그림입니다. 화소 64개가 값 **두 개**를 거쳐 왔습니다.

# %%
some = images[:16]
image_grid(torch.cat([some, vae.decode(vae.encode(some))]), columns=16, zoom=3)

# %% [markdown]
# 다른 숫자로 되살아난 것도 있습니다. 값 두 개로는 다 적지 못합니다.
#
# ## ELBO의 두 항
#
# 학습이 올린 것은 복원 항에서 KL 항을 뺀 값입니다(식 7). 단위는 nat이고 그림 하나의 평균입니다.

# %%
x = (images + 1) / 2
q = vae.network.encoder(x)
kl = q.kl_to_prior().mean().item()
bound = vae.bound(images).mean().item()
print(f"reconstruction {bound + kl:8.2f}\nKL             {kl:8.2f}\nELBO           {bound:8.2f}")

# %% [markdown]
# KL은 $z$가 실어 나르는 정보에 매긴 값입니다. 표본을 더 뽑아 조이면 로그 우도에 더 가까운 값이 됩니다(Burda et al., 2016).

# %%
for draws in (1, 10, 100):
    print(f"{draws:3d} draws   {vae.bound(images, draws).mean().item():8.2f}")

# %% [markdown]
# ## 숫자들이 있는 자리
#
# 시험 그림을 모두 인코더에 넣어 평면에 놓고, 가장 가까운 이웃이 같은 숫자인지 셉니다. 라벨은 배운 적이 없습니다.

# %%
z = vae.encode(images)
near = torch.cdist(z, z).fill_diagonal_(torch.inf).argmin(dim=1)
print(f"same digit as the nearest neighbour: {(labels[near] == labels).float().mean():.0%}")
for digit in range(10):
    middle = z[labels == digit].mean(dim=0)
    print(f"{digit}: z = ({middle[0]:5.2f}, {middle[1]:5.2f})")

# %% [markdown]
# ## 잠재 공간의 지도
#
# 사전 분포가 똑같이 자주 뽑는 자리 $20 \times 20$곳을 디코더에 넣습니다(부록 A).

# %%
image_grid(vae.decode(latent_square(20)), columns=20, zoom=3)

# %% [markdown]
# ## 한 숫자에서 다른 숫자로
#
# 두 그림의 $z$를 잇는 선 위를 걷습니다. 화소를 섞은 것(아래)과 견주어 보세요. 잠재 공간의 길(위) 위에는 언제나 숫자 비슷한 것이 있습니다.

# %%
start, end = images[labels == 0][0], images[labels == 3][0]
share = torch.linspace(0, 1, 12)[:, None]
z_0, z_1 = vae.encode(torch.stack([start, end]))
walk = vae.decode((1 - share) * z_0 + share * z_1)
mixed = (1 - share[..., None, None]) * start + share[..., None, None] * end
image_grid(torch.cat([walk, mixed]), columns=12, zoom=3)

# %% [markdown]
# ## 직접 학습하기: 잠재 변수를 늘리면
#
# 짧게 300걸음만 학습해 잠재 변수의 수를 바꿔 봅니다. KL이 커지고 복원이 좋아집니다. 어디서 멈추나요?

# %%
from dataclasses import replace

from studykit.autoencoders import default_vae_recipe, train_vae

recipe = default_vae_recipe("digits")
training = replace(recipe.training, steps=300, ema_decay=0.98)
for latent in (1, 2, 8):
    network = replace(recipe.network, latent=latent, hidden=200)
    trained = train_vae(digits("train")[:1], replace(recipe, network=network, training=training))
    kl = trained.network.encoder(x).kl_to_prior().mean().item()
    bound = trained.bound(images).mean().item()
    print(f"{latent} latent: reconstruction {bound + kl:8.1f}   KL {kl:5.1f}   ELBO {bound:8.1f}")

# %% [markdown]
# ## 이어서 해 보기
#
# ```sh
# studykit train vae --data digits
# studykit sample --pretrained vae-digits --out digits.png
# ```
#
# - 식이 어디서 나왔는지: [VAE, 식 하나씩](../answers/vae.md)
# - KL 항이 왜 있는지: [VAE의 KL 항과 pθ(z)의 의미](../answers/w01-q1.md)
