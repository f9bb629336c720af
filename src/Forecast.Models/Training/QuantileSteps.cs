using Forecast.Core.Distributions;
using static TorchSharp.torch;

namespace Forecast.Models.Training;

/// <summary>
/// Quantiles that cannot cross: the median, and each further one a positive step away from the one nearer to the median,
/// q_above = q_below + softplus(raw).
/// </summary>
public static class QuantileSteps
{
    /// <summary>Levels of every quantile head beside those of its task: the deciles and 0.05, 0.95.</summary>
    public static IReadOnlyList<double> BaseLevels { get; } = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95];

    /// <param name="raw">[.., K]; what stands at the median's place is not read.</param>
    /// <param name="median">[.., 1].</param>
    /// <param name="middle">Place of the median among the levels.</param>
    public static Tensor Quantiles(Tensor raw, Tensor median, int middle)
    {
        ArgumentNullException.ThrowIfNull(raw);
        using var scope = NewDisposeScope();
        List<Tensor> parts = [];
        if (middle > 0) parts.Add(median - raw.narrow(-1, 0, middle).softplus().flip(-1).cumsum(-1).flip(-1));
        parts.Add(median);
        var above = raw.shape[^1] - 1 - middle;
        if (above > 0) parts.Add(median + raw.narrow(-1, middle + 1, above).softplus().cumsum(-1));
        return cat(parts, -1).MoveToOuterDisposeScope();
    }

    /// <summary>What softplus turns into the steps of a normal law; 0 for the median.</summary>
    /// <param name="levels">Ascending, 0.5 among them.</param>
    /// <param name="deviation">Of the law.</param>
    public static float[] Normal(IReadOnlyList<double> levels, double deviation)
    {
        ArgumentNullException.ThrowIfNull(levels);
        var middle = levels.ToList().IndexOf(0.5);
        var raw = new float[levels.Count];
        for (var k = 0; k < raw.Length; k++)
        {
            if (k == middle) continue;
            var inner = k < middle ? k + 1 : k - 1;
            var step = deviation * Math.Abs(NormalDistribution.Quantile(levels[k]) - NormalDistribution.Quantile(levels[inner]));
            raw[k] = (float)Math.Log(Math.Exp(step) - 1);
        }

        return raw;
    }
}
