using static TorchSharp.torch;

namespace Forecast.Models.LstmMdn;

/// <summary>The exact negative log-likelihood of Gaussian mixtures.</summary>
public static class MixtureLoss
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>
    /// -ln sum_k pi_k N(y; mu_k, sigma_k), by log-sum-exp, so that an outcome far in the tail of every component costs its distance and
    /// not infinity.
    /// </summary>
    /// <param name="logPi">[B, H, k].</param>
    /// <param name="mu">[B, H, k].</param>
    /// <param name="sigma">[B, H, k], positive.</param>
    /// <param name="target">[B, H].</param>
    /// <returns>[B, H].</returns>
    public static Tensor NegativeLogLikelihood(Tensor logPi, Tensor mu, Tensor sigma, Tensor target)
    {
        ArgumentNullException.ThrowIfNull(logPi);
        ArgumentNullException.ThrowIfNull(mu);
        ArgumentNullException.ThrowIfNull(sigma);
        ArgumentNullException.ThrowIfNull(target);
        using var scope = NewDisposeScope();
        var z = (target.unsqueeze(-1) - mu) / sigma;
        return (logPi - sigma.log() - ((z * z) * 0.5) - HalfLogTwoPi).logsumexp(-1).neg().MoveToOuterDisposeScope();
    }

    /// <summary>Mean negative log-likelihood of a batch, plus <paramref name="regularise"/> times the sum of the squared logits.</summary>
    internal static Tensor Of(MixtureNetwork network, Tensor input, Tensor target, double regularise)
    {
        using var scope = NewDisposeScope();
        var (logits, mu, sigma) = network.Raw(input);
        var loss = NegativeLogLikelihood(logits.log_softmax(-1), mu, sigma, target).mean();
        if (regularise > 0) loss += (logits * logits).sum() * regularise;
        return loss.MoveToOuterDisposeScope();
    }
}
