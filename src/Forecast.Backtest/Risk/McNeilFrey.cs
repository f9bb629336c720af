using System.Text.Json.Serialization;
using Forecast.Core.Distributions;
using Forecast.Core.Numerics;

namespace Forecast.Backtest.Risk;

/// <summary>
/// Exceedance residuals (McNeil and Frey 2000): (r_t + ES_t) / s_t on the exceedances has mean 0 when ES is right and a negative one when
/// ES is too low; s_t is the forecast standard deviation, or ES_t where none is given.
/// </summary>
/// <remarks>
/// The bootstrap (Efron and Tibshirani 1993) resamples the residuals around their mean and counts how often t* = mean*/(sd*/sqrt n) is at
/// most t: it needs no law of the residuals. No exceedance leaves nothing to test; a single one has a mean and no spread, so no t.
/// </remarks>
public sealed record McNeilFrey
{
    private const int MostDraws = 5_000;

    /// <summary>Exceedances.</summary>
    [JsonPropertyName("n")]
    public required int Count { get; init; }

    /// <summary>What the residuals are divided by: <c>sigma</c> or <c>es</c>.</summary>
    [JsonPropertyName("scale")]
    public required string Scale { get; init; }

    [JsonPropertyName("mean")]
    public double? Mean { get; init; }

    /// <summary>Standard deviation with n - 1.</summary>
    [JsonPropertyName("sd")]
    public double? Deviation { get; init; }

    [JsonPropertyName("t")]
    public double? Statistic { get; init; }

    /// <summary>Student t with n - 1 degrees of freedom.</summary>
    [JsonPropertyName("p_two_sided_t")]
    public double? PTwoSided { get; init; }

    [JsonPropertyName("p_es_too_low_one_sided_t")]
    public double? PTooLow { get; init; }

    [JsonPropertyName("p_es_too_low_one_sided_normal")]
    public double? PTooLowNormal { get; init; }

    [JsonPropertyName("p_es_too_low_bootstrap")]
    public double? PBootstrap { get; init; }

    [JsonPropertyName("note")]
    public string? Note { get; init; }

    public static McNeilFrey Of(RiskSeries series, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(series);
        var shortfall = series.Shortfall ?? throw new ArgumentException("the series has no expected shortfall", nameof(series));
        var scale = series.Sigma ?? shortfall;
        double[] residuals = [.. Enumerable.Range(0, series.Length).Where(t => series.Hits[t]).Select(t => (series.Returns[t] + shortfall[t]) / scale[t])];
        var n = residuals.Length;
        var empty = new McNeilFrey { Count = n, Scale = series.Sigma is null ? "es" : "sigma" };
        if (n == 0) return empty with { Note = "no exceedance, so no residual" };
        var mean = residuals.Average();
        if (n == 1) return empty with { Mean = mean, Note = "one exceedance has no spread" };
        var deviation = Deviate(residuals, mean);
        if (deviation <= 1e-12 * Math.Abs(mean)) return empty with { Mean = mean, Deviation = 0, Note = "all residuals are equal" };
        var t = mean / (deviation / Math.Sqrt(n));
        var below = Tails.StudentBelow(t, n - 1);
        return empty with
        {
            Mean = mean,
            Deviation = deviation,
            Statistic = t,
            PTwoSided = 2 * Tails.StudentBelow(-Math.Abs(t), n - 1),
            PTooLow = below,
            PTooLowNormal = NormalDistribution.Cdf(t),
            PBootstrap = Bootstrap(residuals, mean, t, new RandomSource(Seeds.Derive(seed, "mcneil-frey"))),
        };
    }

    private static double Bootstrap(double[] residuals, double mean, double observed, RandomSource random)
    {
        var drawn = new double[residuals.Length];
        var draws = Math.Clamp(20_000_000 / residuals.Length, 500, MostDraws);
        var below = 0;
        for (var d = 0; d < draws; d++)
        {
            for (var i = 0; i < drawn.Length; i++) drawn[i] = residuals[random.NextInt(residuals.Length)] - mean;
            var center = drawn.Average();
            var spread = Deviate(drawn, center);
            var t = spread > 0 ? center / (spread / Math.Sqrt(drawn.Length)) : double.NegativeInfinity * -Math.Sign(center);
            if (t <= observed) below++;
        }

        return (1.0 + below) / (draws + 1);
    }

    private static double Deviate(double[] values, double mean) => Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
}
