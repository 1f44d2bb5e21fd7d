"""Writes goldens.json: what mpmath (60 digits), SciPy and statsmodels say. Tests only read the file; this is how it was made.

pip install mpmath==1.4.1 scipy==1.17.1 statsmodels && python goldens.py
"""
import json
import math
import os

import mpmath as mp
import numpy as np
from scipy import integrate, special, stats
from statsmodels.stats.proportion import proportion_confint

mp.mp.dps = 60


def lower(a, b, x):
    """The continued fraction of DLMF 8.17.22, by Lentz."""
    c = mp.mpf(1)
    d = 1 / (1 - (a + b) * x / (a + 1))
    h = d
    for m in range(1, 200000):
        n = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        d = 1 / (1 + n * d)
        c = 1 + n / c
        h *= d * c
        n = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        d = 1 / (1 + n * d)
        c = 1 + n / c
        h *= d * c
        if abs(d * c - 1) < mp.mpf(10) ** -45:
            break
    log = a * mp.log(x) + b * mp.log1p(-x) - mp.loggamma(a) - mp.loggamma(b) + mp.loggamma(a + b)
    return mp.exp(log) * h / a


def both(a, b, x):
    a, b, x = mp.mpf(a), mp.mpf(b), mp.mpf(x)
    if x < (a + 1) / (a + b + 2):
        p = lower(a, b, x)
        return p, 1 - p
    q = lower(b, a, 1 - x)
    return 1 - q, q


for a, b, x in [(0.5, 20.5, 0.01), (37.5, 375.5, 0.12), (3.5, 17.5, 0.9)]:
    assert abs(both(a, b, x)[0] - mp.betainc(a, b, 0, x, regularized=True)) < mp.mpf(10) ** -40

out = {}

shapes = [(0.5, 0.5), (0.5, 20.5), (20.5, 0.5), (3.5, 17.5), (1, 1), (37.5, 375.5), (0.5, 100000.5), (5.5, 99995.5),
          (100.5, 99900.5), (50000.5, 50000.5), (4000.5, 96000.5), (1, 1000000)]
out["beta"] = []
for a, b in shapes:
    for p in [1e-12, 1e-6, 0.001, 0.025, 0.5, 0.975, 0.999, 1 - 1e-6]:
        near = mp.mpf(float(stats.beta.ppf(p, a, b)))
        low, high = near * (1 - mp.mpf("1e-6")), near * (1 + mp.mpf("1e-6"))
        if high >= 1:
            low, high = 1 - (1 - near) * (1 + mp.mpf("1e-6")), 1 - (1 - near) * (1 - mp.mpf("1e-6"))
        x = mp.findroot(lambda x: both(a, b, x)[0] - mp.mpf(p), (low, high), solver="anderson", tol=1e-50, verify=False)
        assert abs(both(a, b, x)[0] - mp.mpf(p)) < mp.mpf(p) * mp.mpf("1e-25")
        cdf, survival = both(a, b, float(x))
        out["beta"].append({"a": a, "b": b, "p": p, "quantile": float(x), "cdf": float(cdf), "survival": float(survival)})
out["log_beta"] = [{"a": a, "b": b, "value": float(mp.log(mp.beta(a, b)))} for a, b in shapes]
out["chi_square_survival"] = [
    {"x": x, "degrees": k, "value": float(mp.gammainc(mp.mpf(k) / 2, mp.mpf(x) / 2, mp.inf, regularized=True))}
    for k in [1, 2, 4, 9] for x in [0.01, 1, 3.841458820694124, 10, 30, 100, 500]]
out["normal_quantile"] = [
    {"p": p, "value": float(mp.findroot(lambda z: mp.log(mp.ncdf(z)) - mp.log(mp.mpf(p)), stats.norm.ppf(p)))}
    for p in [1e-100, 1e-20, 1e-10, 1e-5, 0.001, 0.025, 0.2, 0.8, 0.975, 0.999]]
out["student_quantile"] = [{"p": p, "degrees": k, "value": float(stats.t.ppf(p, k))} for p in [0.9, 0.975, 0.995] for k in [1, 2, 5, 30, 400]]

