namespace Forecast.Models.Garch;

/// <summary>Forms of the variance equation.</summary>
public enum VarianceFamily
{
    /// <summary>h_t = omega + Σ alpha_i e²_{t-i} + Σ beta_j h_{t-j} (Bollerslev 1986).</summary>
    Garch,

    /// <summary>The same with Σ gamma_i e²_{t-i} 1[e_{t-i} &lt; 0] added (Glosten, Jagannathan and Runkle 1993).</summary>
    Gjr,

    /// <summary>ln h_t = omega + Σ [alpha_i (|z_{t-i}| - E|z|) + gamma_i z_{t-i}] + Σ beta_j ln h_{t-j} (Nelson 1991).</summary>
    Egarch,

    /// <summary>σ_t^δ = omega + Σ alpha_i (|e_{t-i}| - gamma_i e_{t-i})^δ + Σ beta_j σ_{t-j}^δ (Ding, Granger and Engle 1993).</summary>
    Aparch,

    /// <summary>GARCH with Σ alpha + Σ beta = 1: the last beta is what the others leave (Engle and Bollerslev 1986).</summary>
    Igarch,

    /// <summary>h_t = omega/(1 - beta1) + Σ_{i≤1000} λ_i e²_{t-i}, λ from phi, d and beta1 (Baillie, Bollerslev and Mikkelsen 1996).</summary>
    Figarch,
}