counts = [(0, 20), (1, 20), (37, 412), (5, 100000), (20, 20), (1000, 2000), (4000, 100000), (13, 17)]
out["jeffreys_interval"] = []
for k, n in counts:
    low, high = proportion_confint(k, n, method="jeffreys")
    out["jeffreys_interval"].append({"reached": k, "total": n, "low": 0 if k == 0 else float(low), "high": 1 if k == n else float(high)})

out["bar"] = []
for (k, n), bar in [((0, 20), 0.04), ((37, 412), 0.04), ((37, 412), 0.09), ((5, 100000), 0.0001), ((20, 20), 0.5), ((1000, 2000), 0.52)]:
    a, b = mp.mpf(k) + 0.5, mp.mpf(n - k) + 0.5
    t = mp.mpf(bar)
    _, met = both(a, b, t)
    density = lambda p: mp.exp((a - 1) * mp.log(p) + (b - 1) * mp.log1p(-p) - mp.log(mp.beta(a, b)))
    mode = a / (a + b)
    mp.mp.dps = 25
    parts = sorted({mp.mpf(0), t, *(min(t, max(mp.mpf(0), mode + s * mp.sqrt(mode * (1 - mode) / (n + 1)))) for s in range(-12, 13, 2))})
    build = mp.quad(lambda p: (t - p) * density(p) if p > 0 else 0, parts)
    mp.mp.dps = 60
    mean = a / (a + b)
    out["bar"].append({"reached": k, "total": n, "bar": bar, "probability": float(met), "acting": float(build), "leaving": float(build + mean - t)})


def log_mixture(k, n, a, b):
    return special.betaln(a + k, b + n - k) - special.betaln(a, b)


out["rate_sequence"] = []
for (k, n), bar in [((0, 100), 0.04), ((37, 412), 0.04), ((400, 10000), 0.04), ((3, 5), 0.5), ((900, 1000), 0.8)]:
    a, b = (1, (1 - bar) / bar) if bar <= 0.5 else (bar / (1 - bar), 1)
    # The mixture by quadrature instead of its closed form.
    peak = k / n
    value = lambda p: mp.exp(k * mp.log(p) + (n - k) * mp.log1p(-p) + (a - 1) * mp.log(p) + (b - 1) * mp.log1p(-p)) if 0 < p < 1 else 0
    spread = math.sqrt(max(peak * (1 - peak), 1 / n) / n)
    parts = sorted({mp.mpf(0), mp.mpf(1), *(min(mp.mpf(1), max(mp.mpf(0), mp.mpf(peak + s * spread))) for s in range(-20, 21, 2))})
    mp.mp.dps = 25
    mix = mp.log(mp.quad(value, parts)) - mp.log(mp.beta(a, b))
    mp.mp.dps = 60
    evidence = lambda p: float(mix - (k * mp.log(p) if k else 0) - (n - k) * mp.log1p(-p))
    from scipy.optimize import brentq
    wanted = math.log(20)
    low = 0 if k == 0 else brentq(lambda p: evidence(p) - wanted, 1e-12, peak, xtol=1e-15)
    high = brentq(lambda p: evidence(p) - wanted, max(peak, 1e-12), 1 - 1e-12, xtol=1e-15)
    out["rate_sequence"].append({"reached": k, "total": n, "about": bar, "low": low, "high": high, "log_evidence_at_bar": evidence(mp.mpf(bar))})

out["compare"] = []
for (ka, na), (kb, nb) in [((10, 200), (18, 190)), ((0, 50), (1, 60)), ((400, 10000), (450, 10000)), ((20, 20), (18, 20)), ((1, 5000), (9, 5000)), ((25000, 50000), (25300, 50000)), ((0, 5), (4000, 100000)), ((4000, 100000), (3, 9)), ((44, 97), (2, 4))]:
    A, B = stats.beta(ka + 0.5, na - ka + 0.5), stats.beta(kb + 0.5, nb - kb + 0.5)

    def over(f):
        # By the quantiles of A, so that the singularity at 0 goes away.
        # A step where one is far narrower is found by splitting the range.
        parts = np.linspace(0, 1, 33)
        return sum(integrate.quad(lambda u: f(A.ppf(u)), l, h, epsabs=1e-12, epsrel=1e-10, limit=300)[0] for l, h in zip(parts, parts[1:]))

    from scipy.optimize import brentq
    difference = [brentq(lambda d: over(lambda p: B.cdf(p + d)) - q, -1 + 1e-9, 1 - 1e-9, xtol=1e-10) for q in (0.025, 0.975)]
    ratio = [math.exp(brentq(lambda r: over(lambda p: B.cdf(p * math.exp(r))) - q, -20, 20, xtol=1e-9)) for q in (0.025, 0.975)]
    out["compare"].append({"a": [ka, na], "b": [kb, nb], "higher": over(lambda p: B.sf(p)), "difference": difference, "ratio": ratio})

out["best"] = []
for arms in [[(10, 200), (18, 190), (12, 210)], [(0, 40), (1, 40), (0, 38), (2, 41)], [(400, 10000), (450, 10000), (430, 10000), (445, 10000), (390, 10000)], [(1, 6), (4000, 100000), (30, 700)]]:
    D = [stats.beta(k + 0.5, n - k + 0.5) for k, n in arms]
    best, mean_of_best = [], 0
    for i, d in enumerate(D):
        others = lambda p: float(np.prod([e.cdf(p) for j, e in enumerate(D) if j != i]))
        best.append(integrate.quad(lambda u: others(d.ppf(u)), 0, 1, epsabs=1e-11, limit=2000)[0])
        mean_of_best += integrate.quad(lambda u: d.ppf(u) * others(d.ppf(u)), 0, 1, epsabs=1e-12, limit=2000)[0]
    out["best"].append({"arms": arms, "best": best, "loss": [mean_of_best - float(d.mean()) for d in D]})

out["sample_ratio"] = []
for totals, weights in [([5000, 5200], [1, 1]), ([100, 130, 95], [1, 1, 1]), ([900, 90, 10], [8, 1, 1]), ([3, 0], [1, 1])]:
    share = np.array(weights) / sum(weights)
    chi, p = stats.chisquare(totals, share * sum(totals))
    log = stats.dirichlet_multinomial.logpmf(totals, 100 * share, sum(totals)) - stats.multinomial.logpmf(totals, sum(totals), share)
    out["sample_ratio"].append({"totals": totals, "weights": weights, "chi_square": float(chi), "p": float(p), "always_valid_p": float(min(1, math.exp(-log)))})

out["two_arms"] = []
for (ka, kb), (wa, wb) in [((40, 60), (1, 1)), ((5, 20), (1, 1)), ((100, 30), (3, 1)), ((0, 8), (1, 1))]:
    w = wb / (wa + wb)
    k, n = kb, ka + kb
    a, b = 20 * w, 20 * (1 - w)
    # The beta-binomial's own probability over the binomial's.
    log = stats.betabinom.logpmf(k, n, a, b) - stats.binom.logpmf(k, n, w)
    out["two_arms"].append({"reached": [ka, kb], "weights": [wa, wb], "p": float(min(1, math.exp(-log)))})

# Post-stratification by hand, with NumPy: cells (a, b), counts, and shares of each dimension.
cells = [("google", "mobile", 40, 900), ("google", "desktop", 30, 300), ("mail", "mobile", 45, 200), ("mail", "desktop", 60, 300), ("x", "mobile", 1, 40)]
n = np.array([c[3] for c in cells], float)
k = np.array([c[2] for c in cells], float)
w = n / n.sum()
want = [(0, {"google": 0.8, "mail": 0.1, "x": 0.1}), (1, {"mobile": 0.5, "desktop": 0.5})]
for _ in range(5000):
    for i, shares in want:
        for value, share in shares.items():
            at = np.array([c[i] == value for c in cells])
            w[at] *= share / w[at].sum()
rate = float((w * k / n).sum())
each = w / n
variance = float((each**2 * (k * (1 - rate) ** 2 + (n - k) * rate**2)).sum())
kish = float(1 / (n * each**2).sum())
out["post_stratify"] = {"cells": cells, "rate": rate, "variance": variance, "kish": kish, "by_variance": rate * (1 - rate) / variance}

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "goldens.json"), "w") as f:
    json.dump(out, f, indent=1)
    f.write("\n")
